"""The mail a person gets when something about their security changes.

Services call `delivery.announce` after the change; a mail that fails undoes nothing.
"""
