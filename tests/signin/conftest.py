"""What the tests of sign-in share."""

from typing import Any

import pytest
import responses

from accountsite.signin import oidc
from tests.conftest import ALICE, API
from tests.signin.issuer import Issuer


def user(**changes: Any) -> dict[str, Any]:
    """A user as Logto sends one."""
    return {
        "id": ALICE,
        "username": "alice",
        "primaryEmail": "alice@example.com",
        "primaryPhone": None,
        "name": "Alice Kim",
        "avatar": None,
        "customData": {},
        "identities": {},
        "lastSignInAt": 1790000000000,
        "createdAt": 1780000000000,
        "updatedAt": 1780000000000,
        "profile": {"locale": "ko-KR", "zoneinfo": "Asia/Seoul"},
        "applicationId": None,
        "cimdClientId": None,
        "isSuspended": False,
        "hasPassword": True,
    } | changes


@pytest.fixture
def issuer(wire: responses.RequestsMock) -> Issuer:
    """A good OpenID provider, met for the first time."""
    oidc._client.cache_clear()
    return Issuer(wire)


@pytest.fixture
def logto(wire: responses.RequestsMock, issuer: Issuer) -> responses.RequestsMock:
    """A tenant in which alice is an ordinary person."""
    wire.get(f"{API}/users/{ALICE}", json=user())
    wire.get(f"{API}/users/{ALICE}/roles", json=[])
    return wire
