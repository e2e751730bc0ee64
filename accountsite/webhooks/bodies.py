"""What stands in the body of a webhook.

Logto's bodies differ by where an event comes from (Logto 1.42, measured): those of a call of the
Management API have `params` and `matchedRoute`, and in `data` the answer to that call, which need
not be a whole user; those of the Account API have `data` alone; those of a sign-in have `userId`,
`user` and `userIp`. None has an id of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from accountsite import origin

LONGEST = 128  # of what becomes a column

type Json = Mapping[str, Any]


class Malformed(ValueError):
    """No JSON object with an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body. Texts are empty where it has none; `content` is all of it, and personal."""

    event: str
    hook_id: str
    account_id: str
    created_at: datetime | None
    route: str
    method: str
    address: str
    user_agent: str
    content: Json = field(repr=False)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Raises Malformed."""
        try:
            content = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Malformed from error
        return cls.of(content)

    @classmethod
    def of(cls, content: Any) -> Self:
        """The same, from what the JSON held. Raises Malformed."""
        if not isinstance(content, dict) or not _text(content.get("event")):
            raise Malformed
        return cls(
            event=_text(content["event"]),
            hook_id=_text(content.get("hookId")),
            account_id=_account_id(content),
            created_at=_moment(content.get("createdAt")),
            route=_text(content.get("matchedRoute")),
            method=_text(content.get("method")),
            address=origin.plain(_text(content.get("userIp")) or _text(content.get("ip"))),
            user_agent=_text(content.get("userAgent")),
            content=content,
        )

    @property
    def user(self) -> Json | None:
        """The whole user, where the body has one."""
        for given in (self.content.get("user"), self.content.get("data")):
            if isinstance(given, dict) and "primaryEmail" in given and given.get("id"):
                return given
        return None

    @property
    def email(self) -> str:
        """The person's email address, where the body has it."""
        return _text((self.user or {}).get("primaryEmail"))

    @property
    def digest(self) -> str:
        """A hash of the content, however its keys are ordered and its characters escaped.

        Logto's log of deliveries gives the keys in another order than the delivery had.
        """
        canonical = json.dumps(self.content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _account_id(content: Json) -> str:
    """Whom it is about: `params.userId`, since `data` may be a part of the user without an id."""
    event = content["event"]
    params, data = _object(content, "params"), _object(content, "data")
    own = _text(content.get("userId")) or _text(params.get("userId"))
    about_a_user = isinstance(event, str) and event.startswith("User.")
    return own or (_text(data.get("id")) if about_a_user else "")


def _object(content: Json, key: str) -> Json:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """What can be kept in a column: no NUL, no half of a character, and not too long."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST]


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
