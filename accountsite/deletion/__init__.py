"""The end of an account, and the days in which it can be kept."""
