"""Organizations that would be left without an admin: the rule, for whoever ends a membership."""
