"""Profile: name, picture, the tenant's profile fields, and how a person likes this site."""
