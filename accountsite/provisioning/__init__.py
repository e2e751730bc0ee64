"""Setting the tenant up for this site: what `manage.py provision` does, and undoes."""
