"""The tenant's Account API: what people change themselves, with their own access tokens."""
