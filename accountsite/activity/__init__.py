"""What happened to an account, for its owner to look through, and what to do about it."""
