"""What is wrong with this site or its tenant, and the sentence that mends it.

`manage.py doctor` and a page of the admin show it. A check is a function of `checks`, which
`catalogue` gives its name and its place; `examination` runs them.
"""
