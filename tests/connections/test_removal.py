"""Going without a connection."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.ways import services as ways
from tests.conftest import ALICE, HTMX
from tests.connections.conftest import OVERVIEW, told
from tests.connections.logto import Logto
from tests.security.conftest import html, letters, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/connections/removal/github/"


@pytest.fixture
def logto(logto: Logto) -> Logto:
    logto.is_connected()
    return logto


def test_the_page_says_what_remains(alice: Client, logto: Logto) -> None:
    logto.is_connected("google", "go-1", name="Ada at Google")

    text = says(alice.get(HERE))

    assert "Disconnect GitHub" in text
    assert "Ada on GitHub" in text
    assert "alice@example.com, with a code or your password" in text
    assert "Google, as Ada at Google" in text
    assert "GitHub, as" not in text


def test_it_says_that_kept_access_goes_with_it(alice: Client, logto: Logto) -> None:
    assert "goes with it" not in says(alice.get(HERE))

    logto.connectors[0]["enableTokenStorage"] = True

    assert "kept here for apps of this service goes with it" in says(alice.get(HERE))


def test_it_is_disconnected(alice: Client, logto: Logto) -> None:
    response = send(alice, HERE)

    assert (response.status_code, response["Location"]) == (303, OVERVIEW)
    assert logto.identities == {}
    assert "GitHub disconnected." in told(alice)


def test_it_happens_in_the_rows_place(alice: Client, logto: Logto) -> None:
    card = alice.get(HERE, headers=HTMX).content.decode()
    assert "<html" not in card
    assert 'id="row-github"' in card

    assert send(alice, HERE, htmx=True)["HX-Redirect"] == OVERVIEW


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto) -> None:
    send(alice, HERE)

    assert trail() == [("connection.removed", "done")]
    assert AuditEvent.objects.get().changes == {"connection": ["GitHub (A•••)", None]}
    assert letters() == ["An account elsewhere was disconnected from yours"]


def test_an_email_there_is_masked_as_one(alice: Client, logto: Logto) -> None:
    logto.is_connected(name=None)

    send(alice, HERE)

    assert AuditEvent.objects.get().changes == {
        "connection": ["GitHub (a•••@github.example)", None]
    }


def test_nothing_happens_on_get(alice: Client, logto: Logto) -> None:
    alice.get(HERE)

    assert logto.writes == []


def test_it_takes_two_trips_to_logto(alice: Client, logto: Logto) -> None:
    alice.get(HERE)
    logto.slows()

    alice.post(HERE, {"shown": "gh-1"})

    assert logto.round_trips == 2


def test_the_last_way_to_sign_in_stays(alice: Client, logto: Logto) -> None:
    _leave_no_other_way(logto)

    text = says(alice.get(HERE))

    assert "This is the only way left to sign in to your account." in text
    assert html(alice.get(HERE)).find("form", {"action": HERE}) is None

    response = alice.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 422
    assert "only way left" in says(response)
    assert logto.writes == []
    assert trail() == [("connection.removed", "refused")]


def test_what_is_no_way_to_sign_in_can_always_go(alice: Client, logto: Logto) -> None:
    logto.offers("google")

    assert send(alice, HERE).status_code == 303


def test_two_pages_at_once_leave_one_way(alice: Client, logto: Logto) -> None:
    with ways.one_at_a_time(ALICE):
        response = alice.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 422
    assert "changing this at the moment" in says(response)
    assert logto.writes == []


def test_what_was_replaced_meanwhile_is_told_first(alice: Client, logto: Logto) -> None:
    logto.is_connected("github", "gh-2", name="Somebody new")

    response = alice.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 422
    assert "This was changed elsewhere meanwhile, to “Somebody new”." in says(response)
    assert "github" in logto.identities
    again = html(response).find("input", {"name": "shown"})["value"]
    assert alice.post(HERE, {"shown": again}).status_code == 303


def test_what_went_meanwhile_is_told(alice: Client, logto: Logto) -> None:
    logto.identities.clear()

    response = alice.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 422
    assert "This was removed elsewhere meanwhile." in says(response)


def test_what_goes_at_the_last_moment_is_told(alice: Client, logto: Logto) -> None:
    logto.fails("unbind", (404, "user.identity_not_exist"))

    assert "This was removed elsewhere meanwhile." in says(alice.post(HERE, {"shown": "gh-1"}))


@pytest.mark.parametrize("key", ["google", "nothing", "conngithub"])
def test_what_is_not_theirs_can_not_be_named(alice: Client, logto: Logto, key: str) -> None:
    assert alice.get(f"/connections/removal/{key}/").status_code == 404

    response = alice.post(f"/connections/removal/{key}/", {"shown": "gh-1"})

    assert response.status_code == 422
    assert logto.writes == []


@pytest.mark.parametrize("access", ["ReadOnly", "Off"])
def test_a_tenant_that_lets_nobody_change_it_is_obeyed(
    alice: Client, logto: Logto, access: str
) -> None:
    logto.lets(social=access)

    assert alice.get(HERE).status_code == 404
    assert "This can’t be changed here any more." in says(alice.post(HERE, {"shown": "gh-1"}))
    assert logto.writes == []


def test_a_provider_that_is_gone_can_be_disconnected(alice: Client, logto: Logto) -> None:
    logto.connectors = []

    assert send(alice, HERE).status_code == 303
    assert AuditEvent.objects.get().changes == {"connection": ["github (A•••)", None]}


@pytest.mark.parametrize("target", ["a/b", "<b>", "W" * 128, "한국"])
def test_a_target_of_any_kind_can_be_disconnected(alice: Client, logto: Logto, target: str) -> None:
    logto.identities.clear()
    logto.is_connected(target)
    address = html(alice.get(OVERVIEW)).find(class_="row__action")["href"]

    assert send(alice, str(address)).status_code == 303
    assert logto.count("unbind") == 1


def test_it_is_asked_who_it_is(client: Client, sign_in: Any, logto: Logto) -> None:
    sign_in(client)

    assert client.get(HERE)["Location"] == "/confirm/"
    assert client.post(HERE, {"shown": "gh-1"})["Location"] == "/confirm/"
    assert logto.writes == []


@pytest.mark.parametrize("call", ["GET person", "unbind"])
def test_an_outage_is_told_and_nothing_is_lost(alice: Client, logto: Logto, call: str) -> None:
    logto.fails(call, 503, 503, 503, 503)

    response = alice.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 503
    assert "could not be reached" in says(response)
    assert html(response).find("input", {"name": "shown"})["value"] == "gh-1"
    assert letters() == []


def _leave_no_other_way(logto: Logto) -> None:
    logto.person |= {"username": None, "primaryEmail": None, "hasPassword": False}
    cache.clear()
