"""Passkeys: added, named and removed.

Only the Account API adds and names them, with the person's own token; the Management API removes.
"""
