"""Everything that is held about a person, in one file."""
