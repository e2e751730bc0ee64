"""What the tests of this section share."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import responses
from django.test import Client

from accountsite.confirmation import proofs
from accountsite.signin import services as signin
from tests.connections.logto import Logto, state_of
from tests.security.conftest import html

OVERVIEW = "/connections/"


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def sure() -> Callable[..., Client]:
    """Gives a browser's session the proof that it's still the same person."""

    def sure(client: Client, record: str | None = None) -> Client:
        session = client.session
        proofs.note(session)
        if record is not None:
            proofs.keep_record(session, record, until=time.time() + 600)
        session.save()
        return client

    return sure


@pytest.fixture
def alice(alice: Client, sure: Callable[..., Client]) -> Client:
    """Alice, who has just proved that it's her."""
    return sure(alice)


@pytest.fixture
def with_token(sure: Callable[..., Client]) -> Callable[..., Client]:
    """Gives a browser's session the person's own token, and Logto's record of their proof."""

    def with_token(client: Client, token: str = "opaque", record: str = "proof1") -> Client:
        session = client.session
        session[signin.TOKENS] |= {"access_token": token, "expires_at": time.time() + 3600}
        session.save()
        return sure(client, record)

    return with_token


def link_page(key: str = "github") -> str:
    return f"/connections/link/{key}/"


def callback_of(key: str = "github") -> str:
    return f"/connections/callback/{key}/"


def way_out(client: Client, key: str = "github") -> str:
    """The link that leads to the provider."""
    link = html(client.get(link_page(key))).find("a", href=lambda url: url and "/leave/" in url)
    assert link is not None
    return str(link["href"])


def leave(client: Client, key: str = "github") -> str:
    """Go to the provider. Gives the state that goes along."""
    response = client.get(way_out(client, key))
    assert response.status_code == 302, response.content
    return state_of(response["Location"])


def come_back(client: Client, state: str, key: str = "github", **answer: Any) -> Any:
    """Bring the provider's answer."""
    query = urlencode({"code": "new-1", "state": state} | answer)
    return client.get(f"{callback_of(key)}?{query}")


def told(client: Client) -> str:
    """What the next page says of what was done."""
    return " ".join(html(client.get(OVERVIEW)).find(id="messages").get_text(" ").split())
