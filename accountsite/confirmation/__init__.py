"""Confirm it's you: a fresh proof before anything that a thief of an open browser would want.

Views that need one wear `recently_confirmed`. What was interrupted goes on by itself.
"""
