"""Connectors that keep something in a session: connected with the person's own token."""

from typing import Any

import pytest
from django.test import Client

from accountsite.confirmation import proofs
from tests.connections.conftest import OVERVIEW, come_back, leave, link_page, told, way_out
from tests.connections.logto import Logto
from tests.logto import answers
from tests.security.conftest import html, letters, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(alice: Client, with_token: Any) -> Client:
    """Alice, who has just proved that it's her, also to Logto."""
    return with_token(alice)  # type: ignore[no-any-return]


def test_it_is_connected(alice: Client, logto: Logto) -> None:
    state = leave(alice, "apple")

    response = come_back(alice, state, key="apple")

    assert response["Location"] == f"{OVERVIEW}#row-apple"
    assert logto.sent["start"] == {
        "connectorId": "connapple",
        "state": state,
        "redirectUri": "http://localhost:8000/connections/callback/apple/",
    }
    assert logto.sent["verify"]["connectorData"]["redirectUri"].endswith("/callback/apple/")
    assert logto.sent["link"] == {
        "newIdentifierVerificationRecordId": "record1",
        "proof": "proof1",
    }
    assert logto.count("bind") == logto.count("authorize") == 0
    assert "Apple connected." in told(alice)
    assert trail() == [("connection.added", "done")]
    assert letters() == ["An account elsewhere was connected to yours"]


def test_it_takes_two_trips_to_logto(alice: Client, logto: Logto) -> None:
    state = leave(alice, "apple")
    logto.slows()

    come_back(alice, state, key="apple")

    assert logto.round_trips == 2


def test_what_was_agreed_to_is_replaced(alice: Client, logto: Logto) -> None:
    logto.is_connected("apple", "ap-1")

    come_back(alice, leave(alice, "apple"), key="apple")

    assert logto.identities["apple"]["userId"] == "new-1"
    assert logto.count("replace") == 1
    assert trail() == [("connection.replaced", "done")]


def test_nothing_is_replaced_unasked(alice: Client, logto: Logto) -> None:
    state = leave(alice, "apple")
    logto.is_connected("apple", "ap-1")

    response = come_back(alice, state, key="apple")

    assert response["Location"] == "/connections/replacement/apple/"
    assert logto.identities["apple"]["userId"] == "ap-1"
    assert send(alice, response["Location"]).status_code == 303
    assert logto.identities["apple"]["userId"] == "new-1"
    assert logto.count("verify") == 1


def test_who_has_nothing_to_prove_with_needs_no_proof(
    alice: Client, logto: Logto, with_token: Any
) -> None:
    with_token(alice, record="")
    logto.person |= {"hasPassword": False, "primaryEmail": None, "primaryPhone": None}

    come_back(alice, leave(alice, "apple"), key="apple")

    assert logto.sent["link"]["proof"] is None


def test_without_a_proof_that_logto_knows_it_is_asked_who_it_is(
    alice: Client, logto: Logto
) -> None:
    session = alice.session
    proofs.forget_record(session)
    session.save()

    assert alice.get(link_page("apple"))["Location"] == "/confirm/"
    assert alice.get(link_page("google")).status_code == 200


def test_a_proof_that_could_not_be_had_is_asked_for_again(
    alice: Client, logto: Logto, with_token: Any
) -> None:
    with_token(alice, record="")

    page = alice.get(link_page("apple"))

    assert "It could not be confirmed that it’s you." in says(page)
    assert html(page).find("a", string="Try again")["href"] == link_page("apple")
    assert alice.get(link_page("apple"))["Location"] == "/confirm/"


def test_without_a_token_one_signs_in_again(client: Client, sign_in: Any, logto: Logto) -> None:
    sign_in(client)

    response = client.get(link_page("apple"))

    assert response["Location"] == "/sign-in/again/?next=%2Fconnections%2Flink%2Fapple%2F"


def test_a_token_of_the_wrong_kind_is_no_use(alice: Client, logto: Logto, with_token: Any) -> None:
    with_token(alice, token="a.b.c")

    page = alice.get(link_page("apple"))

    assert "It can’t be connected here at the moment. Ask the support." in says(page)
    assert html(page).find("a", href=lambda url: url and "/leave/" in url) is None


