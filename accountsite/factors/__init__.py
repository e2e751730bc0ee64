"""The second steps that a person has, and what keeps them from losing the wrong one."""
