"""Shutting somebody out who has been in an account: everything at once that can be ended.

Other sign-ins, personal access tokens and the access of other people's apps are three changes, each
with its line in the trail and its mail, and each is made whatever becomes of the others. It takes
one round trip to look, and one for each change.
"""

import functools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from accountsite import origin
from accountsite.audit import fields, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import apps, endings
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import Others
from accountsite.logto import errors, grants, parallel, tenant, tokens
from accountsite.logto.account_center import Access, Control
from accountsite.logto.grants import AppType, Grant
from accountsite.logto.tokens import PersonalAccessToken
from accountsite.notices import delivery as notices
from accountsite.recognition import services as recognition
from accountsite.signin import guards


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What somebody else may hold. None stands for what nobody can tell at the moment."""

    others: Others | None
    tokens: tuple[PersonalAccessToken, ...] | None
    apps: tuple[Grant, ...] | None
    to_password: bool

    @property
    def devices(self) -> int | None:
        """How many others are signed in; None as well while this one is not told from them."""
        known = self.others is not None and self.others.is_this_known
        return len(self.others.sessions) if self.others and known else None

    @property
    def token_names(self) -> list[str] | None:
        """What the tokens are called."""
        return None if self.tokens is None else [token.name for token in self.tokens]

    @property
    def app_names(self) -> list[str] | None:
        """What the apps are called, each once."""
        return None if self.apps is None else _names(self.apps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one change went: so many of so many. `total` is None where nobody could look."""

    ended: int = 0
    total: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether none is left."""
        return self.ended == self.total

    @property
    def left(self) -> int:
        """How many are left; 0 where nobody could look."""
        return (self.total or 0) - self.ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclaimed:
    """How everything went."""

    devices: Ended
    tokens: Ended
    apps: Ended
    is_this_known: bool

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to be tried again."""
        return self.devices.is_complete and self.tokens.is_complete and self.apps.is_complete


def look(account_id: str, *, sid: str | None) -> Reach:
    """What there is to end, in one round trip. Raises nothing: who is in need of it goes on."""
    others, held, given, changeable = parallel.settle(
        *_looks(account_id, sid), is_password_changeable
    )
    return _reach(others, held, given, to_password=changeable is True)


def reclaim(account_id: str, *, sid: str | None) -> Reclaimed:
    """End all of it, and tell by mail of each change. This site's own sessions are not touched.

    Devices are new again from now on, but for the one at hand. Raises AccountEnded, and
    Unavailable where nothing was begun.
    """
    person, (others, held, given) = parallel.gather(
        functools.partial(guards.person, account_id),
        functools.partial(parallel.settle, *_looks(account_id, sid)),
    )
    reach = _reach(others, held, given, to_password=True)
    devices = _sign_out(account_id, reach.others, person.primary_email)
    ended = Reclaimed(
        devices=devices,
        tokens=_remove_tokens(account_id, reach.tokens, person.primary_email),
        apps=_revoke_apps(account_id, reach.apps, person.primary_email),
        is_this_known=bool(reach.others and reach.others.is_this_known),
    )
    here = origin.current()
    recognition.trust_only(account_id, user_agent=here.user_agent, address=here.address)
    return ended


def is_password_changeable() -> bool:
    """Whether the tenant lets people change it; as long as nobody can tell, they may try."""
    try:
        return tenant.current().access(Control.PASSWORD) is Access.EDIT
    except errors.LogtoError:
        return True


def _looks(account_id: str, sid: str | None) -> tuple[Callable[[], object], ...]:
    return (
        functools.partial(elsewhere.others, account_id, sid=sid),
        functools.partial(tokens.of_user, account_id),
        functools.partial(grants.of_user, account_id, app_type=AppType.THIRD_PARTY),
    )


def _reach(others: object, held: object, given: object, *, to_password: bool) -> Reach:
    return Reach(
        others=others if isinstance(others, Others) else None,
        tokens=held if isinstance(held, tuple) else None,
        apps=given if isinstance(given, tuple) else None,
        to_password=to_password,
    )


def _sign_out(account_id: str, others: Others | None, address: str | None) -> Ended:
    if others is None:
        return Ended()
    done = elsewhere.sign_out(account_id, others)
    told = done.event or trail.record(Action.SESSIONS_ENDED, account_id)
    notices.announce(told, address)
    return Ended(ended=done.ended, total=done.total)


def _remove_tokens(
    account_id: str, held: Sequence[PersonalAccessToken] | None, address: str | None
) -> Ended:
    if held is None:
        return Ended()
    names = [token.name for token in held]
    calls = [functools.partial(_remove_token, account_id, name) for name in names]
    values = {"tokens": (", ".join(names), None)}
    return _end(Action.TOKENS_REMOVED, account_id, calls, values, address)


def _revoke_apps(account_id: str, given: Sequence[Grant] | None, address: str | None) -> Ended:
    if given is None:
        return Ended()
    calls = [functools.partial(apps.end, account_id, grant) for grant in given]
    values = {"apps": (", ".join(_names(given)), None)}
    return _end(Action.APPS_REVOKED, account_id, calls, values, address)


def _end(
    action: Action,
    account_id: str,
    calls: Sequence[Callable[[], None]],
    values: fields.Values,
    address: str | None,
) -> Ended:
    """One change: end all of these, as `endings` does."""
    left = 0
    event: AuditEvent | None = None
    if calls:
        with (
            suppress(errors.Unavailable),
            trail.change(action, account_id, values=values) as event,
        ):
            left = endings.end(calls)
            endings.check(left)
        notices.announce(event, address)
    return Ended(ended=len(calls) - left, total=len(calls))


def _remove_token(account_id: str, name: str) -> None:
    with suppress(errors.NotFound):
        tokens.delete(account_id, name=name)


def _names(given: Sequence[Grant]) -> list[str]:
    named = (apps.name_of(grant.application_id, grant.application_name) for grant in given)
    return list(dict.fromkeys(named))
