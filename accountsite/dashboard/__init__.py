"""The admin's first page, everything about one person, and what the site itself is doing.

It is Django's admin site with three pages more: see `site`.
"""
