"""`manage.py serve` is what the image runs: the site, and nothing that could be forgotten."""

import gc
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
        let_go_of_database()
        sys.stdout.flush()
        # One stream, in order: containers and systemd read both, but some look at one only.
        os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
        exposition.share()
        # What was loaded by now is shared by all processes, as long as nobody touches it.
        gc.collect()
        gc.freeze()
        # In the demo there is nothing for a worker to do: its tasks run at once.
        if settings.WORKER and not settings.ACCOUNTSITE_DEMO:
            sys.exit(processes.run(serve, work))
        serve()


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


def let_go_of_database() -> None:
    """Leave no connection that two processes would use, and no thread that none of them would have."""
    connection.close()
    if close_pool := getattr(connection, "close_pool", None):
        close_pool()


def serve() -> None:
    """Be gunicorn, until it is told to end."""
    from gunicorn.app import wsgiapp  # noqa: PLC0415 - nobody else has a use for it

    os.chdir(settings.BASE_DIR)  # where gunicorn.conf.py is looked for
    sys.argv = ["gunicorn", "accountsite.wsgi"]  # gunicorn asks the command line
    wsgiapp.run()


def work() -> None:
    """Be the worker, until it is told to end."""
    call_command("worker")
