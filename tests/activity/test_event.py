"""One thing that happened, and where to go if it wasn't you."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.notices import letters
from tests.activity.conftest import Logto, happened, text_of
from tests.conftest import ALICE, API
from tests.logto import answers

pytestmark = pytest.mark.django_db


def path(event: AuditEvent) -> str:
    return f"/activity/{event.pk}/"


def details(page: BeautifulSoup) -> dict[str, str]:
    return {
        text_of(row.find(class_="row__label")): text_of(row.find(class_="row__body"))
        for row in page.find_all(class_="row")
    }


def test_it_says_what_happened_when_by_whom_and_from_where(alice: Client, browse: Any) -> None:
    page = browse(alice, path(happened(request_id="0123456789abcdef")))

    assert page.h1.text == "Your password was changed"
    assert page.find(class_="heading__lead") is None
    assert details(page) == {
        "When": "November 20, 2026, 12:00 PM",
        "By": "You",
        "Device": "Chrome on Windows",
        "IP address": "192.0.2.7",
        "Reference": "0123456789abcdef If you ask for help, tell this.",
    }


@pytest.mark.parametrize(
    ("outcome", "title", "meaning"),
    [
        ("refused", "Password change: refused", "nothing changed"),
        ("unknown", "Password change: uncertain whether it worked", "have a look"),
        ("started", "Password change: not finished", "have a look"),
    ],
)
def test_of_what_was_not_done_it_says_so_and_what_that_means(
    alice: Client, browse: Any, outcome: str, title: str, meaning: str
) -> None:
    page = browse(alice, path(happened(outcome=outcome)))

    assert page.h1.text == title
    assert meaning in page.find(class_="heading__lead").text


def test_what_changed_is_shown_as_it_is_kept(alice: Client, browse: Any) -> None:
    event = trail.record(
        Action.EMAIL_CHANGED, ALICE, values={"email": ("old@example.com", "new@example.org")}
    )

    page = browse(alice, path(event))

    assert details(page)["Email address"] == "from o•••@example.com → to n•••@example.org"
    assert "new@example.org" not in str(page)


@pytest.mark.parametrize(
    ("values", "shown"), [((None, "laptop"), "laptop"), (("laptop", None), "laptop")]
)
def test_what_came_or_went_stands_alone(
    alice: Client, browse: Any, values: tuple[str | None, str | None], shown: str
) -> None:
    event = trail.record(Action.PASSKEY_ADDED, ALICE, values={"passkey": values})

    assert details(browse(alice, path(event)))["Passkey"] == shown


@pytest.mark.parametrize("label", ["<img src=x onerror=alert(1)>", "\u202egnp.exe", "{{ 7 * 7 }}"])
def test_a_name_that_a_person_gave_is_only_text(alice: Client, browse: Any, label: str) -> None:
    event = trail.record(Action.PASSKEY_RENAMED, ALICE, values={"passkey": ("old", label)})

    row = browse(alice, path(event)).find(id="change-1")

    assert row.img is None
    assert [value.text for value in row.find_all("bdi")] == ["old", label]


def test_without_a_browser_it_says_that_none_is_known(alice: Client, browse: Any) -> None:
    event = happened(actor_kind="logto", actor_id="", user_agent="", address=None)

    shown = details(browse(alice, path(event)))

    assert (shown["Device"], shown["IP address"]) == ("Not known", "Not known")
    assert "Reference" not in shown


def test_from_here_one_can_say_that_it_was_somebody_else(alice: Client, browse: Any) -> None:
    event = happened()

    button = browse(alice, path(event)).find(class_="button--danger")

    assert (button.text, button["href"]) == ("This wasn’t me", f"{path(event)}not-me/")


def test_what_an_admin_did_is_a_matter_for_support(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.wire.replace(
        "GET",
        f"{API}/sign-in-exp",
        json=answers.sign_in_experience(supportEmail="help@example.com"),
    )
    event = happened(actor_kind="admin", actor_id="admin0000009")

    page = browse(alice, path(event))

    assert "An admin of this service did this" in text_of(page.main)
    assert page.main.find("a", href="mailto:help@example.com")
    assert "admin0000009" not in str(page)


def test_mails_lead_to_it(alice: Client, browse: Any) -> None:
    event = happened()

    link = urlsplit(letters.this_was_not_me(event))

    assert link.path == reverse("activity:event", args=[event.pk])
    assert browse(alice, link.path).h1.text == "Your password was changed"


def test_who_comes_from_a_mail_signs_in_first_and_then_sees_it(client: Client) -> None:
    response = client.get("/activity/7/")

    assert (response.status_code, response["Location"]) == (
        302,
        "/sign-in/?next=%2Factivity%2F7%2F",
    )


@pytest.mark.parametrize("page", ["", "not-me/"])
@pytest.mark.parametrize("key", ["7", "9" * 30])
def test_what_does_not_exist_is_not_found(alice: Client, browse: Any, key: str, page: str) -> None:
    browse(alice, f"/activity/{key}/{page}", status=404)


@pytest.mark.parametrize("page", ["", "not-me/"])
def test_what_happened_to_another_person_is_not_found(
    alice: Client, browse: Any, page: str
) -> None:
    browse(alice, path(happened(account_id="bob")) + page, status=404)


def test_it_is_there_while_logto_is_down(alice: Client, browse: Any, logto: Logto) -> None:
    logto.is_down()

    assert browse(alice, path(happened())).h1.text == "Your password was changed"
