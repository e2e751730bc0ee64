"""`manage.py prune_audit`: retention of the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand

from accountsite.audit import pruning


class Command(BaseCommand):
    """Deletes audit events older than ACCOUNTSITE_AUDIT_DAYS. The worker does it every day."""

    help = "Deletes audit events older than ACCOUNTSITE_AUDIT_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and tell how many."""
        self.stdout.write(f"{pruning.forget_old()} audit events deleted.")
