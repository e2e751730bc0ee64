"""The one way in which events leave: by age."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from accountsite.audit.models import AuditEvent

AT_ONCE = 500  # rows in a transaction, so that changes don't wait long for their own row


def forget_old() -> int:
    """Delete the events that are past ACCOUNTSITE_AUDIT_DAYS. Tells how many."""
    return forget(before=timezone.now() - timedelta(days=settings.AUDIT_DAYS))


def forget(*, before: datetime) -> int:
    """Delete the events that started before this moment. Tells how many."""
    old: models.QuerySet[AuditEvent] = (
        models.QuerySet(AuditEvent).filter(started_at__lt=before).order_by("started_at")
    )
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic(), _allowed():
            models.QuerySet(AuditEvent).filter(pk__in=keys).delete()
        forgotten += len(keys)
    return forgotten


@contextmanager
def _allowed() -> Iterator[None]:
    """Let the triggers pass deletions of this transaction, and of no other one.

    An error rolls the transaction back, and this permission with it.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('accountsite.pruning', 'on', true)")
        else:
            cursor.execute("INSERT INTO audit_pruning (is_on) VALUES (1)")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('accountsite.pruning', 'off', true)")
        else:
            cursor.execute("DELETE FROM audit_pruning")
