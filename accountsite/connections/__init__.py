"""Accounts elsewhere that one signs in with: social and enterprise identities."""
