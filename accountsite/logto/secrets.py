"""Logto's secret vault: the tokens of third parties that it keeps for a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """That tokens of a provider are kept, and what they allow. Never the tokens themselves."""

    id: str
    scopes: tuple[str, ...]
    has_refresh_token: bool
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """A `tokenSecret`. Its `expiresAt` is in seconds, unlike all else (measured)."""
        answer = reading.obj(data)
        metadata = reading.part_or_empty(answer, "metadata")
        return cls(
            id=reading.text(answer, "id"),
            scopes=tuple((reading.text_or_none(metadata, "scope") or "").split()),
            has_refresh_token=reading.flag(metadata, "hasRefreshToken", default=False),
            expires_at=reading.second_or_none(metadata, "expiresAt"),
            created_at=reading.moment(answer, "createdAt"),
            updated_at=reading.moment(answer, "updatedAt"),
        )

    @classmethod
    def from_json_or_none(cls, data: Any) -> Self | None:
        """The same, where there may be none."""
        return cls.from_json(data) if data is not None else None


def delete(secret_id: str) -> None:
    """Forget a set of tokens. The provider is not told.

    Raises NotFound.
    """
    client.delete("/secrets/{}", secret_id)
