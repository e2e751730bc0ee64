"""What is known of an account, to find out what an event changed: hashes, never values.

`User.Data.Updated` does not say what was changed (Logto 1.42).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accountsite.audit.fields import HIDDEN, Values
from accountsite.webhooks.bodies import Body, Json
from accountsite.webhooks.models import KnownAccount

COLUMNS = {
    "username": "username",
    "primaryEmail": "email",
    "primaryPhone": "phone",
    "name": "name",
    "avatar": "avatar",
    "hasPassword": "password",
    "isSuspended": "suspended",
}
PARTS = {"profile": "profile", "customData": "custom_data", "identities": "connection"}
BY_ROUTE = {"/custom-data": "customData", "/profile": "profile"}
MOST_KEYS = 100  # of custom data: who keeps more there is told of the first ones
LONGEST_KEY = 64


def changes(body: Body) -> Values | None:
    """By field, what differs from what was known. None if nothing was known.

    Nor is anything known of a field that was hashed with a SECRET_KEY that is gone.
    """
    known = KnownAccount.objects.filter(pk=body.account_id).first()
    if known is None:
        return None
    fields = _fields(body)
    told = sorted(set(fields) | _covered(known.hashes, body))
    lost = {field for field in told if _is_lost(known.hashes.get(field), fields.get(field))}
    changed = {
        field: (HIDDEN if field in known.hashes else None, _shown(fields.get(field)))
        for field in told
        if field not in lost
        and _differs(known.hashes.get(field), body.account_id, field, fields.get(field))
    }
    return None if lost and not changed else changed


def note(body: Body, *, is_new: bool = False) -> bool:
    """Remember what this body tells, unless a later one was heard of. Tells whether it was news.

    With `is_new` an account that is known already stays as it is known.
    """
    at = body.created_at or timezone.now()
    known, was_made = KnownAccount.objects.get_or_create(
        pk=body.account_id, defaults={"hashes": _hashes(body), "as_of": at}
    )
    if was_made or is_new or known.as_of > at:
        return was_made
    covered = _covered(known.hashes, body)
    kept = {field: value for field, value in known.hashes.items() if field not in covered}
    known.hashes, known.as_of = {**kept, **_hashes(body)}, at
    known.save()
    return True


def is_overtaken(body: Body, at: datetime) -> bool:
    """Whether something later is known of the account."""
    return KnownAccount.objects.filter(pk=body.account_id, as_of__gt=at).exists()


def _hashes(body: Body) -> dict[str, str]:
    return {
        field: _hash_of(body.account_id, field, value, settings.SECRET_KEY)
        for field, value in _fields(body).items()
    }


def _fields(body: Body) -> dict[str, Any]:
    """By our name of it, each field that the body tells of and that has a value."""
    return {field: value for field, value in _told(_parts(body)) if value not in (None, "", {}, [])}


def _told(parts: Json) -> Iterator[tuple[str, Any]]:
    for key, field in COLUMNS.items():
        if key in parts:
            yield field, parts[key]
    for key, field in PARTS.items():
        inside = parts.get(key)
        if isinstance(inside, dict):
            names = sorted(inside)[:MOST_KEYS]
            yield from ((f"{field}.{_printable(name)}", inside[name]) for name in names)


def _parts(body: Body) -> Json:
    """The whole user, or the part of one that a route answers with."""
    if body.user is not None:
        return body.user
    data = body.content.get("data")
    part = next((part for end, part in BY_ROUTE.items() if body.route.endswith(end)), None)
    return {part: data} if part and isinstance(data, dict) else {}


def _covered(hashes: Mapping[str, str], body: Body) -> set[str]:
    """The known fields that the body would tell of if they still had a value."""
    parts = _parts(body)
    columns = {field for key, field in COLUMNS.items() if key in parts}
    groups = tuple(f"{field}." for key, field in PARTS.items() if isinstance(parts.get(key), dict))
    return {field for field in hashes if field in columns or field.startswith(groups)}


def _is_lost(hashed: str | None, value: Any) -> bool:
    """Whether there is a value and a hash, and nobody has the key any more to compare them by."""
    return hashed is not None and value is not None and _key_of(hashed) is None


def _differs(hashed: str | None, account_id: str, field: str, value: Any) -> bool:
    """Whether a value is another one than that of which this is the hash; either may be missing."""
    if hashed is None or value is None:
        return hashed is not None or value is not None
    return hashed != _hash_of(account_id, field, value, _key_of(hashed) or settings.SECRET_KEY)


def _key_of(hashed: str) -> str | None:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return next((key for key in keys if hashed.startswith(_mark_of(key))), None)


def _hash_of(account_id: str, field: str, value: Any, key: str) -> str:
    text = json.dumps([account_id, field, value], sort_keys=True)
    return _mark_of(key) + _digest(text, key)[:32]


def _mark_of(key: str) -> str:
    """What a hash begins with, so that it is known by which key it was made."""
    return f"{_digest('', key)[:8]}-"


def _digest(text: str, key: str) -> str:
    mark = salted_hmac("accountsite.webhooks.known", text, secret=key, algorithm="sha256")
    return mark.hexdigest()


def _shown(value: Any) -> str | None:
    """For the trail, which masks it."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else HIDDEN


def _printable(name: str) -> str:
    return "".join(filter(str.isprintable, name))[:LONGEST_KEY]
