"""Organizations that a person is in or invited to, and the roles that they have there and here."""
