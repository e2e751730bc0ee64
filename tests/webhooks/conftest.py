"""What the tests of the receiver share: bodies as Logto writes them, and a signed delivery."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import ALICE

SECRET = "a-key-of-the-tenant"
URL = "/webhooks/logto/"


@pytest.fixture(autouse=True)
def key(settings):
    settings.WEBHOOK_SECRETS = [SECRET]


def signature(raw: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user(**changes: Any) -> dict[str, Any]:
    return {
        "id": ALICE,
        "username": "alice",
        "primaryEmail": "alice@example.com",
        "primaryPhone": None,
        "name": "Alice Kim",
        "avatar": None,
        "customData": {},
        "identities": {},
        "lastSignInAt": None,
        "createdAt": 1795230406592,
        "updatedAt": 1795230406592,
        "profile": {"locale": "ko-KR", "zoneinfo": "Asia/Seoul"},
        "applicationId": None,
        "cimdClientId": None,
        "isSuspended": False,
        "hasPassword": True,
    } | changes


def by_management(event: str, route: str = "/users/:userId", **changes: Any) -> dict[str, Any]:
    """What a call of the Management API tells."""
    return {
        "event": event,
        "createdAt": now(),
        "userAgent": "curl/8.5.0",
        "ip": "192.0.2.9",
        "path": route.replace(":userId", ALICE),
        "method": "PATCH",
        "status": 200,
        "params": {"userId": ALICE},
        "matchedRoute": route,
        "data": user(),
        "hookId": "hook-1",
    } | changes


def by_account_api(**changes: Any) -> dict[str, Any]:
    """What a call of the Account API tells."""
    return {
        "event": "User.Data.Updated",
        "createdAt": now(),
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "ip": "192.0.2.7",
        "data": user(),
        "hookId": "hook-1",
    } | changes


def by_person(event: str, **changes: Any) -> dict[str, Any]:
    """What a person's own deed on the sign-in page tells."""
    return {
        "event": event,
        "interactionEvent": "SignIn",
        "createdAt": now(),
        "sessionId": "session-1",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "userId": ALICE,
        "userIp": "192.0.2.7",
        "user": user(),
        "hookId": "hook-1",
    } | changes


@pytest.fixture
def deliver(client):
    """Sends a body, signed, as Logto does."""

    def deliver(body: Any, *, raw: bytes | None = None, sign: str | None = None, **headers: str):
        raw = json.dumps(body, separators=(",", ":")).encode() if raw is None else raw
        sign = signature(raw) if sign is None else sign
        return client.generic(
            "POST",
            URL,
            raw,
            content_type="application/json",
            headers={"logto-signature-sha-256": sign, **headers},
        )

    return deliver
