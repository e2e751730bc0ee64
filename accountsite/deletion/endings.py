"""Carrying a deletion out: at Logto first, then here.

scheduled ──▶ leaving ──▶ gone ──▶ no row
    ▲────────────┘ put off

Any process may take a step, and may die in it: the next one takes the same step again. What was done
then is found done: Logto knows no such account, the mail is queued already, the trace is not there.
"""

import logging
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.tasks import task
from django.utils import timezone

from accountsite.audit import pruning, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.deletion import traces
from accountsite.deletion.models import Deletion, Held, State
from accountsite.logto import errors, users
from accountsite.memberships import services as memberships
from accountsite.notices import delivery as notices

logger = logging.getLogger(__name__)

AT_ONCE = 100  # deletions in one round of the scheduled job


@task
def carry_out(deletion_id: int) -> None:
    """Take the steps of one deletion that are due, unless somebody is at it. The rest comes later."""
    _try(deletion_id)


def carry_out_due() -> int:
    """Take what steps are due. Tells of how many deletions.

    It ends when Logto does not answer: the others would wait for it in vain.
    """
    keys = Deletion.objects.due().values_list("pk", flat=True)[:AT_ONCE]
    tried = 0
    for key in list(keys):
        tried += 1
        if isinstance(_try(key), errors.Unavailable):
            break
    notices.forget_sent(Action.ACCOUNT_DELETED, but=_told_by_now())
    return tried


def _try(deletion_id: int) -> Exception | None:
    """Gives what went wrong, if anything did."""
    deletion = Deletion.objects.due().filter(pk=deletion_id).first()
    if deletion is None or not deletion.claimed():
        return None
    try:
        if deletion.state != State.GONE:
            _leave(deletion)
        if deletion.state == State.GONE:
            _forget(deletion)
    except (errors.LogtoError, DatabaseError, OSError) as error:
        logger.warning("deletion %d waits: %s", deletion.pk, type(error).__name__)
        deletion.failed(error)
        return error
    return None


def _leave(deletion: Deletion) -> None:
    """Delete the account at Logto, unless something has come between since it was asked for."""
    person = _person(deletion.account_id)
    if person is None:
        _note_gone(deletion)  # by us, before somebody wrote it down, or by an admin
    elif person.is_suspended:
        _hold(deletion, Held.SUSPENDED, person)
    elif any(each.others for each in memberships.last_admin_of(deletion.account_id)):
        _hold(deletion, Held.LAST_ADMIN, person)
    elif deletion.held == Held.SUSPENDED:
        _begin_anew(deletion, person)
    elif deletion.begun(email=person.primary_email or ""):
        _delete(deletion)


def _person(account_id: str) -> users.User | None:
    """None if Logto says that there is no such account: that, and nothing else, means it is gone."""
    try:
        return users.get(account_id)
    except errors.NotFound:
        return None


def _delete(deletion: Deletion) -> None:
    change = trail.change(
        Action.ACCOUNT_DELETED, pruning.pseudonym(deletion.account_id), actor=trail.SYSTEM
    )
    # Not found: somebody was quicker, and it is gone as it was to be.
    with change as event, suppress(errors.NotFound):
        users.delete(deletion.account_id)
    deletion.went(event.pk)


def _note_gone(deletion: Deletion) -> None:
    pseudonym = pruning.pseudonym(deletion.account_id)
    told = AuditEvent.objects.of(pseudonym).filter(action=Action.ACCOUNT_DELETED, outcome="done")
    event = told.first() or trail.record(Action.ACCOUNT_DELETED, pseudonym, actor=trail.SYSTEM)
    deletion.went(event.pk)


def _hold(deletion: Deletion, reason: Held, person: users.User) -> None:
    """Look again tomorrow. Of what they can do something about, the person is told, once."""
    is_news = deletion.held != reason
    email = person.primary_email or ""
    if not deletion.put_off(reason, due_at=deletion.due_at, email=email) or not is_news:
        return
    event = trail.refused(
        Action.ACCOUNT_DELETED, deletion.account_id, reason.value, actor=trail.SYSTEM
    )
    if reason == Held.LAST_ADMIN:
        _tell(deletion, event)


def _begin_anew(deletion: Deletion, person: users.User) -> None:
    """A suspension is over, in which nobody could sign in to keep the account: now they can."""
    due_at = timezone.now() + timedelta(days=max(1, settings.DELETION_GRACE_DAYS))
    if deletion.put_off(None, due_at=due_at, email=person.primary_email or ""):
        with timezone.override(deletion.time_zone):
            date = timezone.localdate(due_at).isoformat()
        values = {"deletion_date": (None, date)}
        event = trail.record(
            Action.DELETION_SCHEDULED, deletion.account_id, values=values, actor=trail.SYSTEM
        )
        _tell(deletion, event)


def _forget(deletion: Deletion) -> None:
    """Write the last mail, and leave nothing else."""
    # It is None only if it grew older than what the trail keeps.
    if event := AuditEvent.objects.filter(pk=deletion.event_id or 0).first():
        _tell(deletion, event)
    traces.forget(deletion.account_id)
    deletion.delete()


def _tell(deletion: Deletion, event: AuditEvent) -> None:
    notices.announce(
        event, deletion.email, language=deletion.language, time_zone=deletion.time_zone
    )


def _told_by_now() -> list[int]:
    """Events whose mail could be asked for again, by a step that is taken a second time."""
    return [pk for pk in Deletion.objects.values_list("event_id", flat=True) if pk is not None]
