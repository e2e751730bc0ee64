"""Logto's sessions: the browsers in which a person is signed in to the tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from accountsite import origin
from accountsite.logto import client, reading
from accountsite.logto.reading import Json


class Revoke(StrEnum):
    """Whose grants go with a session; a grant that stays keeps its refresh tokens alive."""

    ALL = "all"
    FIRST_PARTY = "firstParty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """An application that the session signed in to. `sid` is what its ID token carries."""

    application_id: str
    sid: str | None
    grant_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session. What was seen at sign-in is None where Logto did not keep it.

    `verified_by` are the kinds of proof that were good, e.g. `Password`, `Totp`, `Social`, in their
    order.
    `is_current` is known only through the Account API.
    """

    id: str
    signed_in_at: datetime
    expires_at: datetime
    application_id: str | None
    authorizations: tuple[Authorization, ...]
    verified_by: tuple[str, ...]
    ip: str | None
    user_agent: str | None
    city: str | None
    country: str | None
    is_current: bool | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's sessions, of either API."""
        answer = reading.obj(data)
        payload = reading.part(answer, "payload")
        last = reading.part_or_empty(answer, "lastSubmission")
        seen = reading.part_or_empty(last, "signInContext")
        return cls(
            id=reading.text(payload, "uid"),
            signed_in_at=reading.second(payload, "loginTs"),
            expires_at=reading.moment(answer, "expiresAt"),
            application_id=reading.text_or_none(answer, "clientId"),
            authorizations=_authorizations(reading.part_or_empty(payload, "authorizations")),
            verified_by=tuple(
                kind for kind in reading.items(last, "verificationRecords", _proof) if kind
            ),
            ip=origin.plain(reading.text_or_none(seen, "ip") or "") or None,
            user_agent=reading.text_or_none(seen, "userAgent"),
            city=reading.text_or_none(seen, "city"),
            country=reading.text_or_none(seen, "country"),
            is_current=reading.flag_or_none(answer, "isCurrent"),
        )

    def has_sid(self, application_id: str, sid: str) -> bool:
        """Whether an ID token of this application with this `sid` belongs to this session."""
        return self.sid_of(application_id) == sid

    def sid_of(self, application_id: str) -> str | None:
        """What this application's ID tokens call this session; None if it is not signed in here."""
        held = (each for each in self.authorizations if each.application_id == application_id)
        return next((each.sid for each in held), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedDevice:
    """A browser that the tenant does not ask for a second factor.

    A feature that Logto has not released: what it tells of one may change, so little is read.
    """

    id: str
    user_agent: str | None
    created_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `trusted-devices`."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            user_agent=reading.loose_text(answer, "userAgent"),
            created_at=reading.moment_or_none(answer, "createdAt"),
            expires_at=reading.moment_or_none(answer, "expiresAt"),
        )


def of_user(account_id: str) -> tuple[Session, ...]:
    """All sessions of a person; none for an unknown person (measured)."""
    return client.get("/users/{}/sessions", account_id, read=of_json)


def of_json(data: Any) -> tuple[Session, ...]:
    """The answer of `sessions`, of either API."""
    return reading.items(reading.obj(data), "sessions", Session.from_json)


def get(account_id: str, *, session_id: str) -> Session:
    """One session. Raises SessionNotFound, also for another person's."""
    return client.get("/users/{}/sessions/{}", account_id, session_id, read=Session.from_json)


def end(account_id: str, *, session_id: str, revoke: Revoke | None = Revoke.ALL) -> None:
    """Sign a browser out of the tenant, and revoke grants made in it; None leaves them alive.

    Applications are not told. Raises SessionNotFound, also for another person's.
    """
    query = {"revokeGrantsTarget": revoke.value} if revoke else None
    client.delete("/users/{}/sessions/{}", account_id, session_id, query=query)


def trusted_devices(account_id: str) -> tuple[TrustedDevice, ...]:
    """The browsers that the tenant trusts.

    Raises NotOffered where the tenant has no such thing, which is the rule, and NotFound.
    """
    return client.every("/users/{}/trusted-devices", account_id, read=TrustedDevice.from_json)


def forget_trusted_device(account_id: str, *, device_id: str) -> None:
    """Ask for a second factor there again. Raises NotFound and NotOffered."""
    client.delete("/users/{}/trusted-devices/{}", account_id, device_id)


def _proof(data: Any) -> str:
    """The kind of a proof; nothing for one that was begun and not given."""
    record = reading.obj(data)
    return reading.text(record, "type") if reading.flag(record, "verified", default=True) else ""


def _authorizations(data: Json) -> tuple[Authorization, ...]:
    held: Mapping[str, Json] = {key: reading.part(data, key) for key in data}
    return tuple(
        Authorization(
            application_id=application_id,
            sid=reading.text_or_none(given, "sid"),
            grant_id=reading.text_or_none(given, "grantId"),
        )
        for application_id, given in held.items()
    )
