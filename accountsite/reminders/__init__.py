"""Mails before a personal access token expires, for those that were created here."""
