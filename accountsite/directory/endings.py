"""Ending what gives access: passwords, sessions, apps, tokens, factors and connections."""

import functools
from collections.abc import Callable, Iterable
from contextlib import suppress

from django.utils.translation import gettext as _

from accountsite.audit.actions import Action
from accountsite.directory import temporary
from accountsite.directory.accounts import keeps_a_way, last_way, told
from accountsite.directory.cases import Case, Unable
from accountsite.factors.services import REMOVED
from accountsite.limits import turns
from accountsite.logto import (
    errors,
    grants,
    identities,
    mfa,
    parallel,
    passwords,
    sessions,
    tenant,
    tokens,
    users,
)
from accountsite.logto.sign_in_experience import Factor
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason
from accountsite.ways import services as ways

type Ending = Callable[[], None]


def reset_password(case: Case) -> tuple[str, bool]:
    """A temporary password in place of theirs, and whether Logto asks for a new one next time.

    Raises Unable and Unavailable.
    """
    with case.change(Action.PASSWORD_RESET), told():
        new = temporary.password(case.person.id)
        passwords.change(case.person.id, new)
    return new, temporary.expire(case.person.id)


def sign_out(case: Case) -> int:
    """Sign them out of everything, here and at Logto, and give how many sessions that were.

    Raises Unavailable if something may go on.
    """
    account_id = case.person.id
    signed_in, given = parallel.gather(
        lambda: sessions.of_user(account_id),
        lambda: grants.of_user(account_id, app_type=grants.AppType.FIRST_PARTY),
    )
    endings: list[Ending] = [
        *(functools.partial(_end, account_id, each.id) for each in signed_in),
        *(functools.partial(_revoke, account_id, each.id) for each in given),
    ]
    values = {"sessions": (str(len(signed_in)), None)}
    with case.change(Action.SESSIONS_ENDED, values=values):
        _all(endings)
        signin.end_all(account_id=account_id, reason=EndReason.ENDED_ELSEWHERE)
    return len(signed_in)


def end_session(case: Case) -> None:
    """Sign one browser out, with the grants made in it. Raises Unable and Unavailable."""
    with case.change(Action.SESSION_ENDED), told():
        found = sessions.get(case.person.id, session_id=case.item)
        sessions.end(case.person.id, session_id=case.item)
        for authorization in found.authorizations:
            if authorization.sid:
                signin.end_all(
                    account_id=case.person.id,
                    logto_sid=authorization.sid,
                    reason=EndReason.ENDED_ELSEWHERE,
                )


def revoke_app(case: Case) -> None:
    """End every grant of one application. Raises Unable and Unavailable."""
    given = grants.of_user(case.person.id)
    mine = [grant for grant in given if grant.application_id == case.item]
    name = mine[0].application_name if mine else case.item
    with case.change(Action.APP_REVOKED, values={"app": (name, None)}):
        if not mine:
            raise Unable(_("This app has no access any more."))
        _all([functools.partial(_revoke, case.person.id, grant.id) for grant in mine])


def revoke_token(case: Case) -> None:
    """End a personal access token, by its name. Raises Unable and Unavailable."""
    with case.change(Action.TOKEN_REMOVED, values={"token": (case.item, None)}), told():
        tokens.delete(case.person.id, name=case.item)


def unlink(case: Case) -> None:
    """Take a social account away, unless it is the last way in. Raises Unable and Unavailable."""
    values = {"connection": (case.item, None)}
    with (
        case.change(Action.CONNECTION_REMOVED, values=values),
        told(),
        ways.one_at_a_time(case.person.id),
    ):
        now, _known = parallel.gather(
            lambda: users.get(case.person.id, with_enterprise=True), tenant.current
        )
        if not keeps_a_way(now, ways.Kind.SOCIAL, case.item):
            raise last_way()
        identities.delete(case.person.id, target=case.item)


def remove_factor(case: Case) -> None:
    """Take a second step away; backup codes that would be left alone go with it.

    A policy of the tenant that asks everybody for one is no obstacle: who lost theirs sets up
    another one at the next sign-in. Raises Unable and Unavailable.
    """
    with turns.alone(f"factors:{case.person.id}"):
        bound = mfa.of_user(case.person.id)
        factor = next((each for each in bound if each.id == case.item), None)
        if factor is None:
            raise Unable(_("It is not there any more. Go back and look at the account."))
        _remove(case, factor)
        left = [each for each in bound if each is not factor]
        if left and all(each.factor is Factor.BACKUP_CODE for each in left):
            for codes in left:
                _remove(case, codes)


def _remove(case: Case, factor: mfa.Bound) -> None:
    action = REMOVED.get(factor.factor, Action.TWO_STEP_TURNED_OFF)
    with case.change(action, values={"factor": (str(factor.factor), None)}), told():
        mfa.delete(case.person.id, factor_id=factor.id)


def _all(endings: Iterable[Ending]) -> None:
    """Do them at once, and what failed once more. Raises Unavailable if anything is left."""
    left = list(endings)
    for _attempt in range(2):
        outcomes = parallel.settle(*left)
        left = [
            ending
            for ending, outcome in zip(left, outcomes, strict=True)
            if isinstance(outcome, errors.LogtoError)
        ]
    if left:
        raise errors.Unavailable(f"{len(left)} sessions or grants may go on")


def _end(account_id: str, session_id: str) -> None:
    with suppress(errors.NotFound):
        sessions.end(account_id, session_id=session_id)


def _revoke(account_id: str, grant_id: str) -> None:
    with suppress(errors.NotFound):
        grants.revoke(account_id, grant_id=grant_id)
