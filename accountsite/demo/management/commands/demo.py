"""`manage.py demo`: the site and a tenant for it, on this machine."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from accountsite.demo import launch, production
from accountsite.demo.credentials import Credentials


class Command(BaseCommand):
    help = "Runs the site together with a Logto-compatible tenant, to try both."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the site (%(default)s)")
        parser.add_argument(
            "--tenant-port", type=int, default=3301, help="of the tenant (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped. Raises CommandError where a demo has no place or can't run."""
        if not settings.ACCOUNTSITE_DEMO:
            raise CommandError("Run the demo as `python manage.py demo`.")
        if sign := production.sign(os.environ):
            raise CommandError(f"This looks like production: {sign}. The demo does not start here.")
        plan = launch.Plan(
            port=options["port"],
            tenant_port=options["tenant_port"],
            credentials=_credentials(),
            resource=settings.LOGTO_MANAGEMENT_API_RESOURCE,
            data=settings.DATA_DIR,
            environment={"SECRET_KEY": settings.SECRET_KEY},
        )
        try:
            launch.run(plan, prepare=self._prepare, say=self.stdout.write)
        except launch.UnableToRun as problem:
            raise CommandError(str(problem)) from problem

    def _prepare(self) -> None:
        """The database and the static files, as before any start of the site."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)


def _credentials() -> Credentials:
    """Those that the site's settings hold, and new ones for what the site does not know."""
    return Credentials(
        client_id=settings.LOGTO_APP_ID,
        client_secret=settings.LOGTO_APP_SECRET,
        m2m_client_id=settings.LOGTO_M2M_APP_ID,
        m2m_client_secret=settings.LOGTO_M2M_APP_SECRET,
        roleless_client_secret=secrets.token_urlsafe(24),
        webhook_signing_key=secrets.token_urlsafe(24),
    )
