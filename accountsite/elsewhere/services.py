"""Signing out everywhere else.

    found = elsewhere.find(account_id, sid=account.sid)
    event = elsewhere.sign_out(found, session_key=session_key)

It takes two round trips to Logto: one to look, one to end everything at once.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.logto import errors, grants, parallel, sessions
from accountsite.logto.grants import AppType, Grant
from accountsite.logto.sessions import Session
from accountsite.signin import session_store
from accountsite.signin.models import EndReason
from accountsite.signin.models import Session as SessionHere


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where else a person is signed in.

    `grants` are those of the tenant's own apps that outlived the session they were given in.
    """

    account_id: str
    sessions: tuple[Session, ...]
    grants: tuple[Grant, ...]


def find(account_id: str, *, sid: str | None) -> Elsewhere:
    """Look where else they are signed in, in one round trip and without the database.

    `sid` is Logto's session here. Where the tenant does not tell it, every session counts as
    another one: better one sign-in too many than a thief who stays. Raises Unavailable.
    """
    every, given = parallel.gather(
        functools.partial(sessions.of_user, account_id),
        functools.partial(grants.of_user, account_id, app_type=AppType.FIRST_PARTY),
    )
    held = {authorization.grant_id for session in every for authorization in session.authorizations}
    return Elsewhere(
        account_id=account_id,
        sessions=tuple(session for session in every if not _is_here(session, sid)),
        grants=tuple(grant for grant in given if grant.id not in held),
    )


def sign_out(found: Elsewhere, *, session_key: str | None) -> AuditEvent:
    """End all of it with the grants that go with it, and the sessions on this site but this one.

    It stands in the audit trail; whoever calls it sends the mail. What ended meanwhile is no
    failure. Raises Unavailable if something could not be ended, after it tried everything.
    """
    values = {"sessions": (str(len(found.sessions)), None)}
    with trail.change(Action.SESSIONS_ENDED, found.account_id, values=values) as event:
        outcomes = parallel.settle(*_endings(found))
        # Last, since a session at Logto that is still alive opens a new one here.
        _end_others_here(found.account_id, session_key=session_key)
        failures = [outcome for outcome in outcomes if isinstance(outcome, errors.LogtoError)]
        if failures:
            told = f"{len(failures)} of {len(outcomes)} sessions and grants were not ended"
            raise errors.Unavailable(told) from failures[0]
    return event


def _is_here(session: Session, sid: str | None) -> bool:
    return sid is not None and session.has_sid(settings.LOGTO_APP_ID, sid)


def _endings(found: Elsewhere) -> Iterator[Callable[[], None]]:
    for session in found.sessions:
        yield functools.partial(_end, found.account_id, session)
    for grant in found.grants:
        yield functools.partial(_revoke, found.account_id, grant)


def _end(account_id: str, session: Session) -> None:
    with suppress(errors.SessionNotFound):
        sessions.end(account_id, session_id=session.id)


def _revoke(account_id: str, grant: Grant) -> None:
    with suppress(errors.GrantNotFound):
        grants.revoke(account_id, grant_id=grant.id)


def _end_others_here(account_id: str, *, session_key: str | None) -> None:
    others = SessionHere.objects.filter(account_id=account_id)
    if session_key:
        others = others.exclude(pk=session_store.hash_of(session_key))
    session_store.end(others, EndReason.ENDED_ELSEWHERE)
