"""One-time tokens: the secret in a link that signs the owner of an email address in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from accountsite.logto import client, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeToken:
    """A token that works once. Mail its value to this address only."""

    id: str
    email: str
    value: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's one-time tokens."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            email=reading.text(answer, "email"),
            value=reading.text(answer, "token"),
            expires_at=reading.moment(answer, "expiresAt"),
        )


def create(email: str, *, lifetime: timedelta = timedelta(minutes=10)) -> OneTimeToken:
    """A token for an address, whose older tokens end. Raises Invalid for what is no address."""
    body = {"email": email, "expiresIn": round(lifetime.total_seconds())}
    return client.post("/one-time-tokens", body=body, read=OneTimeToken.from_json)


def revoke(token_id: str) -> None:
    """Make it useless. Raises NotFound, and Invalid if it was used or has expired."""
    client.put(
        "/one-time-tokens/{}/status", token_id, body={"status": "revoked"}, read=reading.nothing
    )
