"""Signing out everywhere else."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.conftest import HTMX
from tests.devices.conftest import Logto, confirmed, html, session, text_of

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/devices/others/"


@pytest.fixture
def phone(logto: Logto, sign_in: Any) -> Client:
    logto.sessions += [session("phone"), session("library")]
    client: Client = sign_in(Client(), sid="sid-of-phone")
    return client


def test_it_says_how_many_and_changes_nothing_yet(
    alice: Client, browse: Any, logto: Logto, phone: Client
) -> None:
    page = browse(alice, PATH)

    assert "2 other devices are signed out." in text_of(page)
    assert "This one stays signed in." in text_of(page)
    assert logto.ended == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_all_others_end_with_their_grants_and_this_one_stays(
    sure: Client, logto: Logto, phone: Client, headers: dict[str, str]
) -> None:
    before = sure.session.session_key

    response = sure.post(PATH, headers=headers)

    assert (response.get("HX-Redirect") or response["Location"]) == "/devices/"
    assert sorted(logto.ended) == [
        ("library", "revokeGrantsTarget=all"),
        ("phone", "revokeGrantsTarget=all"),
    ]
    assert phone.get("/activity/")["Location"].startswith("/signed-out/?reason=ended_elsewhere")
    assert "You are signed out everywhere else." in text_of(html(sure.get("/devices/")))
    assert sure.session.session_key != before


def test_it_stands_in_the_trail_and_a_mail_tells_of_it(sure: Client, phone: Client) -> None:
    sure.post(PATH)

    event = AuditEvent.objects.get()
    assert (event.action, event.outcome) == ("sessions.ended", "done")
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]


def test_what_is_left_is_told_and_can_be_tried_again(
    sure: Client, logto: Logto, phone: Client
) -> None:
    logto.fails("library")

    response = sure.post(PATH)
    logto.failing.clear()

    assert response["Location"] == "/devices/"
    told = text_of(html(sure.get("/devices/")).find(id="messages"))
    assert "1 other sign-in could not be ended." in told
    assert "You are signed out" not in told
    assert phone.get("/activity/").status_code == 302


def test_this_one_stays_even_if_logto_goes_down_meanwhile(
    sure: Client, logto: Logto, phone: Client
) -> None:
    for name in ("library", "phone"):
        logto.fails(name)

    sure.post(PATH)

    assert sure.get("/activity/").status_code == 200


def test_nothing_ends_where_the_tenant_fixes_it(sure: Client, logto: Logto, phone: Client) -> None:
    logto.lets("ReadOnly")

    sure.post(PATH)

    assert logto.ended == []
    assert phone.get("/activity/").status_code == 200
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome) == ("sessions.ended", "refused")


def test_where_no_session_is_known_as_this_one_it_says_what_that_means(
    client: Client, sign_in: Any, browse: Any, logto: Logto
) -> None:
    confirmed(sign_in(client, sid=None))

    assert "sign in here again, too" in text_of(browse(client, PATH))
    client.post(PATH)

    assert [name for name, _query in logto.ended] == ["here"]
    assert "asked to sign in here again" in text_of(html(client.get("/devices/")))


def test_it_wants_a_fresh_proof(alice: Client, logto: Logto, phone: Client) -> None:
    assert alice.post(PATH)["Location"] == "/confirm/"
    assert logto.ended == []


def test_while_logto_is_down_nothing_is_begun(sure: Client, logto: Logto, phone: Client) -> None:
    logto.fails("sessions")

    assert sure.post(PATH).status_code == 503

    assert (logto.ended, mail.outbox) == ([], [])
    assert phone.get("/activity/").status_code == 200
