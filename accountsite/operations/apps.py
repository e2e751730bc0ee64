"""What operators need: health, logs, checks."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import pre_migrate

from accountsite.operations import checks, migrating, starting, work


class Operations(AppConfig):
    """The app whose system checks guard the deployment."""

    name = "accountsite.operations"
    label = "operations"

    def ready(self) -> None:
        """Check set-ups, look after migrations, and know what each thread works for."""
        pre_migrate.connect(migrating.without_time_limit)
        for check in (checks.shared_cache, checks.local_disk):
            register(check)
        work.listen()
        starting.program()
