"""Looking through what happened, and at what can be done about it."""

import functools
from dataclasses import dataclass

from django.db.models import Q

from accountsite.activity import timeline as timelines
from accountsite.activity.timeline import Entry, Timeline
from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import Others
from accountsite.logto import errors, parallel, tenant
from accountsite.logto.account_center import Access, Control

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """What a person can do whose account somebody else used.

    `devices` is how many others are signed in, None while nobody can tell.
    """

    devices: int | None
    to_password: bool


def timeline(account_id: str, *, before: int | None = None) -> Timeline:
    """The newest that happened, or the newest before an event, by its key.

    A page stays the same while events come in, and nothing is counted. Before a key that is not
    known, or another person's, there is nothing. Logto is not asked.
    """
    events = AuditEvent.objects.of(account_id)
    if before is not None:
        events = events.filter(_older_than(event(account_id, before)))
    found = list(events[: PAGE + 1])
    shown = found[:PAGE]
    older = shown[-1].pk if len(found) > PAGE else None
    return timelines.of(map(Entry.of, shown), older=older)


def event(account_id: str, key: int) -> AuditEvent | None:
    """One event of this person; None if there is none, or it is another's."""
    found: AuditEvent | None = AuditEvent.objects.of(account_id).filter(pk=key).first()
    return found


def ways_out(account_id: str, *, sid: str | None) -> WaysOut:
    """What can be done, in one round trip. What Logto does not tell keeps nobody from doing it."""
    others, changes_passwords = parallel.settle(
        functools.partial(elsewhere.others, account_id, sid=sid), is_password_changeable
    )
    is_known = isinstance(others, Others) and others.is_this_known
    return WaysOut(
        devices=len(others.sessions) if isinstance(others, Others) and is_known else None,
        to_password=changes_passwords is True,
    )


def is_password_changeable() -> bool:
    """Whether the tenant lets people change it; as long as nobody can tell, they may try."""
    try:
        return tenant.current().access(Control.PASSWORD) is Access.EDIT
    except errors.LogtoError:
        return True


def _older_than(event: AuditEvent | None) -> Q:
    if event is None:
        return Q(pk__in=())
    at = event.started_at
    return Q(started_at__lt=at) | Q(started_at=at, pk__lt=event.pk)
