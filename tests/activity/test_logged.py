"""One thing that the sign-in service tells of."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accountsite.logto.logs import Key
from tests.activity.conftest import Logto, log, text_of
from tests.conftest import HTMX

pytestmark = pytest.mark.django_db

PATH = "/activity/sign-in-service/log7/"


def details(page: BeautifulSoup) -> dict[str, str]:
    return {
        text_of(row.find(class_="row__label")): text_of(row.find(class_="row__body"))
        for row in page.find_all(class_="row")
    }


def test_it_says_what_happened_when_how_where_and_in_which_app(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(id="log7")]

    page = browse(alice, PATH)

    assert page.h1.text == "You signed in with your password"
    assert details(page) == {
        "When": "November 20, 2026, 12:00 PM",
        "Proved with": "your password",
        "App": "Acme Mail",
        "Device": "Chrome on Windows",
        "IP address": "192.0.2.7",
        "Reference": "log7 If you ask for help, tell this.",
    }
    button = page.find(class_="button--danger")
    assert (button.text, button["href"]) == ("This wasn’t me", f"{PATH}not-me/")


def test_of_what_failed_it_gives_the_reason_in_logto_s_word(
    alice: Client, browse: Any, logto: Logto
) -> None:
    error = {"code": "session.invalid_credentials", "message": "planted"}
    logto.log += [log(id="log7", result="Error", error=error, interaction=None)]

    page = browse(alice, PATH)

    assert page.h1.text == "A sign-in failed"
    assert "nothing changed" in page.find(class_="heading__lead").text
    assert details(page)["Reason"].startswith("session.invalid_credentials ")
    assert "planted" not in str(page)


@pytest.mark.parametrize("label", ["<img src=x onerror=alert(1)>", "\u202egnp.exe", "{{ 7 * 7 }}"])
def test_what_an_app_is_called_is_only_text(
    alice: Client, browse: Any, logto: Logto, label: str
) -> None:
    logto.app_name = label
    logto.log += [log(id="log7")]

    row = browse(alice, PATH).find(id="app")

    assert row.img is None
    assert row.bdi.text == label


@pytest.mark.parametrize(
    "row",
    [
        {"userId": "bob"},
        {"userId": None},
        {"key": "Interaction.Create"},
        {"key": "ExchangeTokenBy.ClientCredentials"},
        {"result": "Error", "error": {"code": "session.mfa.require_mfa_verification"}},
        {"id": "log8"},
    ],
)
@pytest.mark.parametrize("page", ["", "not-me/"])
def test_another_person_s_and_what_is_not_told_is_not_found(
    alice: Client, browse: Any, logto: Logto, row: Any, page: str
) -> None:
    logto.log += [log(**{"id": "log7", **row})]

    browse(alice, PATH + page, status=404)


@pytest.mark.parametrize("key", ["x" * 65, "..", "%2e%2e", "a%2Fb", "a%00", "é"])
def test_what_can_be_no_id_is_not_even_asked_for(
    alice: Client, browse: Any, logto: Logto, key: str
) -> None:
    logto.wire.calls.reset()

    browse(alice, f"/activity/sign-in-service/{key}/", status=404)

    assert not [call for call in logto.wire.calls if "/logs" in call.request.url]


def test_it_takes_one_round_trip(alice: Client, browse: Any, logto: Logto) -> None:
    logto.log += [log(id="log7")]
    browse(alice, PATH)
    logto.wire.calls.reset()

    browse(alice, PATH)

    assert [call.request.path_url for call in logto.wire.calls] == ["/api/logs/log7"]


def test_without_the_names_of_apps_the_rest_is_told(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(id="log7", key=Key.REVOCATION.value)]
    logto.fails("applications")

    page = browse(alice, PATH)

    assert page.h1.text == "An app gave up its access to your account"
    assert "App" not in details(page)


@pytest.mark.parametrize("htmx", [True, False])
def test_while_logto_is_down_it_says_so(alice: Client, logto: Logto, *, htmx: bool) -> None:
    logto.log += [log(id="log7")]
    logto.fails("logs")

    response = alice.get(PATH, headers=HTMX if htmx else {})

    assert response.status_code == 503
    assert "signed in" not in response.content.decode()


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: Client) -> None:
    response = client.get(PATH)

    assert response["Location"] == "/sign-in/?next=%2Factivity%2Fsign-in-service%2Flog7%2F"
