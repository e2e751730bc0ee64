"""A browser or an app on a device, in which somebody is signed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accountsite import user_agents
from accountsite.devices import words
from accountsite.elsewhere import apps
from accountsite.elsewhere import services as elsewhere
from accountsite.logto.grants import Grant
from accountsite.logto.sessions import Session
from accountsite.signin import models

HERE_ONLY = "here-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where somebody is signed in. What Logto did not keep is empty or None.

    Its words are made when they are read, as a list can be longer than its page. `sid` is what this
    site calls Logto's session, None if it is not signed in there. Of one that `is_here_only` Logto
    knows nothing any more.
    """

    id: str
    user_agent: str
    city: str | None
    country: str | None
    address: str
    signed_in_at: datetime
    expires_at: datetime
    verified_by: tuple[str, ...]
    apps: tuple[str, ...]
    is_this: bool
    is_here_only: bool
    sid: str | None

    @property
    def name(self) -> str:
        """The browser in words."""
        return user_agents.describe(self.user_agent)

    @property
    def place(self) -> str:
        """The city and country, as far as they are known."""
        return words.place(self.city, self.country)

    @property
    def proofs(self) -> tuple[str, ...]:
        """What was asked for there, in words."""
        return words.proofs(self.verified_by)

    @property
    def where(self) -> str:
        """The place, else the address."""
        return self.place or self.address


def of_session(session: Session, *, sid: str | None, names: Mapping[str, str]) -> Device:
    """The device of one of Logto's sessions; `names` are those of applications, by their ids."""
    return Device(
        id=session.id,
        user_agent=session.user_agent or "",
        city=session.city,
        country=session.country,
        address=session.ip or "",
        signed_in_at=session.signed_in_at,
        expires_at=session.expires_at,
        verified_by=session.verified_by,
        apps=tuple(
            dict.fromkeys(_app(held.application_id, names) for held in session.authorizations)
        ),
        is_this=elsewhere.is_here(session, sid=sid),
        is_here_only=False,
        sid=session.sid_of(settings.LOGTO_APP_ID),
    )


def of_row(row: models.Session, *, is_this: bool) -> Device:
    """The device of a session of this site whose end at Logto was not heard of here."""
    return Device(
        id=f"{HERE_ONLY}{row.pk}",
        user_agent=row.user_agent,
        city=None,
        country=None,
        address=row.address or "",
        signed_in_at=row.created_at,
        expires_at=row.expires_at,
        verified_by=(),
        apps=(_app(settings.LOGTO_APP_ID, {}),),
        is_this=is_this,
        is_here_only=True,
        sid=row.logto_sid or None,
    )


def in_order(devices: Iterable[Device]) -> tuple[Device, ...]:
    """This one first, then where somebody signed in last."""
    newest_first = sorted(devices, key=lambda device: device.signed_in_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda device: not device.is_this))


def names_of(grants: Iterable[Grant]) -> dict[str, str]:
    """What the applications of these grants are called, by their ids."""
    return {grant.application_id: grant.application_name for grant in grants}


def _app(application_id: str, names: Mapping[str, str]) -> str:
    """One that Logto does not name is called by its id."""
    return apps.name_of(application_id, names.get(application_id, application_id))
