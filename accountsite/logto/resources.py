"""API resources of the tenant."""

from dataclasses import dataclass
from typing import Any, Self

from accountsite.logto import client, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An API that tokens are issued for.

    A token asked for without a resource becomes a JWT for the default one, if there is one, and
    the Account API refuses it.
    """

    id: str
    name: str
    indicator: str
    is_default: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's API resources."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            indicator=reading.text(answer, "indicator"),
            is_default=reading.flag(answer, "isDefault"),
        )


def every() -> tuple[Resource, ...]:
    """All API resources."""
    return client.every("/resources", read=Resource.from_json)
