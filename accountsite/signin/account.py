"""Who signed in, as their session remembers it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The person behind a session. `id` is Logto's `sub`, the only id that services get."""

    id: str
    sid: str | None
    """Logto's session, if its ID tokens name one."""
    signed_in: int
    """When they proved who they are (`auth_time`), in seconds."""
    name: str | None = None
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    avatar: str | None = None

    @property
    def signed_in_at(self) -> datetime:
        """When they proved who they are."""
        return datetime.fromtimestamp(self.signed_in, tz=UTC)

    @property
    def label(self) -> str:
        """What they would recognize themselves by: a name, else an identifier."""
        phone = f"+{self.phone}" if self.phone else None
        return self.name or self.username or self.email or phone or self.id

    @classmethod
    def from_session(cls, kept: dict[str, Any]) -> Self:
        """Read back what `to_session` kept."""
        return cls(**kept)

    def to_session(self) -> dict[str, Any]:
        """What the session keeps."""
        return asdict(self)
