"""Where a person is signed in, and the end of it."""

import functools
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.devices import devices, trusted
from accountsite.devices.devices import Device
from accountsite.devices.trusted import Trusted
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import SignedOut
from accountsite.logto import errors, grants, parallel, sessions, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.sessions import Session
from accountsite.logto.tenant import Tenant
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards, session_store
from accountsite.signin import models as signin_models
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason


class UnableToSignOut(Refusal):
    """The device stays signed in."""


class SignedOutAlready(UnableToSignOut):
    """There is nothing to end any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """This very browser: Logto's `sid` of it, if it has one, and its key at this site."""

    sid: str | None
    session_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person's devices, in order; `trusted` is None while it can't be read.

    Without `is_this_known`, this one is among the others.
    """

    user: users.User
    access: Access
    devices: tuple[Device, ...]
    trusted: tuple[Trusted, ...] | None

    @property
    def is_this_known(self) -> bool:
        """Whether one of them is this."""
        return any(device.is_this for device in self.devices)

    @property
    def others(self) -> tuple[Device, ...]:
        """All but this one."""
        return tuple(device for device in self.devices if not device.is_this)

    def find(self, device_id: str) -> Device | None:
        """The one of this id among them: an id of another person's finds nothing."""
        return next((device for device in self.devices if device.id == device_id), None)


def of_user(account_id: str, here: Here) -> Found:
    """Where a person is signed in, in one round trip.

    What apps are called, and trusted devices, keep nobody from the rest. Raises AccountEnded and
    Unavailable.
    """
    needed, given, trusts = parallel.settle(
        functools.partial(_needed, account_id),
        functools.partial(grants.of_user, account_id),
        functools.partial(trusted.of_user, account_id),
    )
    if isinstance(needed, errors.LogtoError):
        raise needed
    user, known, every = needed
    names = {} if isinstance(given, errors.LogtoError) else devices.names_of(given)
    return Found(
        user=user,
        access=known.access(Control.SESSION),
        devices=_devices(account_id, here, every, names),
        trusted=None if isinstance(trusts, errors.LogtoError) else trusts,
    )


def sign_out(account_id: str, device_id: str, here: Here) -> Device:
    """Sign a device out, with all that its apps were granted there, and tell of it by mail.

    Sessions of this site that belong to it end at once, whatever Logto answers; but for this very
    one, which is its caller's to end. Raises SignedOutAlready, UnableToSignOut, AccountEnded and
    Unavailable.
    """
    user, known, every = _needed(account_id)
    found = _devices(account_id, here, every, {})
    device = next((each for each in found if each.id == device_id), None)
    if device is None:
        raise SignedOutAlready(_("That device is signed out already."))
    values = {"device": (device.name, None)}
    with trail.change(Action.SESSION_ENDED, account_id, values=values) as event:
        if known.access(Control.SESSION) is not Access.EDIT:
            raise UnableToSignOut(_("This can’t be changed here any more."))
        _end(account_id, device)
    notices.announce(event, user.primary_email)
    return device


def sign_out_others(account_id: str, here: Here) -> SignedOut:
    """End a person's sessions at Logto but this one, with their grants, and tell of it by mail.

    Those of this site are its caller's to end, afterwards. Raises UnableToSignOut, AccountEnded,
    and Unavailable if nothing was done.
    """
    if tenant.current().access(Control.SESSION) is not Access.EDIT:
        trail.refused(Action.SESSIONS_ENDED, account_id, "control")
        raise UnableToSignOut(_("This can’t be changed here any more."))
    return elsewhere.sign_out_and_tell(account_id, sid=here.sid)


def _needed(account_id: str) -> tuple[users.User, Tenant, tuple[Session, ...]]:
    """What there is no page without, at once."""
    return parallel.gather(
        functools.partial(guards.person, account_id),
        tenant.current,
        functools.partial(sessions.of_user, account_id),
    )


def _devices(
    account_id: str, here: Here, every: Iterable[Session], names: Mapping[str, str]
) -> tuple[Device, ...]:
    """Those that Logto knows, and those that are signed in at this site alone."""
    known = [devices.of_session(session, sid=here.sid, names=names) for session in every]
    if here.sid is None:  # nobody can tell which of ours belongs to which of Logto's
        return devices.in_order(known)
    mine = session_store.hash_of(here.session_key)
    rows = signin_models.Session.objects.live().filter(account_id=account_id)
    alone = rows.exclude(logto_sid__in=[each.sid for each in known if each.sid])
    left = [devices.of_row(row, is_this=row.pk == mine) for row in alone]
    return devices.in_order([*known, *left])


def _end(account_id: str, device: Device) -> None:
    """End it at Logto, and then here: one that is still alive there opens another here."""
    if device.is_here_only and device.is_this:
        return
    if device.is_here_only:
        rows = signin_models.Session.objects.filter(account_id=account_id)
        key = device.id.removeprefix(devices.HERE_ONLY)
        session_store.end(rows.filter(pk=key), EndReason.ENDED_ELSEWHERE)
        return
    try:
        with suppress(errors.NotFound):
            sessions.end(account_id, session_id=device.id)
    finally:
        if device.sid and not device.is_this:
            signin.end_all(
                account_id=account_id, logto_sid=device.sid, reason=EndReason.ENDED_ELSEWHERE
            )
