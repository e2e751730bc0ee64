"""What others can hear of a sign-in. What they do with it keeps nobody from signing in."""

from django.dispatch import Signal

signed_in = Signal()
"""Sent after somebody signed in, for the first time or again, with their `account`."""
