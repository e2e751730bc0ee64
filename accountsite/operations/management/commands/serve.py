"""`manage.py serve` is what the image runs: the site, and nothing that could be forgotten."""

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accountsite.operations import exposition, processes


class Command(BaseCommand):
    """Serves the site with gunicorn, as gunicorn.conf.py says, and the worker beside it."""

    help = "Serves the site on $PORT, or on port 8000 of this machine."
    requires_system_checks = ()  # some ask the database, so it comes first

    def handle(self, *args: object, **options: object) -> None:
        """Become the site. Raises CommandError if something must be done first."""
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            raise CommandError("There are no static files. Run `manage.py collectstatic` first.")
        try:
            prepare_database()
            self.check()
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database of DATABASE_URL can't be used: {reason}") from error
        connection.close()
        sys.stdout.flush()
        # One stream, in order: containers and systemd read both, but some look at one only.
        os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
        os.chdir(settings.BASE_DIR)  # where gunicorn.conf.py is looked for
        exposition.share()
        # In the demo there is nothing for a worker to do: its tasks run at once.
        with_worker = settings.WORKER and not settings.ACCOUNTSITE_DEMO
        command = processes.BOTH if with_worker else processes.SITE
        os.execv(sys.executable, command)  # noqa: S606 - no shell, and nothing from outside


def prepare_database() -> None:
    """Bring it up to date if the operator wants that. Raises CommandError if they must do it."""
    if settings.MIGRATE_AT_START:
        call_command("migrate", interactive=False)
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is not up to date. Run `manage.py migrate` first, or start with "
            "ACCOUNTSITE_MIGRATE=1."
        )
