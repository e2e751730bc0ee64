"""Looking up what happened, for its owner alone."""

import functools

from accountsite.activity import applications
from accountsite.activity.entries import Entry
from accountsite.audit.models import AuditEvent
from accountsite.logto import errors, logs, parallel
from accountsite.logto.logs import Key


def event(account_id: str, key: int) -> AuditEvent | None:
    """One event of this person; None if there is none, or it is another's."""
    found: AuditEvent | None = AuditEvent.objects.of(account_id).filter(pk=key).first()
    return found


def logged(account_id: str, key: str) -> tuple[logs.Entry, Entry] | None:
    """One entry of Logto's log, and how it reads, in one round trip.

    None if there is none, or it is another person's, or nothing to tell of. Raises Unavailable.
    """
    names = applications.known()
    found, asked = parallel.settle(
        functools.partial(logs.get, key),
        applications.ask if names is None else (lambda: names),
    )
    if isinstance(found, errors.NotFound):
        return None
    if isinstance(found, errors.LogtoError):
        raise found
    if found.account_id != account_id or found.key not in Key or found.is_step:
        return None
    if isinstance(asked, errors.LogtoError):
        return found, Entry.of_log(found, {})
    applications.keep(asked)
    return found, Entry.of_log(found, asked)
