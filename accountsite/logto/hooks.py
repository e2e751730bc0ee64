"""Webhooks that the tenant sends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook. `signing_key` is the secret of its signatures.

    `request_count` and `success_count` are of the last day, and None unless asked for.
    """

    id: str
    name: str
    events: tuple[str, ...]
    url: str
    signing_key: str = field(repr=False)
    is_enabled: bool
    request_count: int | None
    success_count: int | None
    created_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's hooks. An old hook has one `event` instead of `events`."""
        answer = reading.obj(data)
        stats = reading.part_or_empty(answer, "executionStats")
        single = reading.text_or_none(answer, "event")
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            events=reading.texts(answer, "events") or ((single,) if single else ()),
            url=reading.text(reading.part(answer, "config"), "url"),
            signing_key=reading.text(answer, "signingKey"),
            is_enabled=reading.flag(answer, "enabled"),
            request_count=reading.whole_or_none(stats, "requestCount"),
            success_count=reading.whole_or_none(stats, "successCount"),
            created_at=reading.moment(answer, "createdAt"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver an event; Logto does not repeat it.

    `body` is what was sent, and personal. `status` is what the receiver answered, None if nothing.
    """

    id: str
    key: str
    is_success: bool
    status: int | None
    body: Mapping[str, Any] | None = field(repr=False)
    created_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of a hook's `recent-logs`, whose key is `TriggerHook.<event>`."""
        answer = reading.obj(data)
        payload = reading.part(answer, "payload")
        response = payload.get("response")
        body = payload.get("hookRequest", payload.get("json"))
        if isinstance(body, dict) and isinstance(body.get("body"), dict):
            body = body["body"]
        return cls(
            id=reading.text(answer, "id"),
            key=reading.text(answer, "key"),
            is_success=payload.get("result") == "Success",
            status=(
                reading.whole_or_none(response, "statusCode")
                if isinstance(response, dict)
                else None
            ),
            body=body if isinstance(body, dict) else None,
            created_at=reading.moment(answer, "createdAt"),
        )


def every(*, with_counts: bool = False) -> tuple[Hook, ...]:
    """All webhooks."""
    query = {"includeExecutionStats": True} if with_counts else None
    return client.get("/hooks", read=reading.each(Hook.from_json), query=query)


def get(hook_id: str, *, with_counts: bool = False) -> Hook:
    """One webhook. Raises NotFound."""
    query = {"includeExecutionStats": True} if with_counts else None
    return client.get("/hooks/{}", hook_id, read=Hook.from_json, query=query)


def create(*, name: str, url: str, events: Iterable[str]) -> Hook:
    """A new webhook; Logto makes its signing key. Raises Invalid for unknown events."""
    body = {"name": name, "events": list(events), "config": {"url": url}}
    return client.post("/hooks", body=body, read=Hook.from_json)


def update(
    hook_id: str,
    *,
    url: str | None = None,
    events: Iterable[str] | None = None,
    is_enabled: bool | None = None,
) -> Hook:
    """Change what is given. Custom headers of a hook are lost with a new URL. Raises NotFound."""
    body: dict[str, Any] = {}
    if url is not None:
        body["config"] = {"url": url}
    if events is not None:
        body["events"] = list(events)
    if is_enabled is not None:
        body["enabled"] = is_enabled
    return client.patch("/hooks/{}", hook_id, body=body, read=Hook.from_json)


def rotate_signing_key(hook_id: str) -> Hook:
    """A new signing key, from now on. Raises NotFound."""
    return client.patch("/hooks/{}/signing-key", hook_id, body={}, read=Hook.from_json)


def test(hook_id: str, *, url: str, events: Iterable[str]) -> None:
    """Have sample events sent to a URL, signed with the hook's key. Raises Invalid if it fails."""
    body = {"events": list(events), "config": {"url": url}}
    client.post("/hooks/{}/test", hook_id, body=body, read=reading.nothing)


def deliveries(
    hook_id: str, *, after: datetime | None = None, before: datetime | None = None
) -> tuple[Delivery, ...]:
    """What was sent between these times, else in the last day. Raises NotFound."""
    query = {
        "start_time": reading.milliseconds(after) if after else None,
        "end_time": reading.milliseconds(before) if before else None,
    }
    return client.every("/hooks/{}/recent-logs", hook_id, read=Delivery.from_json, query=query)


def delete(hook_id: str) -> None:
    """Remove a webhook. Raises NotFound."""
    client.delete("/hooks/{}", hook_id)
