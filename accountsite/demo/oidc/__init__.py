"""The tenant's OpenID Connect half: sign-in, tokens, sessions, and their end."""
