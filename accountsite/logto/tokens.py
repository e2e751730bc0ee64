"""Personal access tokens. Logto gives their values in every list; they are read once, when made."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading

MAX_NAME_LENGTH = 256  # UTF-16 units (measured)
LATEST = 253_370_764_800_000  # milliseconds; the year 9999, behind which Python knows no dates
ID_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalAccessToken:
    """A token, known by its name, which is unique for the person. It may have expired."""

    name: str
    created_at: datetime
    expires_at: datetime | None

    @property
    def id(self) -> str:
        """What an address of a page names it by: Logto gives none. A renamed token has another."""
        known_by = f"{self.created_at.timestamp()} {self.name}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(known_by).hexdigest()[:ID_LENGTH]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's tokens, without its value."""
        answer = reading.obj(data)
        return cls(
            name=reading.text(answer, "name"),
            created_at=reading.moment(answer, "createdAt"),
            expires_at=_expiry(answer),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new token with its value: show it once, keep it nowhere."""

    token: PersonalAccessToken
    value: str = field(repr=False)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer to creating one."""
        answer = reading.obj(data)
        return cls(token=PersonalAccessToken.from_json(answer), value=reading.text(answer, "value"))


def of_user(account_id: str) -> tuple[PersonalAccessToken, ...]:
    """All tokens of a person. Raises NotFound."""
    return client.get(
        "/users/{}/personal-access-tokens",
        account_id,
        read=reading.each(PersonalAccessToken.from_json),
    )


def create(account_id: str, *, name: str, expires_at: datetime | None = None) -> Created:
    """A new token, with at most 256 characters of name, for ever or until then.

    Raises PersonalAccessTokenNameTaken, Invalid for an expiry in the past, and NotFound.
    """
    body: dict[str, Any] = {"name": name}
    if expires_at is not None:
        body["expiresAt"] = reading.milliseconds(expires_at)
    return client.post(
        "/users/{}/personal-access-tokens", account_id, body=body, read=Created.from_json
    )


def rename(account_id: str, *, name: str, new_name: str) -> PersonalAccessToken:
    """Give a token another name. Raises PersonalAccessTokenNameTaken and NotFound."""
    return client.patch(
        "/users/{}/personal-access-tokens",
        account_id,
        body={"currentName": name, "name": new_name},
        read=PersonalAccessToken.from_json,
    )


def delete(account_id: str, *, name: str) -> None:
    """End a token. Raises NotFound."""
    client.post(
        "/users/{}/personal-access-tokens/delete",
        account_id,
        body={"name": name},
        read=reading.nothing,
    )


def _expiry(answer: reading.Json) -> datetime | None:
    """When it ends. Logto takes 0 (measured) and means never by it, and takes any number above."""
    if not 0 < (reading.whole_or_none(answer, "expiresAt") or 0) < LATEST:
        return None
    return reading.moment(answer, "expiresAt")