@pytest.mark.parametrize("center", [{"enabled": False}, {"fields": {"social": "ReadOnly"}}])
def test_where_the_tenant_has_it_off_it_is_not_offered(
    alice: Client, logto: Logto, center: Any
) -> None:
    logto.center = answers.account_center(**center)

    response = alice.get(link_page("apple"))

    assert response.status_code == (404 if "fields" in center else 200)
    assert logto.count("start") == 0


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ((401, "auth.unauthorized"), "Your sign-in has become too old for this."),
        ((400, "account_center.not_enabled"), "It can’t be connected here at the moment."),
        (404, "It can’t be connected here at the moment."),
        ((422, "session.invalid_connector_id"), "It can’t be connected here at the moment."),
    ],
)
def test_a_refusal_on_the_way_out_is_told(alice: Client, logto: Logto, how: Any, text: str) -> None:
    logto.fails("start", how)

    response = alice.get(way_out(alice, "apple"))

    assert response.status_code == 409
    assert text in says(response)


@pytest.mark.parametrize(
    ("call", "how", "text"),
    [
        ("verify", (400, "connector.general"), "Apple did not answer as it should"),
        ("verify", (400, "verification_record.not_found"), "That took too long"),
        ("link", (400, "verification_record.not_found"), "That took too long"),
        ("link", (401, "verification_record.permission_denied"), "could not be confirmed"),
        ("link", (403, "auth.third_party_application_forbidden"), "can’t be connected here"),
        ("link", (401, "auth.unauthorized"), "Your sign-in has become too old"),
        ("link", (400, "auth.unauthorized"), "Your sign-in has become too old"),
        ("link", (400, "account_center.field_not_editable"), "can’t be connected here"),
        ("link", (422, "user.identity_already_in_use"), "Connected to another account already"),
        ("link", (400, "user.identity_already_in_use"), "was changed elsewhere meanwhile"),
        ("link", 503, "could not be reached"),
        ("verify", 500, "could not be reached"),
    ],
)
def test_a_refusal_on_the_way_back_leaves_nothing_half_done(
    alice: Client, logto: Logto, with_token: Any, call: str, how: Any, text: str
) -> None:
    state = leave(alice, "apple")
    logto.fails(call, how)

    response = come_back(alice, state, key="apple")

    assert text in says(response)
    assert logto.identities == {}
    assert letters() == []
    again = with_token(alice)
    assert come_back(again, leave(again, "apple"), key="apple").status_code == 302


def test_a_proof_that_logto_no_longer_takes_is_asked_for_again(alice: Client, logto: Logto) -> None:
    state = leave(alice, "apple")
    logto.fails("link", (401, "verification_record.permission_denied"))
    come_back(alice, state, key="apple")

    assert alice.get(link_page("apple"))["Location"] == "/confirm/"


def test_a_token_that_ended_on_the_way_is_told(alice: Client, logto: Logto, clock: Any) -> None:
    state = leave(alice, "apple")
    session = alice.session
    session["tokens"] = {"id_token": "x"}
    session.save()

    response = come_back(alice, state, key="apple")

    assert "Your sign-in has become too old for this." in says(response)
    link = html(response).find("a", string="Sign in")
    assert link["href"] == "/sign-in/again/?next=%2Fconnections%2Flink%2Fapple%2F"


# Connectors that either way would do for


@pytest.fixture
def storing(logto: Logto) -> Logto:
    """GitHub's tokens are to be kept, which only this way does."""
    logto.connectors[0]["enableTokenStorage"] = True
    return logto


def test_where_tokens_are_to_be_kept_this_way_is_taken(alice: Client, storing: Logto) -> None:
    come_back(alice, leave(alice))

    assert storing.count("link") == 1
    assert storing.count("bind") == 0


def test_a_factory_that_nobody_knows_is_connected_this_way(alice: Client, logto: Logto) -> None:
    logto.connectors[0]["connectorId"] = "own-invention"

    come_back(alice, leave(alice))

    assert logto.count("link") == 1


@pytest.mark.parametrize("token", ["", "a.b.c"])
def test_without_a_good_token_the_other_way_does(
    alice: Client, storing: Logto, with_token: Any, token: str
) -> None:
    with_token(alice, token=token)
    session = alice.session
    if not token:
        session["tokens"] = {"id_token": "x"}
        session.save()

    come_back(alice, leave(alice))

    assert storing.count("bind") == 1


def test_without_a_proof_the_other_way_does(alice: Client, storing: Logto, with_token: Any) -> None:
    with_token(alice, record="")

    come_back(alice, leave(alice))

    assert storing.count("bind") == 1


def test_a_refusal_on_the_way_out_makes_it_the_other_way(alice: Client, storing: Logto) -> None:
    storing.fails("start", (401, "auth.unauthorized"))

    come_back(alice, leave(alice))

    assert storing.count("bind") == 1


def test_without_the_account_center_it_is_the_other_way(alice: Client, storing: Logto) -> None:
    storing.center = answers.account_center(enabled=False)

    come_back(alice, leave(alice))

    assert storing.count("start") == 0
    assert storing.count("bind") == 1
