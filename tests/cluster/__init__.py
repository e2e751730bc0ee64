"""Several processes of the site at once, and what happens when one of them dies."""
