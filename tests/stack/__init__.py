"""Servers of their own for tests, each on a free port of this machine, gone when they are stopped."""
