"""Connecting an account at a provider, and each way in which that can end."""

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.conftest import HTMX
from tests.connections.conftest import (
    OVERVIEW,
    callback_of,
    come_back,
    leave,
    link_page,
    told,
    way_out,
)
from tests.connections.logto import Logto, connector, state_of
from tests.security.conftest import html, letters, says, trail

pytestmark = pytest.mark.django_db(transaction=True)


# Setting out


def test_the_page_says_where_one_goes(alice: Client, logto: Logto) -> None:
    text = says(alice.get(link_page()))

    assert "Connect GitHub" in text
    assert "say who you are there, and come back here." in text
    assert "Continue to GitHub" in text


def test_nothing_is_asked_of_the_provider_before_one_leaves(alice: Client, logto: Logto) -> None:
    way_out(alice)

    assert logto.writes == []


def test_the_link_leads_to_the_provider_and_names_the_way_back(alice: Client, logto: Logto) -> None:
    response = alice.get(way_out(alice))

    assert response.status_code == 302
    assert response["Location"].startswith("https://provider.test/authorize?")
    assert logto.sent["authorize"] == {
        "state": state_of(response["Location"]),
        "redirectUri": "http://localhost:8000/connections/callback/github/",
    }
    assert len(state_of(response["Location"])) >= 40


def test_each_trip_has_a_state_of_its_own(alice: Client, logto: Logto) -> None:
    assert leave(alice) != leave(alice)


def test_it_is_asked_who_it_is_before_the_trip(client: Client, sign_in: Any, logto: Logto) -> None:
    sign_in(client)

    assert client.get(link_page())["Location"] == "/confirm/"


def test_it_is_asked_who_it_is_again_where_the_page_was_open_for_long(
    alice: Client, logto: Logto, clock: Any
) -> None:
    address = way_out(alice)
    clock.shift(601)

    assert alice.get(address)["Location"] == "/confirm/"
    assert logto.count("authorize") == 0


def test_in_a_rows_place_it_is_a_part_of_the_page(alice: Client, logto: Logto) -> None:
    card = alice.get(link_page(), headers=HTMX).content.decode()

    assert "<html" not in card
    assert 'id="row-github"' in card


@pytest.mark.parametrize("key", ["nothing", "callback", "GitHub"])
def test_there_is_no_page_for_a_provider_that_is_not_offered(
    alice: Client, logto: Logto, key: str
) -> None:
    assert alice.get(link_page(key)).status_code == 404


@pytest.mark.parametrize("access", ["ReadOnly", "Off"])
def test_there_is_no_page_where_the_tenant_lets_nobody_connect(
    alice: Client, logto: Logto, access: str
) -> None:
    logto.lets(social=access)

    assert alice.get(link_page()).status_code == 404


def test_trips_are_counted(alice: Client, logto: Logto) -> None:
    address = way_out(alice)
    answers = [alice.get(address) for _each in range(21)]

    assert {answer.status_code for answer in answers[:20]} == {302}
    assert "Too many attempts. Try again in" in says(answers[20])


def test_a_connector_that_logto_does_not_link_from_here_says_so(
    alice: Client, logto: Logto
) -> None:
    logto.fails("authorize", (501, "connector.not_implemented"))

    response = alice.get(way_out(alice))

    assert response.status_code == 409
    assert "GitHub can’t be connected here" in says(response)


def test_a_connector_with_broken_settings_says_so(alice: Client, logto: Logto) -> None:
    logto.fails("authorize", (400, "connector.invalid_config"))

    response = alice.get(way_out(alice))

    assert response.status_code == 400
    assert "GitHub did not answer as it should" in says(response)


def test_an_outage_before_the_trip_can_be_tried_again(alice: Client, logto: Logto) -> None:
    logto.fails("authorize", 503)
    address = way_out(alice)

    response = alice.get(address)

    assert response.status_code == 503
    assert html(response).find("a", string="Try again")["href"] == link_page()
    assert alice.get(address).status_code == 302


# Coming back


def test_it_is_connected(alice: Client, logto: Logto) -> None:
    response = come_back(alice, leave(alice))

    assert (response.status_code, response["Location"]) == (302, f"{OVERVIEW}#row-github")
    assert logto.identities["github"]["userId"] == "new-1"
    assert "GitHub connected." in told(alice)


def test_logto_gets_the_answer_and_the_address_that_it_came_to(alice: Client, logto: Logto) -> None:
    state = leave(alice)

    come_back(alice, state, scope="profile", redirectUri="https://evil.example/")

    assert logto.sent["bind"] == {
        "connectorId": "conngithub",
        "connectorData": {
            "code": "new-1",
            "state": state,
            "scope": "profile",
            "redirectUri": "http://localhost:8000/connections/callback/github/",
        },
    }


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto) -> None:
    come_back(alice, leave(alice))

    assert trail() == [("connection.added", "done")]
    assert AuditEvent.objects.get().changes == {"connection": [None, "GitHub"]}
    assert letters() == ["An account elsewhere was connected to yours"]
    assert mail.outbox[0].to == ["alice@example.com"]


