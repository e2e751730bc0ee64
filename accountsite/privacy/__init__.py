"""What is kept about a person: to see, to take along, and to do away with.

The custom data is changed here; the copy of everything is made by `exports`.
"""
