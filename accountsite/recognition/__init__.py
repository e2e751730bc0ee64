"""Devices that a person has signed in from before, and the mail about a new one."""
