"""An answer connects an account only where it was asked for: in this session, once, in time."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.connections import trips
from accountsite.signin import services as signin
from accountsite.ways import services as ways
from tests.conftest import ALICE
from tests.connections.conftest import (
    OVERVIEW,
    callback_of,
    come_back,
    leave,
    link_page,
    told,
    way_out,
)
from tests.connections.logto import Logto, state_of
from tests.security.conftest import says, trail

pytestmark = pytest.mark.django_db(transaction=True)


def is_refused(response: Any, logto: Logto) -> bool:
    """Whether the page says so, and Logto was not asked for anything."""
    assert response.status_code == 400
    assert logto.count("bind") == logto.count("verify") == logto.count("link") == 0
    return logto.identities == {}


@pytest.mark.parametrize("state", ["", "x", "ü", "0" * 5000])
def test_a_state_that_was_never_given_out_is_refused(
    alice: Client, logto: Logto, state: str
) -> None:
    leave(alice)

    response = come_back(alice, state)

    assert is_refused(response, logto)
    assert "This can’t be used here" in says(response)
    assert trail() == [("connection.added", "refused")]
    assert AuditEvent.objects.get().reason == "state_unknown"


def test_a_forged_answer_without_a_state_is_refused(alice: Client, logto: Logto) -> None:
    leave(alice)

    assert is_refused(alice.get(f"{callback_of()}?code=new-1"), logto)


def test_an_answer_to_no_provider_at_all_is_refused(alice: Client, logto: Logto) -> None:
    state = leave(alice)

    assert is_refused(alice.get(f"/connections/callback/?code=new-1&state={state}"), logto)


def test_the_state_of_another_session_is_refused(
    alice: Client, sign_in: Any, sure: Any, logto: Logto
) -> None:
    elsewhere = sure(sign_in(Client()))
    theirs = leave(elsewhere)

    assert is_refused(come_back(alice, theirs), logto)
    assert come_back(elsewhere, theirs)["Location"] == f"{OVERVIEW}#row-github"


def test_the_state_of_another_person_is_refused_in_the_same_session_too(
    alice: Client, logto: Logto
) -> None:
    state = leave(alice)
    session = alice.session
    session[trips.KEY] = [kept | {"account_id": "mallory00001"} for kept in session[trips.KEY]]
    session.save()

    response = come_back(alice, state)

    assert is_refused(response, logto)
    assert AuditEvent.objects.get().reason == "state_of_another_person"


def test_another_person_finds_no_trips_in_the_browser(
    alice: Client, sign_in: Any, logto: Logto
) -> None:
    state = leave(alice)

    mallory = sign_in(alice, id="mallory00001")

    assert trips.KEY not in mallory.session
    assert is_refused(come_back(mallory, state), logto)


@pytest.mark.parametrize("other", ["google", "apple", "nothing"])
def test_the_state_of_another_connector_is_refused(alice: Client, logto: Logto, other: str) -> None:
    state = leave(alice)

    response = come_back(alice, state, key=other)

    assert is_refused(response, logto)
    assert AuditEvent.objects.get().reason == "state_of_another_provider"
    assert is_refused(come_back(alice, state), logto), "it is used up by that"


def test_a_replay_is_refused(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    come_back(alice, state)

    response = come_back(alice, state, code="new-2")

    assert response.status_code == 400
    assert "This was done already" in says(response)
    assert logto.identities["github"]["userId"] == "new-1"
    assert logto.count("bind") == 1
    assert trail()[-1] == ("connection.added", "refused")


def test_a_replay_is_refused_after_an_answer_that_connected_nothing(
    alice: Client, logto: Logto
) -> None:
    state = leave(alice)
    come_back(alice, state, error="access_denied")

    assert is_refused(come_back(alice, state), logto)


def test_a_replay_out_of_an_old_copy_of_the_session_is_refused(alice: Client, logto: Logto) -> None:
    """As two answers find it that come at the same time."""
    state = leave(alice)
    before = alice.session[trips.KEY]
    come_back(alice, state)
    session = alice.session
    session[trips.KEY] = before
    session.save()

    assert come_back(alice, state, code="new-2").status_code == 400
    assert logto.count("bind") == 1


def test_an_answer_after_ten_minutes_is_refused(alice: Client, logto: Logto, clock: Any) -> None:
    state = leave(alice)
    clock.shift(601)

    response = come_back(alice, state)

    assert is_refused(response, logto)
    assert "That took too long" in says(response)
    assert trail() == []


def test_after_a_day_it_is_not_known_any_more(alice: Client, logto: Logto, clock: Any) -> None:
    leave(alice)
    clock.shift(1300)
    session = alice.session
    trips.begin(
        session,
        ALICE,
        key="google",
        target="google",
        connector_id="c",
        provider="Google",
        replaces="",
        needs_own_access=False,
        gains_by_own_access=False,
    )

    assert [kept["key"] for kept in session[trips.KEY]] == ["google"]


def test_an_answer_is_refused_before_anybody_was_sent_to_the_provider(
    alice: Client, logto: Logto
) -> None:
    state = state_of(way_out(alice))

    assert is_refused(come_back(alice, state), logto)


def test_a_way_out_that_was_never_offered_leads_to_the_page_that_offers_one(
    alice: Client, logto: Logto
) -> None:
    response = alice.get("/connections/leave/github/?state=x")

    assert response["Location"] == link_page()
    assert logto.count("authorize") == 0


def test_a_way_out_leads_to_its_own_provider_alone(alice: Client, logto: Logto) -> None:
    state = state_of(way_out(alice))

    assert alice.get(f"/connections/leave/google/?state={state}").status_code == 400
    assert logto.count("authorize") == 0


def test_a_way_out_is_over_after_ten_minutes(
    alice: Client, logto: Logto, clock: Any, sure: Any
) -> None:
    address = way_out(alice)
    clock.shift(601)

    assert "That took too long" in says(sure(alice).get(address))


def test_a_used_state_leads_to_no_provider(alice: Client, logto: Logto) -> None:
    address = way_out(alice)
    come_back(alice, state_of(alice.get(address)["Location"]))

    assert alice.get(address)["Location"] == link_page()
    assert logto.count("authorize") == 1


def test_parallel_trips_to_two_providers_both_end_well(alice: Client, logto: Logto) -> None:
    states = {key: leave(alice, key) for key in ("github", "google")}

    for key in ("google", "github"):
        assert come_back(alice, states[key], key=key, code=f"{key}-1").status_code == 302

    assert {key: each["userId"] for key, each in logto.identities.items()} == {
        "github": "github-1",
        "google": "google-1",
    }


def test_the_second_of_parallel_trips_to_one_provider_asks_first(
    alice: Client, logto: Logto
) -> None:
    first, second = leave(alice), leave(alice)
    come_back(alice, first)

    response = come_back(alice, second, code="new-2")

    assert response["Location"] == "/connections/replacement/github/"
    assert logto.identities["github"]["userId"] == "new-1"
    assert logto.count("bind") == 1


def test_answers_at_the_same_moment_are_looked_at_one_by_one(alice: Client, logto: Logto) -> None:
    state = leave(alice)

    with ways.one_at_a_time(ALICE):
        response = come_back(alice, state)

    assert response.status_code == 409
    assert "changing this at the moment" in says(response)
    assert logto.count("bind") == 0


def test_many_open_pages_forget_the_oldest(alice: Client, logto: Logto) -> None:
    oldest = leave(alice)
    addresses = [way_out(alice) for _each in range(trips.MOST)]

    assert is_refused(come_back(alice, oldest), logto)
    assert alice.get(addresses[0]).status_code == 302


def test_refused_answers_do_not_fill_the_trail(alice: Client, logto: Logto) -> None:
    for _each in range(30):
        assert come_back(alice, "x").status_code == 400

    assert AuditEvent.objects.count() == 20


def test_who_is_signed_out_meanwhile_is_told(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    alice.session.flush()

    response = come_back(alice, state)

    assert is_refused(response, logto)
    assert "You were signed out meanwhile, so nothing was connected." in says(response)


def test_the_state_is_not_in_the_database_to_be_read(alice: Client, logto: Logto) -> None:
    state = leave(alice)

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM signin_session")
        assert all(state.encode() not in bytes(row[0]) for row in cursor.fetchall())


def test_a_proof_that_is_used_for_signing_in_stays_apart(alice: Client, logto: Logto) -> None:
    state = leave(alice)

    assert state not in alice.session.get(signin.ATTEMPTS, {})
    assert told(alice) == ""
