"""Accounts elsewhere: connecting them, going without them, and the access that is kept of them."""
