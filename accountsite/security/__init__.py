"""The password, and the second step of signing in."""
