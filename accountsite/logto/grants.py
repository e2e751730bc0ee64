"""Grants: what applications may do in a person's name. One application can have several."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading


class AppType(StrEnum):
    """Whose application."""

    FIRST_PARTY = "firstParty"
    THIRD_PARTY = "thirdParty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one application was allowed in one sign-in.

    The id of an application that registered itself is a URL. One that Logto does not name is called
    by its id. `resources` holds the scopes for each API, beside the general `scopes`.
    """

    id: str
    application_id: str
    application_name: str
    scopes: tuple[str, ...]
    resources: dict[str, tuple[str, ...]]
    granted_at: datetime
    expires_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's grants, whose payload is oidc-provider's."""
        answer = reading.obj(data)
        payload = reading.part(answer, "payload")
        application = reading.part_or_empty(answer, "application")
        application_id = reading.text(application or {"id": payload.get("clientId")}, "id")
        resources = reading.part_or_empty(payload, "resources")
        return cls(
            id=reading.text(answer, "id"),
            application_id=application_id,
            application_name=reading.text_or_none(application, "name") or application_id,
            scopes=_words(reading.part_or_empty(payload, "openid").get("scope")),
            resources={indicator: _words(scopes) for indicator, scopes in resources.items()},
            granted_at=reading.second(payload, "iat"),
            expires_at=reading.moment(answer, "expiresAt"),
        )


def of_user(account_id: str, *, app_type: AppType | None = None) -> tuple[Grant, ...]:
    """All grants that have not expired; none for an unknown person (measured)."""
    query = {"appType": app_type.value} if app_type else None
    return client.get("/users/{}/grants", account_id, read=of_json, query=query)


def of_json(data: Any) -> tuple[Grant, ...]:
    """The answer of `grants`."""
    return reading.items(reading.obj(data), "grants", Grant.from_json)


def revoke(account_id: str, *, grant_id: str) -> None:
    """End a grant and its tokens; JWTs that are out live to their expiry.

    Raises GrantNotFound, also for another person's.
    """
    client.delete("/users/{}/grants/{}", account_id, grant_id)


def _words(value: Any) -> tuple[str, ...]:
    return tuple(value.split()) if isinstance(value, str) else ()
