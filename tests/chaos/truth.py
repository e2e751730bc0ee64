"""What is known at the end of a run: what people noted, and what everybody else has written down."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.chaos.records import Event, Notice, Record

OURS = "accountsite"  # the User-Agent of the site's calls
# What the site sends to Logto that changes nothing about an account. All else that took effect is
# a change, also what nobody thought of here.
NO_CHANGE = re.compile(
    r"POST /api/(verification-codes(/verify)?|users/[^/]+/password/verify"
    r"|sign-in-exp/default/check-password|connectors/[^/]+/authorization-uri"
    r"|verifications/.*|user-assets|one-time-tokens(/verify)?|sentinel-activities/delete)$"
)
ACCOUNT = re.compile(r"/api/users/([^/]+)")
# A row that may stand for a change that took effect. `refused` may not: it would deny it.
STANDS = frozenset({"done", "started", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request that took effect at the tenant."""

    method: str
    path: str
    request_id: str
    user_agent: str = OURS

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Write":
        """A row of the demo tenant's list."""
        return cls(**{name: row[name] for name in ("method", "path", "request_id", "user_agent")})

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_change(self) -> bool:
        """Whether the site changed something about somebody by it."""
        return self.user_agent == OURS and not NO_CHANGE.match(self.line)

    @property
    def account_id(self) -> str:
        """Whose account the path names; empty where it names none."""
        found = ACCOUNT.match(self.path)
        return found[1] if found else ""


def stands_for(event: Event, write: Write) -> bool:
    """Whether this row of the trail may be the one about this change."""
    return event.outcome in STANDS and write.account_id in {"", event.account_id}


@dataclass(kw_only=True)
class Evidence:
    """All of it.

    `mailed` holds the ids of the notices that arrived. `found` is what the tenant says of a field of
    an account, for those that people changed. `grace` is how many seconds after a fault it may still
    be the reason of an answer.
    """

    record: Record
    writes: list[Write]
    events: list[Event]
    notices: list[Notice]
    mailed: set[int]
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    sites: int = 2
    grace: float = 3.0

    @cached_property
    def events_of_request(self) -> dict[str, list[Event]]:
        return grouped((event.request_id, event) for event in self.events)

    @cached_property
    def events_of_account(self) -> dict[str, list[Event]]:
        return grouped((event.account_id, event) for event in self.events)

    @cached_property
    def writes_of_request(self) -> dict[str, list[Write]]:
        return grouped((write.request_id, write) for write in self.writes)

    @cached_property
    def notices_of_event(self) -> dict[int, list[Notice]]:
        return grouped((notice.event_id, notice) for notice in self.notices)

    def writes_of(self, request_id: str) -> list[Write]:
        """What a page request changed; nothing for one without an id."""
        return self.writes_of_request.get(request_id, []) if request_id else []


def grouped[K, V](pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The values of each key, in their order."""
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
