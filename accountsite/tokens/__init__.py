"""Personal access tokens: shown once, then known by their names."""
