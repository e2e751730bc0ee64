"""What operators need: health, logs, checks."""

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from accountsite.operations import migrating


class Operations(AppConfig):
    """The app whose system checks guard the deployment."""

    name = "accountsite.operations"
    label = "operations"

    def ready(self) -> None:
        """Look after migrations."""
        pre_migrate.connect(migrating.without_time_limit)
