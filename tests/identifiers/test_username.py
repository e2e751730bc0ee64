"""Choosing a username by the tenant's rules."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accountsite.identifiers import services
from tests.conftest import ALICE, HTMX
from tests.identifiers.conftest import (
    USERNAME,
    Logto,
    field,
    html,
    refusal,
    says,
    told,
    trail,
)
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db(transaction=True)

STRICT = {
    "caseSensitive": False,
    "minLength": 3,
    "maxLength": 12,
    "allowedChars": {"lowercase": True, "uppercase": False, "numbers": True, "underscore": False},
}


def save(client: Client, username: str, *, htmx: bool = False, shown: str = "alice") -> Any:
    data = {"username": username, "shown": shown}
    return client.post(USERNAME, data, headers=HTMX if htmx else {})


def is_free(client: Client, username: str) -> Any:
    return client.post(f"{USERNAME}availability/", {"username": username}, headers=HTMX)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_free_username_is_theirs(alice: Client, logto: Logto, *, htmx: bool) -> None:
    done = save(alice, " alice_7 ", htmx=htmx)

    assert logto.writes == [{"username": "alice_7"}]
    if htmx:
        assert html(done).find(id="row-username").find(class_="row__value").text == "alice_7"
        assert "Username changed." in says(done)
    else:
        assert (done.status_code, done["Location"]) == (303, "/sign-in-methods/#row-username")
    assert trail() == [("username.changed", "done")]
    assert told() == {"alice@example.com"}
    assert alice.session["account"]["username"] == "alice_7"


def test_two_answers_of_logto_in_a_row_are_all_that_it_waits_for(
    alice: Client, logto: Logto
) -> None:
    save(alice, "alice_7")

    assert logto.calls == ["read", "write"]


def test_saving_what_is_there_changes_nothing(alice: Client, logto: Logto) -> None:
    assert save(alice, "alice").status_code == 303
    assert (logto.writes, trail(), told()) == ([], [], set())


def test_the_rules_stand_there_before_anybody_types(alice: Client, logto: Logto) -> None:
    logto.experience["usernamePolicy"] = STRICT

    page = html(alice.get(USERNAME))

    username = page.find("input", {"name": "username"})
    help_text = page.find(id=username["aria-describedby"].split()[0]).text
    assert help_text == (
        "3 to 12 characters. Only small letters (a–z) and numbers. Not beginning with a number."
    )
    assert (username["autocomplete"], username["autocapitalize"]) == ("username", "none")


def test_a_tenant_without_rules_has_those_of_logto(alice: Client, logto: Logto) -> None:
    assert (
        "At most 128 characters. Only letters (a–z), numbers, and underscores. "
        "Not beginning with a number." in says(alice.get(USERNAME))
    )


@pytest.mark.parametrize(
    ("username", "why"),
    [
        ("al", "at least 3"),
        ("a" * 13, "at most 12"),
        ("Alice", "Use only"),
        ("alice_x", "Use only"),
        ("7alice", "begin with a number"),
        ("al!ce", "Use only"),
        ("앨리스입니다", "Use only"),
        ("alice bob", "Use only"),
        ("aliceé", "Use only"),
        ("ali\u200bce", "Use only"),
        ("alice\x00", "Null characters"),
        ("x" * 1001, "too long"),
        ("", "required"),
    ],
)
def test_what_the_tenant_does_not_take_is_explained_beside_the_field(
    alice: Client, logto: Logto, username: str, why: str
) -> None:
    logto.experience["usernamePolicy"] = STRICT

    response = save(alice, username)

    assert response.status_code == 422
    assert why in refusal(response, "username")
    assert logto.writes == []


def test_a_form_that_did_not_know_the_rules_is_held_to_them_all_the_same(
    alice: Client, logto: Logto
) -> None:
    logto.experience["usernamePolicy"] = STRICT

    with pytest.raises(services.UnableToChange, match="Use only"):
        services.change_username(ALICE, "Alice", shown_before="alice")

    assert logto.writes == []


def test_all_that_is_wrong_is_told_at_once(alice: Client, logto: Logto) -> None:
    logto.experience["usernamePolicy"] = STRICT

    said = refusal(save(alice, "7!"), "username")

    assert "at least 3" in said
    assert "Use only" in said
    assert "begin with a number" in said


@pytest.mark.parametrize(("username", "takes"), [("A" * 128, True), ("A" * 129, False)])
def test_no_policy_allows_more_than_logto_can_keep(
    alice: Client, logto: Logto, username: str, *, takes: bool
) -> None:
    logto.experience["usernamePolicy"] = {"maxLength": 500}

    assert save(alice, username).status_code == (303 if takes else 422)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_taken_username_is_explained_beside_the_field(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    logto.refuses(422, "user.username_already_in_use")

    response = save(alice, "bob", htmx=htmx)

    assert response.status_code == 422
    assert "Somebody else has this username" in refusal(response, "username")
    assert field(response, "username")["value"] == "bob"
    assert trail() == [("username.changed", "refused")]
    assert told() == set()


def test_where_capitals_do_not_count_that_is_said_too(alice: Client, logto: Logto) -> None:
    logto.experience["usernamePolicy"] = {"caseSensitive": False}
    logto.refuses(422, "user.username_already_in_use")

    assert "capitals" in refusal(save(alice, "BOB"), "username")


def test_a_change_from_elsewhere_is_not_overwritten_unseen(alice: Client, logto: Logto) -> None:
    logto.has(username="elsewhere")

    response = save(alice, "here", shown="alice")

    assert "changed elsewhere meanwhile, to “elsewhere”" in refusal(response, "username")
    assert logto.writes == []
    shown = field(response, "shown")["value"]
    assert save(alice, "here", shown=shown).status_code == 303


@pytest.mark.parametrize("htmx", [True, False])
def test_logto_down_keeps_the_username_in_the_form(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    logto.reads_fail = True

    response = save(alice, "alice_7", htmx=htmx)

    assert response.status_code == 503
    assert field(response, "username")["value"] == "alice_7"


def test_a_change_whose_end_nobody_heard_is_unknown(alice: Client, logto: Logto) -> None:
    logto.writes_fail = True

    assert save(alice, "alice_7").status_code == 503
    assert trail() == [("username.changed", "unknown")]


# Whether it is free


def test_whether_it_is_free_is_told_on_leaving_the_field(alice: Client, logto: Logto) -> None:
    page = html(alice.get(USERNAME))
    username = page.find("input", {"name": "username"})
    assert username["hx-post"] == f"{USERNAME}availability/"
    assert page.find(id=username["hx-target"].removeprefix("#"))["role"] == "status"

    assert "Nobody else has this username" in says(is_free(alice, "alice_7"))
    logto.others = [user(id="bob000000001", username="bob")]
    assert "Somebody else has this username" in says(is_free(alice, "bob"))
    assert logto.writes == []


def test_their_own_username_is_not_looked_up(alice: Client, logto: Logto) -> None:
    assert says(is_free(alice, "alice")) == ""
    assert logto.searches == []


def test_their_own_in_other_capitals_is_free(alice: Client, logto: Logto) -> None:
    logto.experience["usernamePolicy"] = {"caseSensitive": False}
    logto.others = [user()]

    assert "Nobody else" in says(is_free(alice, "ALICE"))


def test_capitals_make_a_difference_unless_the_tenant_says_otherwise(
    alice: Client, logto: Logto
) -> None:
    logto.others = [user(id="bob000000001", username="Bob")]
    assert "Nobody else" in says(is_free(alice, "bob"))
    assert logto.searches[-1]["isCaseSensitive"] == "true"
    logto.experience["usernamePolicy"] = {"caseSensitive": False}
    cache.clear()

    assert "Somebody else" in says(is_free(alice, "bob"))


def test_what_breaks_the_rules_is_told_without_a_look(alice: Client, logto: Logto) -> None:
    assert "begin with a number" in says(is_free(alice, "7up"))
    assert logto.searches == []


def test_looking_is_limited(alice: Client, logto: Logto) -> None:
    for number in range(30):
        assert is_free(alice, f"guess_{number}").status_code == 200

    response = is_free(alice, "one_more")

    assert response.status_code == 429
    assert "Try again in" in says(response)
    assert len(logto.searches) == 30


def test_nothing_is_said_while_logto_is_down(alice: Client, logto: Logto) -> None:
    alice.get(USERNAME)
    logto.reads_fail = True

    response = is_free(alice, "alice_7")

    assert (response.status_code, says(response)) == (200, "")


# Who may


def test_a_proof_is_asked_for(client: Client, sign_in: Any, logto: Logto) -> None:
    alice = sign_in(client)

    assert alice.get(USERNAME)["Location"] == "/confirm/"
    assert save(alice, "alice_7")["Location"] == "/confirm/"
    assert logto.writes == []


def test_what_the_tenant_only_shows_can_t_be_changed(alice: Client, logto: Logto) -> None:
    logto.lets(username="ReadOnly")

    assert "Read only" in says(alice.get(USERNAME))
    assert "can’t be changed here" in refusal(save(alice, "alice_7"), "username")
    assert logto.writes == []


def test_what_the_tenant_hides_is_not_there(alice: Client, logto: Logto) -> None:
    logto.lets(username="Off")

    assert alice.get(USERNAME).status_code == 404
    assert save(alice, "alice_7").status_code == 422
    assert logto.writes == []
