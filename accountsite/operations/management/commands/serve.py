"""`manage.py serve` is what the image runs: the site, and nothing that could be forgotten."""

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    """Serves the site with gunicorn, in this very process, as gunicorn.conf.py says."""

    help = "Serves the site on $PORT, or on port 8000 of this machine."

    def handle(self, *args: object, **options: object) -> None:
        """Become gunicorn. Raises CommandError if the database is out of reach or out of date."""
        try:
            if settings.MIGRATE_AT_START:
                call_command("migrate", interactive=False)
            elif is_database_behind():
                raise CommandError(
                    "The database is not up to date. Run `manage.py migrate` first, or start "
                    "with ACCOUNTSITE_MIGRATE=1."
                )
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database of DATABASE_URL can't be used: {reason}") from error
        connection.close()
        sys.stdout.flush()
        # One stream, in order: containers and systemd read both, but some look at one only.
        os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
        os.chdir(settings.BASE_DIR)  # where gunicorn.conf.py is looked for
        arguments = [sys.executable, "-m", "gunicorn", "accountsite.wsgi"]
        os.execv(sys.executable, arguments)  # noqa: S606 - no shell, and nothing from outside


def is_database_behind() -> bool:
    """Whether this version of the site brings migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
