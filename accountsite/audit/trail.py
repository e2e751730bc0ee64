"""How services write the audit trail.

    with trail.change(Action.EMAIL_CHANGED, account_id, values={"email": (old, new)}) as event:
        users.update(account_id, primary_email=new)
    notices.announce(event, old, new)

A `started` row is committed before the block runs, and completed after it; a process that dies in
between leaves `started`.
"""

import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from accountsite import measurements, origin
from accountsite.audit import fields
from accountsite.audit.actions import Action
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.logto import correlation, errors
from accountsite.refusals import Refusal
from accountsite.signin import staff

logger = logging.getLogger(__name__)

LONGEST_REASON = 100
LONGEST_ID = 128
LONGEST_EXPLANATION = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts."""

    kind: ActorKind
    id: str = ""


LOGTO = Actor(ActorKind.LOGTO)
SYSTEM = Actor(ActorKind.SYSTEM)


def person(account_id: str) -> Actor:
    """The owner of an account: who acts where nobody else is named."""
    return Actor(ActorKind.PERSON, account_id)


def admin(account_id: str) -> Actor:
    """An admin, by the id of their own account."""
    return Actor(ActorKind.ADMIN, account_id)


def admin_of(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """The admin who uses Django's admin: by their own account, or one of the command line."""
    name, prefix = user.get_username(), staff.username_of("")
    is_person = name.startswith(prefix)
    return admin(name.removeprefix(prefix) if is_person else f"local:{name}"[:LONGEST_ID])


@contextmanager
def change(
    action: Action,
    account_id: str,
    *,
    values: fields.Values | None = None,
    actor: Actor | None = None,
    explanation: str = "",
) -> Iterator[AuditEvent]:
    """Audit the one change that the block makes; guards of that change stand in it too.

    `values` holds, by field, what was there before and what comes, unmasked; masking is done here.
    `explanation` is why an admin does it, in their own words, for other admins to read. For an
    account that the block makes, `account_id` is empty, and the block gives the event its id.
    The event ends as `done`; as `refused` after a Refusal, a Rejected, or an Unavailable that
    certainly did not arrive; as `unknown` after anything else. Whatever the block raises goes on. A
    block holds one change: a second one could be refused when the first is done.

    Raises RuntimeError inside of a database transaction, whose rollback would take the row along.
    """
    event = _event(action, account_id, values=values, actor=actor, explanation=explanation)
    with transaction.atomic(durable=True):
        event.save()
    try:
        yield event
    except (Refusal, errors.Rejected) as error:
        _complete(event, Outcome.REFUSED, _reason(error))
        raise
    except errors.Unavailable as error:
        _complete(event, Outcome.UNKNOWN if error.maybe_done else Outcome.REFUSED, _reason(error))
        raise
    except BaseException as error:
        _complete(event, Outcome.UNKNOWN, _reason(error))
        raise
    else:
        _complete(event, Outcome.DONE)


def record(  # noqa: PLR0913 - each tells something else of the event
    action: Action,
    account_id: str,
    *,
    values: fields.Values | None = None,
    actor: Actor | None = None,
    explanation: str = "",
    at: datetime | None = None,
) -> AuditEvent:
    """Write down what has already been done, elsewhere or by a call that can't be taken apart.

    `at` is when it was done, if we heard of it only later.
    """
    event = _event(action, account_id, values=values, actor=actor, explanation=explanation)
    event.started_at = at or event.started_at
    return _end_at_once(event, Outcome.DONE)


def refused(
    action: Action,
    account_id: str,
    reason: str,
    *,
    actor: Actor | None = None,
    explanation: str = "",
) -> AuditEvent:
    """Write down a refusal where no change was begun. `reason` is a word for programs."""
    event = _event(action, account_id, actor=actor, explanation=explanation)
    return _end_at_once(event, Outcome.REFUSED, reason)


def give_up(*, after: timedelta) -> int:
    """End as `unknown` what was begun that long ago, and whose process died. Tells how many."""
    now = timezone.now()
    begun: models.QuerySet[AuditEvent] = models.QuerySet(AuditEvent).filter(
        outcome=Outcome.STARTED, started_at__lt=now - after
    )
    return begun.update(outcome=Outcome.UNKNOWN, reason="interrupted", completed_at=now)


def _end_at_once(event: AuditEvent, outcome: Outcome, reason: str = "") -> AuditEvent:
    event.outcome, event.reason = outcome, reason[:LONGEST_REASON]
    event.completed_at = event.started_at
    event.save()
    measurements.tell(measurements.Change(action=event.action, outcome=outcome))
    return event


def _complete(event: AuditEvent, outcome: Outcome, reason: str = "") -> None:
    """Write the end of it. The change itself is made by now: trouble here must not undo it."""
    event.outcome, event.reason, event.completed_at = outcome, reason, timezone.now()
    measurements.tell(measurements.Change(action=event.action, outcome=outcome))
    try:
        models.QuerySet(AuditEvent).filter(pk=event.pk, outcome=Outcome.STARTED).update(
            outcome=outcome,
            reason=reason,
            completed_at=event.completed_at,
            account_id=event.account_id,
        )
    except DatabaseError:
        logger.exception("audit event %s stays started: it was %s", event.pk, outcome)


def _event(
    action: Action,
    account_id: str,
    *,
    values: fields.Values | None = None,
    actor: Actor | None = None,
    explanation: str = "",
) -> AuditEvent:
    actor = actor or person(account_id)
    here = origin.current()
    return AuditEvent(
        action=action,
        account_id=account_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        address=_address(here.address),
        user_agent=here.user_agent,
        request_id=correlation.request_id.get(),
        changes=fields.masked(values or {}),
        explanation=explanation[:LONGEST_EXPLANATION],
    )


def _reason(error: BaseException) -> str:
    """Why, in a word that programs know: Logto's code, or the error's name. Never its text."""
    cause = error.__cause__ if isinstance(error.__cause__, errors.LogtoError) else error
    return (getattr(cause, "code", "") or type(cause).__name__)[:LONGEST_REASON]


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None
