"""Signing out everywhere else.

    found = elsewhere.others(account_id, sid=account.sid)
    done = elsewhere.sign_out(account_id, found)

It takes two round trips to Logto: one to look, one to end everything at once. This site's own
sessions are ended by `signin.services.end_others`, afterwards: one at Logto that is still alive
opens another here.
"""

import functools
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import apps, endings
from accountsite.logto import errors, grants, parallel, sessions
from accountsite.logto.grants import AppType, Grant
from accountsite.logto.sessions import Session
from accountsite.notices import delivery as notices
from accountsite.signin import guards


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Where else a person is signed in. Without `is_this_known`, this session is among them.

    `grants` are those of the tenant's own apps that outlived the session they were given in.
    """

    sessions: tuple[Session, ...]
    grants: tuple[Grant, ...]
    is_this_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """How it went: how many of so many ended. `event` is None where there were none."""

    ended: int
    total: int
    is_this_known: bool
    event: AuditEvent | None

    @property
    def is_complete(self) -> bool:
        """Whether none is left."""
        return self.ended == self.total


def others(account_id: str, *, sid: str | None) -> Others:
    """Look where else they are signed in, in one round trip and without the database.

    This session is that whose ID token we hold, by its `sid`. Logto gives one only where the
    application has a back-channel logout; without it every session counts as another one: better
    one sign-in too many than a thief who stays. Raises Unavailable.
    """
    every, given = parallel.gather(
        functools.partial(sessions.of_user, account_id),
        functools.partial(grants.of_user, account_id, app_type=AppType.FIRST_PARTY),
    )
    mine = [session for session in every if is_here(session, sid=sid)]
    held = {authorization.grant_id for session in every for authorization in session.authorizations}
    return Others(
        sessions=tuple(session for session in every if session not in mine),
        grants=tuple(grant for grant in given if grant.id not in held),
        is_this_known=bool(mine) or not every,
    )


def sign_out(account_id: str, found: Others) -> SignedOut:
    """End them, each with its grants. What does not end is tried once more, and then told.

    It stands in the audit trail, uncertain if anything is left; whoever calls it sends the mail.
    """
    left = total = len(found.sessions) + len(found.grants)
    event: AuditEvent | None = None
    if total:
        values = {"sessions": (str(total), None)}
        with (
            suppress(errors.Unavailable),
            trail.change(Action.SESSIONS_ENDED, account_id, values=values) as event,
        ):
            left = endings.end(
                [
                    *(functools.partial(end, account_id, session) for session in found.sessions),
                    *(functools.partial(apps.end, account_id, grant) for grant in found.grants),
                ]
            )
            endings.check(left)
    return SignedOut(
        ended=total - left, total=total, is_this_known=found.is_this_known, event=event
    )


def sign_out_and_tell(account_id: str, *, sid: str | None) -> SignedOut:
    """Look, end all of it, and tell the person by mail, where nothing else does.

    Raises AccountEnded, and Unavailable if nothing was done.
    """
    person, found = parallel.gather(
        functools.partial(guards.person, account_id),
        functools.partial(others, account_id, sid=sid),
    )
    done = sign_out(account_id, found)
    told = done.event or trail.record(Action.SESSIONS_ENDED, account_id)
    notices.announce(told, person.primary_email)
    return done


def is_here(session: Session, *, sid: str | None) -> bool:
    """Whether it is the one in which this site got the ID token with this `sid`."""
    return sid is not None and session.has_sid(settings.LOGTO_APP_ID, sid)


def end(account_id: str, session: Session) -> None:
    """End one, with all its grants. One that ended meanwhile has ended. Raises as logto does."""
    with suppress(errors.NotFound):
        sessions.end(account_id, session_id=session.id)
