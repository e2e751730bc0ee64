"""What operators need: health, logs, checks."""

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from accountsite.operations import migrating, work

class Operations(AppConfig):
    """The app whose system checks guard the deployment."""

    name = "accountsite.operations"
    label = "operations"

    def ready(self) -> None:
        """Look after migrations, and know what each thread works for."""
        pre_migrate.connect(migrating.without_time_limit)
        work.listen()
