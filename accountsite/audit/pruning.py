"""The ways in which events leave: by age, and with the account that they are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accountsite.audit.models import AuditEvent

AT_ONCE = 500  # rows in a transaction, so that changes don't wait long for their own row


def forget_old() -> int:
    """Delete the events that are past ACCOUNTSITE_AUDIT_DAYS. Tells how many."""
    return forget(before=timezone.now() - timedelta(days=settings.AUDIT_DAYS))


def forget(*, before: datetime) -> int:
    """Delete the events that started before this moment. Tells how many."""
    return _forget(models.QuerySet(AuditEvent).filter(started_at__lt=before))


def forget_account(account_id: str) -> int:
    """Delete the events of an account that is gone, and the notices of them. Tells how many.

    What its owner did to other accounts, as an admin, belongs to the history of those, and stays.
    """
    return _forget(models.QuerySet(AuditEvent).filter(account_id=account_id))


def pseudonym(account_id: str) -> str:
    """What stands for an account in the events that outlive it: a word that leads nobody back.

    The same account always gets the same one, as long as SECRET_KEY stays: who has the id at hand
    can find out that it was deleted, and when.
    """
    mark = salted_hmac("accountsite.audit.pseudonym", account_id, algorithm="sha256")
    return f"deleted-{mark.hexdigest()[:24]}"


def _forget(events: models.QuerySet[AuditEvent]) -> int:
    old = events.order_by("started_at")
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
