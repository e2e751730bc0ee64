"""The apps that a person let in, each with all it was granted, and the end of that."""

import functools
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.fields import Values
from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import endings
from accountsite.logto import errors, grants, parallel
from accountsite.logto.grants import AppType, Grant

KEY_BYTES = 12

# Applications that come with Logto, of which it tells no name.
BUILT_IN = {"account-center", "admin-console", "demo-app"}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An application with what it was granted: once for each browser in which it was let in.

    What is not known to be the tenant's own is a third party's.
    """

    id: str
    given_name: str
    is_third_party: bool
    grants: tuple[Grant, ...]

    @property
    def host(self) -> str:
        """Of an application that registered itself by its URL, the host; else empty."""
        return host_of(self.id)

    @property
    def name(self) -> str:
        """What to call it; see `name_of`."""
        return name_of(self.id, self.given_name)

    @property
    def key(self) -> str:
        """What addresses of this site call it: its id can be a whole URL."""
        return urlsafe_b64encode(hashlib.sha256(self.id.encode()).digest()[:KEY_BYTES]).decode()

    @property
    def is_this_site(self) -> bool:
        """Whether it is this very site."""
        return self.id == settings.LOGTO_APP_ID

    @property
    def since(self) -> datetime:
        """When it was let in, as far back as it is still good."""
        return min(grant.granted_at for grant in self.grants)

    @property
    def until(self) -> datetime:
        """When the last of it ends by itself."""
        return max(grant.expires_at for grant in self.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """How it went: how many of so many grants ended. `event` is None where there were none."""

    ended: int
    total: int
    event: AuditEvent | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left."""
        return self.ended == self.total


def of_user(account_id: str) -> tuple[App, ...]:
    """All apps of a person, in one round trip and without the database; see `of_grants`."""
    every, own = parallel.gather(
        functools.partial(grants.of_user, account_id),
        functools.partial(grants.of_user, account_id, app_type=AppType.FIRST_PARTY),
    )
    return of_grants(every, own=own)


def of_grants(every: Iterable[Grant], *, own: Iterable[Grant]) -> tuple[App, ...]:
    """The apps of all these grants, of which `own` are the tenant's own: third parties first.

    Within each kind the one that was let in last comes first.
    """
    ours = {grant.application_id for grant in own}
    by_app: dict[str, list[Grant]] = {}
    for grant in every:
        by_app.setdefault(grant.application_id, []).append(grant)
    found = [
        App(
            id=app_id,
            given_name=given[0].application_name,
            is_third_party=app_id not in ours,
            grants=tuple(given),
        )
        for app_id, given in by_app.items()
    ]
    found.sort(key=lambda app: max(grant.granted_at for grant in app.grants), reverse=True)
    found.sort(key=lambda app: not app.is_third_party)
    return tuple(found)


def revoke(
    account_id: str, found: Iterable[App], *, action: Action, values: Values | None = None
) -> Revoked:
    """Take back all that these apps were granted. What fails is tried once more, and then told.

    It stands in the audit trail, uncertain if anything is left; whoever calls it sends the mail.
    """
    given = [grant for app in found for grant in app.grants]
    left = total = len(given)
    event: AuditEvent | None = None
    if total:
        with (
            suppress(errors.Unavailable),
            trail.change(action, account_id, values=values) as event,
        ):
            left = endings.end(functools.partial(end, account_id, grant) for grant in given)
            endings.check(left)
    return Revoked(ended=total - left, total=total, event=event)


def revoke_third_parties(account_id: str, found: Iterable[App]) -> Revoked:
    """Take back what all of these were granted that are not the tenant's own; see `revoke`."""
    theirs = [app for app in found if app.is_third_party]
    values = {"apps": (str(len(theirs)), None)}
    return revoke(account_id, theirs, action=Action.APPS_REVOKED, values=values)


def end(account_id: str, grant: Grant) -> None:
    """End one grant. One that ended meanwhile has ended. Raises as logto does."""
    with suppress(errors.NotFound):
        grants.revoke(account_id, grant_id=grant.id)


def name_of(application_id: str, given_name: str) -> str:
    """What to call an application that Logto calls so.

    One that registered itself by a URL is called by its host: what it claims to be proves nothing.
    """
    if application_id == settings.LOGTO_APP_ID:
        return _("Account settings")
    if application_id in BUILT_IN:
        return _("The sign-in service")
    return host_of(application_id) or given_name


def host_of(application_id: str) -> str:
    """The host in an id that is a URL, as it is on the wire; empty for any other id."""
    try:
        parts = urlsplit(application_id)
        host = parts.hostname if parts.scheme in {"http", "https"} else None
        return (host or "").encode("idna").decode()
    except ValueError:  # a bracket that is not closed, a label that is too long
        return ""
