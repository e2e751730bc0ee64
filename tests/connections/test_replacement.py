"""Putting another account of a provider in the place of the one that is connected."""

from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.connections import trips
from tests.connections.conftest import OVERVIEW, come_back, leave, link_page, told
from tests.connections.logto import Logto
from tests.security.conftest import html, letters, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/connections/replacement/github/"


@pytest.fixture
def asked(alice: Client, logto: Logto) -> Client:
    """Alice, whose answer is about another account than the one that was connected meanwhile."""
    state = leave(alice)
    logto.is_connected()
    assert come_back(alice, state)["Location"] == HERE
    return alice


# Said at the start


def test_the_page_says_whose_place_it_takes(alice: Client, logto: Logto) -> None:
    logto.is_connected()

    text = says(alice.get(link_page()))

    assert "You are connected to GitHub as Ada on GitHub . The account that you choose" in text
    assert "Choose another account" in text


def test_what_was_agreed_to_is_replaced(alice: Client, logto: Logto) -> None:
    logto.is_connected()

    response = come_back(alice, leave(alice))

    assert response["Location"] == f"{OVERVIEW}#row-github"
    assert logto.identities["github"]["userId"] == "new-1"
    assert trail() == [("connection.replaced", "done")]
    assert AuditEvent.objects.get().changes == {"connection": ["GitHub (A•••)", "GitHub"]}
    assert letters() == ["An account that is connected to yours was replaced"]


def test_the_same_account_again_is_said_to_be_the_same(alice: Client, logto: Logto) -> None:
    logto.is_connected("github", "new-1")

    come_back(alice, leave(alice))

    assert "It is the same account at GitHub as before" in told(alice)
    assert letters() == []


def test_what_went_meanwhile_is_no_hindrance(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    state = leave(alice)
    logto.identities.clear()

    come_back(alice, state)

    assert trail() == [("connection.added", "done")]


def test_another_one_than_was_agreed_to_is_asked_about(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    state = leave(alice)
    logto.is_connected("github", "gh-2")

    assert come_back(alice, state)["Location"] == HERE
    assert logto.identities["github"]["userId"] == "gh-2"


# Asked at the end


def test_nothing_is_replaced_unasked(asked: Client, logto: Logto) -> None:
    assert logto.identities["github"]["userId"] == "gh-1"
    assert logto.count("bind") == 0
    assert trail() == []


def test_the_question_names_what_would_go(asked: Client, logto: Logto) -> None:
    text = says(asked.get(HERE))

    assert "You are connected to GitHub already, as Ada on GitHub" in text
    assert html(asked.get(HERE)).find("a", string="Leave it as it is")["href"] == (
        f"{OVERVIEW}#row-github"
    )


def test_it_is_replaced_when_they_say_so(asked: Client, logto: Logto) -> None:
    response = send(asked, HERE)

    assert (response.status_code, response["Location"]) == (303, f"{OVERVIEW}#row-github")
    assert logto.identities["github"]["userId"] == "new-1"
    assert trail() == [("connection.replaced", "done")]


def test_it_takes_two_trips_to_logto(asked: Client, logto: Logto) -> None:
    logto.slows()

    asked.post(HERE, {"shown": "gh-1"})

    assert logto.round_trips == 2


def test_it_is_replaced_once(asked: Client, logto: Logto) -> None:
    asked.post(HERE, {"shown": "gh-1"})

    response = asked.post(HERE, {"shown": "new-1"})

    assert response.status_code == 400
    assert logto.count("bind") == 1


def test_nothing_is_asked_any_more_then(asked: Client, logto: Logto) -> None:
    asked.post(HERE, {"shown": "gh-1"})

    assert asked.get(HERE).status_code == 400


def test_it_is_replaced_once_by_two_answers_at_the_same_time(asked: Client, logto: Logto) -> None:
    before = asked.session[trips.KEY]
    asked.post(HERE, {"shown": "gh-1"})
    session = asked.session
    session[trips.KEY] = before
    session.save()

    assert asked.post(HERE, {"shown": "new-1"}).status_code == 400
    assert logto.count("bind") == 1


def test_what_changes_before_they_answer_stays(asked: Client, logto: Logto) -> None:
    logto.is_connected("github", "gh-2")

    response = asked.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 409
    assert "was changed elsewhere meanwhile" in says(response)
    assert logto.identities["github"]["userId"] == "gh-2"


def test_what_goes_before_they_answer_is_no_hindrance(asked: Client, logto: Logto) -> None:
    logto.identities.clear()

    assert "was disconnected meanwhile" in says(asked.get(HERE))
    assert send(asked, HERE).status_code == 303
    assert trail() == [("connection.added", "done")]


def test_the_question_waits_no_longer_than_the_answer_is_good(
    asked: Client, logto: Logto, clock: Any, sure: Any
) -> None:
    clock.shift(601)
    sure(asked)

    assert asked.get(HERE).status_code == 400
    assert asked.post(HERE, {"shown": "gh-1"}).status_code == 400
    assert logto.count("bind") == 0


@pytest.mark.parametrize("key", ["google", "nothing"])
def test_there_is_no_question_about_another_provider(asked: Client, logto: Logto, key: str) -> None:
    other = HERE.replace("github", key)

    assert asked.get(other).status_code == 400
    assert asked.post(other, {"shown": "gh-1"}).status_code == 400
    assert logto.count("bind") == 0


def test_another_session_is_asked_nothing(
    asked: Client, sign_in: Any, sure: Any, logto: Logto
) -> None:
    other = sure(sign_in(Client()))

    assert other.post(HERE, {"shown": "gh-1"}).status_code == 400
    assert logto.count("bind") == 0


def test_it_is_asked_who_it_is_where_that_is_long_ago(
    asked: Client, logto: Logto, clock: Any
) -> None:
    session = asked.session
    session["proofs"] = {}
    session.save()

    assert asked.post(HERE, {"shown": "gh-1"})["Location"] == "/confirm/"
    assert logto.count("bind") == 0


@pytest.mark.parametrize("call", ["GET person", "bind"])
def test_an_outage_is_told(asked: Client, logto: Logto, call: str) -> None:
    logto.fails(call, 503, 503)

    response = asked.post(HERE, {"shown": "gh-1"})

    assert response.status_code == 503
    assert logto.identities["github"]["userId"] == "gh-1"


def test_a_code_that_has_grown_old_is_told(asked: Client, logto: Logto) -> None:
    logto.fails("bind", (400, "connector.social_auth_code_invalid"))

    assert "did not answer as it should" in says(asked.post(HERE, {"shown": "gh-1"}))