def test_it_takes_two_trips_to_logto_in_a_row(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    logto.slows()

    come_back(alice, state)

    assert logto.round_trips == 2


def test_the_page_and_the_way_out_take_one_each(alice: Client, logto: Logto) -> None:
    alice.get(OVERVIEW)
    logto.slows()

    address = way_out(alice)
    assert logto.round_trips == 1

    logto.slows()
    alice.get(address)
    assert logto.round_trips == 1


def test_nobody_is_asked_who_it_is_on_the_way_back(alice: Client, logto: Logto, clock: Any) -> None:
    address = way_out(alice)
    clock.shift(500)
    state = state_of(alice.get(address)["Location"])
    clock.shift(200)

    assert come_back(alice, state)["Location"] == f"{OVERVIEW}#row-github"


def test_some_providers_answer_by_a_form(client: Client, alice: Client, logto: Logto) -> None:
    state = leave(alice)
    stranger = Client(enforce_csrf_checks=True)  # a form of theirs comes without our cookies

    response = stranger.post(callback_of(), {"code": "new-1", "state": state, "user": '{"a": 1}'})

    assert response.status_code == 303
    assert logto.count("bind") == 0
    assert alice.get(response["Location"])["Location"] == f"{OVERVIEW}#row-github"
    assert logto.sent["bind"]["connectorData"]["user"] == '{"a": 1}'


# The other endings


@pytest.mark.parametrize("error", ["access_denied", "user_cancelled_authorize"])
def test_a_person_who_says_no_there_has_changed_nothing(
    alice: Client, logto: Logto, error: str
) -> None:
    response = come_back(alice, leave(alice), error=error, code="")

    text = says(response)
    assert response.status_code == 200
    assert "You did not let GitHub tell who you are there. Nothing has changed." in text
    assert html(response).find("a", string="Try again")["href"] == link_page()
    assert logto.writes == ["authorize"]
    assert trail() == []


def test_a_provider_that_reports_an_error_is_not_taken_for_a_no(
    alice: Client, logto: Logto
) -> None:
    response = come_back(alice, leave(alice), error="server_error")

    assert response.status_code == 400
    assert "GitHub did not answer as it should" in says(response)
    assert logto.writes == ["authorize"]


def test_a_provider_that_does_not_know_its_own_code_is_told_of(alice: Client, logto: Logto) -> None:
    response = come_back(alice, leave(alice), code="bad")

    assert response.status_code == 400
    assert "nothing was connected" in says(response)
    assert trail() == [("connection.added", "refused")]
    assert letters() == []


def test_an_absurdly_long_answer_is_not_passed_on(alice: Client, logto: Logto) -> None:
    response = come_back(alice, leave(alice), padding="x" * 20_000)

    assert response.status_code == 400
    assert logto.count("bind") == 0


def test_an_account_of_somebody_else_stays_theirs(alice: Client, logto: Logto) -> None:
    logto.owners["github", "new-1"] = "bob"

    response = come_back(alice, leave(alice))

    assert response.status_code == 409
    assert "Connected to another account already" in says(response)
    assert logto.identities == {}
    assert trail() == [("connection.added", "refused")]


@pytest.mark.parametrize("how", [500, "lost"])
def test_after_an_outage_nothing_is_promised_and_one_can_try_again(
    alice: Client, logto: Logto, how: Any
) -> None:
    logto.fails("bind", how)

    response = come_back(alice, leave(alice))

    assert response.status_code == 503
    assert "Your connections show whether it was connected all the same" in says(response)
    assert trail() == [("connection.added", "unknown")]
    assert letters() == []

    logto.identities.clear()
    assert come_back(alice, leave(alice))["Location"] == f"{OVERVIEW}#row-github"


def test_an_outage_before_the_change_leaves_it_undone(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    logto.fails("GET person", 503, 503)

    assert come_back(alice, state).status_code == 503
    assert logto.count("bind") == 0


def test_a_suspended_person_connects_nothing(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    logto.person["isSuspended"] = True

    assert come_back(alice, state)["Location"].startswith("/signed-out/")
    assert logto.count("bind") == 0


def test_a_connector_that_went_away_meanwhile_is_told_of(alice: Client, logto: Logto) -> None:
    state = leave(alice)
    logto.connectors = []

    assert "GitHub can’t be connected here" in says(come_back(alice, state))


@pytest.mark.parametrize("access", ["ReadOnly", "Off"])
def test_a_tenant_that_stops_it_meanwhile_is_obeyed(
    alice: Client, logto: Logto, access: str
) -> None:
    state = leave(alice)
    logto.lets(social=access)
    cache.clear()  # a minute later

    response = come_back(alice, state)

    assert "GitHub can’t be connected here" in says(response)
    assert logto.count("bind") == 0


@pytest.mark.parametrize("how", [(401, "auth.unauthorized"), (403, "auth.forbidden")])
def test_this_sites_own_trouble_with_logto_is_no_ending(
    alice: Client, logto: Logto, how: Any
) -> None:
    logto.fails("bind", how, how)

    response = come_back(alice, leave(alice))

    assert response.status_code == 503
    assert "can’t be connected here" not in says(response)


def test_names_of_providers_are_no_markup(alice: Client, logto: Logto) -> None:
    logto.connectors = [connector("github", name={"en": "<b>Hub</b>\u202e"})]

    page = alice.get(link_page()).content.decode()
    ended = come_back(alice, leave(alice), error="access_denied").content.decode()

    for text in (page, ended):
        assert "&lt;b&gt;Hub&lt;/b&gt;" in text
        assert "<b>" not in text
