"""Having Logto forget the access that it keeps to an account elsewhere."""

from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.connections.conftest import OVERVIEW, told
from tests.connections.logto import Logto
from tests.security.conftest import letters, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/connections/access/secret1/"


@pytest.fixture
def logto(logto: Logto) -> Logto:
    logto.is_connected()
    logto.keeps()
    return logto


def test_the_page_says_what_follows(alice: Client, logto: Logto) -> None:
    text = says(alice.get(HERE))

    assert "Apps of this service can then do nothing for you at GitHub" in text
    assert "GitHub itself hears nothing of it" in text
    assert logto.writes == []


def test_it_is_removed_and_the_connection_stays(alice: Client, logto: Logto) -> None:
    response = send(alice, HERE)

    assert (response.status_code, response["Location"]) == (303, OVERVIEW)
    assert logto.kept == {}
    assert "github" in logto.identities
    assert "Kept access removed." in told(alice)


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto) -> None:
    send(alice, HERE)

    assert trail() == [("connection.token_removed", "done")]
    assert AuditEvent.objects.get().changes == {"connection": ["GitHub", None]}
    assert letters() == ["A token that was kept for a connection was removed"]


def test_that_of_an_organizations_sign_in_can_be_removed(alice: Client, logto: Logto) -> None:
    logto.works_for()
    logto.keeps("company", id="secret2")

    assert send(alice, "/connections/access/secret2/").status_code == 303
    assert "company" not in logto.kept


def test_what_is_not_theirs_can_not_be_named(alice: Client, logto: Logto) -> None:
    logto.kept["nobodys"] = {**logto.kept["github"], "id": "secret9"}

    assert alice.get("/connections/access/secret9/").status_code == 404
    response = alice.post("/connections/access/secret9/")

    assert response.status_code == 422
    assert "This was removed elsewhere meanwhile." in says(response)
    assert logto.count("forget") == 0


def test_what_goes_at_the_last_moment_is_told(alice: Client, logto: Logto) -> None:
    logto.fails("forget", (404, "entity.not_found"))

    assert "This was removed elsewhere meanwhile." in says(alice.post(HERE))
    assert trail() == [("connection.token_removed", "refused")]


def test_it_is_asked_who_it_is(client: Client, sign_in: Any, logto: Logto) -> None:
    sign_in(client)

    assert client.post(HERE)["Location"] == "/confirm/"
    assert logto.kept


@pytest.mark.parametrize("access", ["ReadOnly", "Off"])
def test_a_tenant_that_lets_nobody_change_it_is_obeyed(
    alice: Client, logto: Logto, access: str
) -> None:
    logto.lets(social=access)

    assert alice.get(HERE).status_code == 404
    assert alice.post(HERE).status_code == 422
    assert logto.count("forget") == 0


@pytest.mark.parametrize("call", ["GET everything", "forget"])
def test_an_outage_is_told(alice: Client, logto: Logto, call: str) -> None:
    logto.fails(call, 503, 503)

    response = alice.post(HERE)

    assert response.status_code == 503
    assert "could not be reached" in says(response)


def test_it_takes_two_trips_to_logto(alice: Client, logto: Logto) -> None:
    alice.get(HERE)
    logto.slows()

    alice.post(HERE)

    assert logto.round_trips == 2
