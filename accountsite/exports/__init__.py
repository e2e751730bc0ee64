"""A copy of all that is held about a person, here and at Logto, for them to take along.

`parts` reads it, `archive` makes a file of it, `building` does both in a task, and `services` is
what a page, or the end of an account, asks for.
"""
