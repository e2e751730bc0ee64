"""Coming from another app to one page of this site, and back.

`targets` knows which hosts people may be sent back to, `returns` remembers who goes back where after
which task, and `visits` how the app that they came from speaks and looks. docs/links.md is for those
who write such links.
"""
