"""Where a person is signed in, and the end of it."""
