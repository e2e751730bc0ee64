"""What the tests of this section share."""

from collections.abc import Callable
from typing import Any

import pytest
import responses
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from tests.conftest import HTMX, inspected
from tests.security.logto import Logto


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def sure() -> Callable[[Client], Client]:
    """Gives a browser's session the proof that it's still the same person."""

    def sure(client: Client) -> Client:
        session = client.session
        proofs.note(session)
        session.save()
        return client

    return sure


@pytest.fixture
def alice(alice: Client, sure: Callable[[Client], Client]) -> Client:
    """Alice, who has just proved that it's her."""
    return sure(alice)


def html(response: Any) -> BeautifulSoup:
    """An answer to look around in; a whole page is held to our rules."""
    text = response.content.decode()
    return inspected(text) if "<!doctype" in text else BeautifulSoup(text, "html.parser")


def says(response: Any) -> str:
    """The text of an answer, in one line."""
    return " ".join(html(response).get_text(" ").split())


def send(client: Client, path: str, *, htmx: bool = False, **given: Any) -> Any:
    """Open a page, fill its form, and send it with what it hides."""
    form = html(client.get(path)).find("form", {"action": path})
    assert form is not None, path
    hidden = {
        field["name"]: field.get("value", "")
        for field in form.find_all("input", type="hidden")
        if field["name"] != "csrfmiddlewaretoken"
    }
    return client.post(path, hidden | given, headers=HTMX if htmx else {})


def messages(client: Client) -> str:
    """What the next page says of what was done."""
    return says_of(html(client.get("/security/")).find(id="messages"))


def says_of(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def trail() -> list[tuple[str, str]]:
    """What the audit trail tells, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", "outcome"))


def letters() -> list[str]:
    """The subjects of the mails that went out."""
    return [letter.subject for letter in mail.outbox]
