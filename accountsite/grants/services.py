"""The apps with access, and the end of it."""

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.elsewhere import apps
from accountsite.elsewhere.apps import App, Revoked
from accountsite.grants import scopes
from accountsite.grants.scopes import Scope, Service
from accountsite.logto import errors, parallel, sessions, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.sessions import Session
from accountsite.logto.tenant import Tenant
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToRevoke(Refusal):
    """The app keeps its access."""


class RevokedAlready(UnableToRevoke):
    """There is nothing to revoke any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An app, with what it may do, and on how many devices one is signed in to it.

    `devices` is None while it can't be read.
    """

    app: App
    devices: int | None

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What it may do in general, in words."""
        return scopes.of(name for grant in self.app.grants for name in grant.scopes)

    @property
    def services(self) -> tuple[Service, ...]:
        """What it may do at other APIs."""
        found: dict[str, dict[str, None]] = {}
        for grant in self.app.grants:
            for name, given in grant.resources.items():
                found.setdefault(name, {}).update(dict.fromkeys(given))
        return tuple(Service(name=name, scopes=tuple(given)) for name, given in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person's apps: third parties first, then the tenant's own."""

    user: users.User
    access: Access
    holders: tuple[Holder, ...]

    @property
    def third_parties(self) -> tuple[Holder, ...]:
        """Those that are not the tenant's own."""
        return tuple(holder for holder in self.holders if holder.app.is_third_party)

    def find(self, key: str) -> Holder | None:
        """The one with this key among them: that of another person's app finds nothing."""
        return next((holder for holder in self.holders if holder.app.key == key), None)


def of_user(account_id: str) -> Found:
    """The apps with access, in one round trip.

    Where they are used keeps nobody from the rest. Raises AccountEnded and Unavailable.
    """
    needed, every = parallel.settle(
        functools.partial(_needed, account_id), functools.partial(sessions.of_user, account_id)
    )
    if isinstance(needed, errors.LogtoError):
        raise needed
    user, known, found = needed
    devices = None if isinstance(every, errors.LogtoError) else _devices(every)
    return Found(
        user=user,
        access=known.access(Control.SESSION),
        holders=tuple(
            Holder(app=app, devices=None if devices is None else devices[app.id]) for app in found
        ),
    )


def revoke(account_id: str, key: str) -> tuple[App, Revoked]:
    """Take back all that an app was granted, and tell of it by mail.

    Raises RevokedAlready, UnableToRevoke, AccountEnded, and Unavailable if nothing was begun.
    """
    user, known, found = _needed(account_id)
    app = next((app for app in found if app.key == key), None)
    if app is None:
        raise RevokedAlready(_("That app has no access any more."))
    _check_access(known, account_id, Action.APP_REVOKED)
    if app.is_this_site:
        trail.refused(Action.APP_REVOKED, account_id, "this_site")
        raise UnableToRevoke(
            _("This is the site that you are using now. Sign out of it on your devices instead.")
        )
    values = {"app": (app.name, None)}
    done = apps.revoke(account_id, [app], action=Action.APP_REVOKED, values=values)
    if done.event:
        notices.announce(done.event, user.primary_email)
    return app, done


def revoke_third_parties(account_id: str) -> Revoked:
    """Take back what all apps were granted that are not the tenant's own, and tell of it by mail.

    Raises RevokedAlready, UnableToRevoke, AccountEnded, and Unavailable if nothing was begun.
    """
    user, known, found = _needed(account_id)
    if not any(app.is_third_party for app in found):
        raise RevokedAlready(_("No third-party app has access any more."))
    _check_access(known, account_id, Action.APPS_REVOKED)
    done = apps.revoke_third_parties(account_id, found)
    if done.event:
        notices.announce(done.event, user.primary_email)
    return done


def _needed(account_id: str) -> tuple[users.User, Tenant, tuple[App, ...]]:
    """What there is no page without, at once."""
    return parallel.gather(
        functools.partial(guards.person, account_id),
        tenant.current,
        functools.partial(apps.of_user, account_id),
    )


def _devices(every: Iterable[Session]) -> Counter[str]:
    """In how many sessions each application is signed in."""
    return Counter(
        application_id
        for session in every
        for application_id in {held.application_id for held in session.authorizations}
    )


def _check_access(known: Tenant, account_id: str, action: Action) -> None:
    if known.access(Control.SESSION) is not Access.EDIT:
        trail.refused(action, account_id, "control")
        raise UnableToRevoke(_("This can’t be changed here any more."))
