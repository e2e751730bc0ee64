"""The switch: whether a second step is asked for, where that is up to the person."""

import pytest
from django.core.cache import cache

from tests.security.conftest import html, letters, messages, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/security/two-step/"


@pytest.fixture
def logto(logto):
    return logto.has("Totp")


def is_ticked(client):
    return html(client.get(PATH)).find("input", {"name": "is_on"}).has_attr("checked")


@pytest.mark.parametrize(
    ("chosen", "is_on"),
    [
        ({}, True),
        ({"enabled": True}, True),
        ({"enabled": False}, False),
        ({"skipMfaOnSignIn": True}, False),
        ({"enabled": True, "skipMfaOnSignIn": True}, False),
    ],
)
def test_it_shows_what_is_chosen(alice, logto, chosen, is_on):
    logto.settings |= chosen

    assert is_ticked(alice) is is_on


def test_it_is_turned_off_told_audited_and_mailed(alice, logto):
    answer = send(alice, PATH)

    assert answer["Location"] == "/security/"
    assert logto.settings["skipMfaOnSignIn"] is True
    assert "Two-step verification is off." in messages(alice)
    assert trail() == [("two_step.turned_off", "done")]
    assert letters() == ["Two-step verification was turned off"]


def test_it_is_turned_on_whichever_way_it_was_off(alice, logto):
    logto.settings |= {"enabled": False, "skipMfaOnSignIn": True}

    send(alice, PATH, is_on="on")

    assert logto.settings["enabled"] is True
    assert logto.settings["skipMfaOnSignIn"] is False
    assert is_ticked(alice)
    assert trail() == [("two_step.turned_on", "done")]


def test_what_is_so_already_is_not_done_again(alice, logto):
    assert send(alice, PATH, is_on="on").status_code == 303
    assert (logto.writes, trail(), letters()) == ([], [], [])


def test_codes_by_mail_are_asked_for_once_they_are_turned_on(alice, logto):
    logto.factors = []
    logto.wants("UserControlled", "EmailVerificationCode")
    assert not is_ticked(alice)

    send(alice, PATH, is_on="on")

    assert is_ticked(alice)


def test_where_there_is_nothing_to_ask_for_there_is_no_switch(alice, logto):
    logto.factors = []
    assert alice.get(PATH).status_code == 404

    answer = alice.post(PATH, {"is_on": "on"})

    assert "Add an authenticator app first." in says(answer)
    assert logto.writes == []


def test_where_the_tenant_asks_everybody_it_cant_be_turned_off(alice, logto):
    logto.wants("Mandatory")

    answer = alice.post(PATH)

    assert answer.status_code == 422
    assert "This service asks everybody for a second step." in says(answer)
    assert (logto.writes, trail()) == ([], [("two_step.turned_off", "refused")])


def test_what_the_tenant_fixes_stays(alice, logto):
    alice.get(PATH)
    logto.lets(mfa="ReadOnly")
    cache.clear()

    assert "can’t be changed here" in says(alice.post(PATH))
    assert logto.writes == []


def test_in_an_outage_the_form_is_kept(alice, logto):
    logto.fails("PATCH logto-configs", 503)

    answer = send(alice, PATH)

    assert answer.status_code == 503
    assert not html(answer).find("input", {"name": "is_on"}).has_attr("checked")
    assert trail() == [("two_step.turned_off", "unknown")]


def test_with_htmx_the_form_stands_in_the_place_of_the_row(alice, logto):
    logto.fails("PATCH logto-configs", 503)

    answer = send(alice, PATH, htmx=True)

    assert 'id="row-two-step"' in answer.text
    assert "<html" not in answer.text


def test_it_takes_two_round_trips(alice, logto):
    alice.get("/security/")
    logto.slows()

    alice.post(PATH)

    assert logto.round_trips == 2
