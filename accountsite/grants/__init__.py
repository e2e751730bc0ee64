"""The apps that a person let in, and what they may do."""
