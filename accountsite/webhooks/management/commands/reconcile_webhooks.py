"""`manage.py reconcile_webhooks`: what did not arrive is fetched."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accountsite.logto import errors, hooks
from accountsite.webhooks import reconciling


class Command(BaseCommand):
    """Asks Logto what it sent, and takes what did not arrive. The worker does it regularly."""

    help = "Fetches the webhooks that Logto sent and that did not arrive."

    def handle(self, *args: Any, **options: Any) -> None:
        """Catch up, and tell how many; say what is wrong with the setup."""
        if not settings.WEBHOOK_SECRETS:
            raise CommandError("LOGTO_WEBHOOK_SECRET is not set, so there is no receiver.")
        try:
            found = reconciling.ours()
            taken = reconciling.reconcile()
        except errors.LogtoError as error:
            raise CommandError(f"Logto could not be asked: {error}") from error
        if not found:
            raise CommandError(f"No webhook of the tenant sends to {reconciling.url()}.")
        for hook in found:
            self._check(hook)
        self.stdout.write(f"{taken} webhooks fetched.")

    def _check(self, hook: hooks.Hook) -> None:
        if not hook.is_enabled:
            self.stderr.write(f"The webhook “{hook.name}” is switched off.")
        if hook.signing_key not in settings.WEBHOOK_SECRETS:
            self.stderr.write(
                f"The webhook “{hook.name}” signs with another key than LOGTO_WEBHOOK_SECRET."
            )
