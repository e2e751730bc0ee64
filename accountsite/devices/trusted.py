"""Trusted devices: browsers in which the tenant asks for no second step.

Logto 1.42 keeps them behind a feature switch. Where it is off, its address answers a plain 404
(measured).
"""

import functools
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.logto import errors, parallel, sessions, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToForget(Refusal):
    """The device stays trusted, or was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A browser that is trusted; None where Logto does not tell since or until when."""

    id: str
    name: str
    since: datetime | None
    until: datetime | None


def of_user(account_id: str) -> tuple[Trusted, ...]:
    """All of a person's; none where the tenant has no such thing. Raises as logto does."""
    try:
        found = sessions.trusted_devices(account_id)
    except errors.NotOffered:
        return ()
    return tuple(
        Trusted(
            id=each.id,
            name=user_agents.describe(each.user_agent or ""),
            since=each.created_at,
            until=each.expires_at,
        )
        for each in found
    )


def find(account_id: str, device_id: str) -> Trusted | None:
    """One of this person's; None for any other id, and where nothing may be changed."""
    known, found = parallel.gather(tenant.current, functools.partial(of_user, account_id))
    if known.access(Control.SESSION) is not Access.EDIT:
        return None
    return _of(found, device_id)


def forget(account_id: str, device_id: str) -> None:
    """Have the tenant ask for a second step there again.

    Raises UnableToForget, AccountEnded and Unavailable.
    """
    user, known, found = parallel.gather(
        functools.partial(guards.person, account_id),
        tenant.current,
        functools.partial(of_user, account_id),
    )
    device = _of(found, device_id)
    if device is None:
        raise UnableToForget(_gone())
    values = {"device": (device.name, None)}
    with trail.change(Action.TRUSTED_DEVICE_REMOVED, account_id, values=values) as event:
        if known.access(Control.SESSION) is not Access.EDIT:
            raise UnableToForget(_("This can’t be changed here any more."))
        try:
            sessions.forget_trusted_device(account_id, device_id=device.id)
        except errors.NotFound as error:
            raise UnableToForget(_gone()) from error
    notices.announce(event, user.primary_email)


def _of(found: tuple[Trusted, ...], device_id: str) -> Trusted | None:
    return next((each for each in found if each.id == device_id), None)


def _gone() -> str:
    return _("This device is not trusted any more.")
