"""What `make check` looks for beside the tools that have names of their own, and its tests."""
