"""Renaming and removing a token: only one's own, and told when another page was faster."""

import pytest

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.limits import turns
from accountsite.logto.tokens import PersonalAccessToken
from tests.conftest import ALICE, HTMX
from tests.security.conftest import html, letters, says, trail
from tests.tokens.conftest import VALUE, Logto

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"


@pytest.fixture
def laptop(logto: Logto):
    """A token of alice's."""
    return PersonalAccessToken.from_json(logto.has("laptop"))


def name_path(token):
    return f"/tokens/{token.id}/name/"


def removal_path(token):
    return f"/tokens/{token.id}/removal/"


@pytest.fixture(params=[name_path, removal_path], ids=["name", "removal"])
def path(request, laptop):
    """The address of either."""
    return request.param(laptop)


# Another name


def test_the_form_begins_with_the_name(alice, browse, laptop):
    assert browse(alice, name_path(laptop)).find("input", {"name": "name"})["value"] == "laptop"


def test_a_token_gets_another_name(alice, logto, laptop):
    answer = alice.post(name_path(laptop), {"name": "desk / 2"})

    assert answer.status_code == 303
    assert logto.names == ["desk / 2"]
    renamed = PersonalAccessToken.from_json(logto.tokens[0])
    assert answer["Location"] == f"/tokens/?at={renamed.id}#row-token-{renamed.id}"
    assert trail() == [("token.renamed", "done")]
    assert AuditEvent.objects.get().changes == {"token": ["laptop", "desk / 2"]}
    assert letters() == ["A personal access token was renamed"]


def test_with_htmx_the_row_comes_back(alice, laptop):
    answer = alice.post(name_path(laptop), {"name": "desk"}, headers=HTMX)

    item = html(answer).find(class_="item")
    assert item.find("bdi").text == "desk"
    assert item["id"] != f"row-token-{laptop.id}"
    assert "Token renamed." in says(answer)
    assert VALUE not in answer.text


def test_the_same_name_changes_nothing(alice, logto, laptop):
    alice.post(name_path(laptop), {"name": "laptop"})

    assert logto.writes == []
    assert trail() == []


def test_a_name_that_is_taken_is_explained_beside_it(alice, logto, laptop):
    logto.has("desk")

    answer = alice.post(name_path(laptop), {"name": "desk"})

    assert answer.status_code == 422
    assert "You have a token with this name already." in says(answer)
    assert html(answer).find("input", {"name": "name"})["aria-invalid"] == "true"
    assert logto.writes == []


def test_so_is_one_that_was_taken_in_between(alice, logto, laptop):
    logto.meanwhile = lambda: logto.has("desk")

    assert "You have a token with this name already." in says(
        alice.post(name_path(laptop), {"name": "desk"})
    )
    assert trail() == [("token.renamed", "refused")]


def test_one_that_went_in_between_is_told_of(alice, logto, laptop):
    logto.meanwhile = logto.tokens.clear

    answer = alice.post(name_path(laptop), {"name": "desk"})

    assert "renamed or removed elsewhere meanwhile" in says(answer)
    assert letters() == []


# Removal


def test_it_asks_first(alice, logto, laptop):
    answer = alice.get(removal_path(laptop))

    assert "Remove “laptop”" in html(answer).get_text()
    assert "can’t act as you any more" in says(answer)
    assert logto.writes == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_then_the_token_is_gone(alice, logto, laptop, headers):
    logto.has("other")

    answer = alice.post(removal_path(laptop), headers=headers)

    assert (answer.get("Location") or answer.get("HX-Redirect")) == "/tokens/"
    assert logto.names == ["other"]
    assert trail() == [("token.removed", "done")]
    assert letters() == ["A personal access token was removed"]


def test_where_logto_has_removed_it_just_now_that_is_the_same(alice, logto, laptop):
    logto.meanwhile = logto.tokens.clear

    assert alice.post(removal_path(laptop)).status_code == 303
    assert trail() == [("token.removed", "done")]


def test_a_newer_token_of_the_same_name_is_not_the_one_that_was_meant(alice, logto, laptop):
    logto.tokens[0]["createdAt"] += 1000

    answer = alice.post(removal_path(laptop))

    assert "renamed or removed elsewhere meanwhile" in says(answer)
    assert logto.writes == []


# Both


def test_the_id_of_another_person_s_token_is_that_of_nothing(alice, logto, path):
    logto.tokens.clear()  # they are bob's, so Logto does not list them as alice's

    assert alice.get(path).status_code == 404
    answer = alice.post(path, {"name": "desk"})

    assert answer.status_code == 422
    assert "renamed or removed elsewhere meanwhile" in says(answer)
    assert logto.writes == []
    assert trail() == []


def test_it_wants_a_fresh_proof(alice, logto, path):
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert alice.post(path, {"name": "desk"})["Location"] == "/confirm/"
    assert logto.writes == []


def test_only_one_page_at_a_time_changes_something(alice, logto, path):
    with turns.alone(f"tokens:{ALICE}"):
        answer = alice.post(path, {"name": "desk"})

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


def test_a_page_takes_one_round_trip_and_a_change_two(alice, logto, path):
    alice.get("/tokens/")
    logto.trips.begin()
    alice.get(path)
    assert logto.trips.count == 1
    logto.trips.begin()

    alice.post(path, {"name": "desk"})

    assert logto.trips.count == 2


def test_when_logto_is_down_it_says_so(alice, logto, path):
    logto.answers = [(503, "")]

    answer = alice.post(path, {"name": "desk"})

    assert answer.status_code == 503
    assert "could not be reached" in says(answer)
    assert [outcome for _action, outcome in trail()] == ["unknown"]


def test_a_suspended_person_is_signed_out(alice, logto, path):
    logto.person["isSuspended"] = True

    alice.post(path, {"name": "desk"})

    assert logto.writes == []
    assert alice.get("/tokens/").status_code == 302
