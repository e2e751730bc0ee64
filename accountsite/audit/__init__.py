"""Who changed what, when and from where: written before a change, completed after it, kept.

Services write with `trail.change`; `actions` lists what can be written.
"""
