"""The end of an account, and the days in which it can be kept.

`services` is what a person asks for: that their account be deleted, or kept. `endings` carries it out
when the days are over, step by step, and `traces` knows what there is of a person on this site.
"""
