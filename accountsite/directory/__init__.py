"""Looking after the users of the tenant, inside of Django admin."""
