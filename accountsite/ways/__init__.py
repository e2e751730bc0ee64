"""Which ways to sign in an account has, and that one of them always stays."""
