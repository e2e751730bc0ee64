"""`manage.py clearsessions`, as Django's own sessions have it."""

from typing import Any

from django.core.management.base import BaseCommand

from accountsite.signin.session_store import SessionStore


class Command(BaseCommand):
    """Removes sessions that ended or expired more than a day ago."""

    help = "Removes sessions that ended or expired more than a day ago. Run it daily."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Remove them."""
        SessionStore.clear_expired()
