"""The organizations and roles of a person."""
