"""Going without an email address, a phone number or a username."""

from typing import Any

import pytest
from django.test import Client

from accountsite.ways import services as ways
from tests.conftest import ALICE, HTMX
from tests.identifiers.conftest import Logto, html, method, says, told, trail
from tests.logto import answers

pytestmark = pytest.mark.django_db(transaction=True)

VALUES = {"email": "alice@example.com", "phone": "12025550123", "username": "alice"}


def path(name: str) -> str:
    return f"/sign-in-methods/{name}/removal/"


def remove(client: Client, name: str, *, htmx: bool = False, shown: str | None = None) -> Any:
    data = {"shown": VALUES[name] if shown is None else shown}
    return client.post(path(name), data, headers=HTMX if htmx else {})


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("email", {"primaryEmail": None}),
        ("phone", {"primaryPhone": None}),
        ("username", {"username": None}),
    ],
)
def test_each_of_the_three_can_go(
    alice: Client, logto: Logto, name: str, written: dict[str, None], *, htmx: bool
) -> None:
    done = remove(alice, name, htmx=htmx)

    assert logto.writes == [written]
    if htmx:
        assert "Not set" in html(done).find(id=f"row-{name}").text
        assert "removed." in says(done)
    else:
        assert (done.status_code, done["Location"]) == (303, f"/sign-in-methods/#row-{name}")
    assert trail() == [(f"{name}.removed", "done")]
    assert told() == {"alice@example.com"}, "the address that was on file"
    assert alice.session["account"][name] is None


def test_a_look_changes_nothing_and_shows_which_ways_remain(alice: Client, logto: Logto) -> None:
    logto.has(
        identities={"github": answers.identity()},
        ssoIdentities=[answers.enterprise_identity(userId=ALICE)],
    )
    logto.wire.replace("GET", "https://logto.test/api/connectors", json=[answers.connector()])

    page = html(alice.get(path("email")))

    ways = [item.text for item in page.find(class_="remaining").find_all("li")]
    assert ways == [
        "alice, with your password",
        "+1 202-555-0123, with a code or your password",
        "GitHub, as Ada on GitHub",
        "Your organization’s sign-in, as Ada at work",
    ]
    assert "alice@example.com" in page.find("form", {"action": path("email")}).text
    assert logto.writes == []


def test_names_of_providers_are_no_reason_to_wait_or_fail(alice: Client, logto: Logto) -> None:
    logto.has(identities={"github": answers.identity()})
    logto.wire.replace("GET", "https://logto.test/api/connectors", status=503)

    assert "Github, as Ada on GitHub" in says(alice.get(path("email")))


@pytest.mark.parametrize("htmx", [True, False])
def test_the_last_way_to_sign_in_stays(alice: Client, logto: Logto, *, htmx: bool) -> None:
    logto.has(primaryPhone=None, username=None)

    assert "only way left" in says(alice.get(path("email")))
    assert html(alice.get(path("email"))).find("form", {"action": path("email")}) is None
    response = remove(alice, "email", htmx=htmx)

    assert response.status_code == 422
    assert "only way left" in says(response)
    assert logto.writes == []
    assert trail() == [("email.removed", "refused")]
    assert told() == set()


def test_a_way_that_the_tenant_does_not_offer_is_none_that_remains(
    alice: Client, logto: Logto
) -> None:
    logto.experience["signIn"]["methods"] = [method("email")]

    assert "only way left" in says(remove(alice, "email"))
    assert remove(alice, "phone").status_code == 303, "which is no way either"


def test_two_pages_can_t_remove_the_last_two_at_once(alice: Client, logto: Logto) -> None:
    with ways.one_at_a_time(ALICE):
        response = remove(alice, "email")

    assert response.status_code == 422
    assert "Another page or device" in says(response)
    assert logto.writes == []
    assert remove(alice, "email").status_code == 303
    assert remove(alice, "phone").status_code == 303, "each lets the next one go on"


@pytest.mark.parametrize(
    ("sign_up", "name", "stays"),
    [
        ({"identifiers": ["email"]}, "email", True),
        ({"identifiers": ["email"]}, "phone", False),
        ({"identifiers": ["username"]}, "username", True),
        ({"identifiers": ["email", "phone"]}, "email", False),  # one of them will do
        ({"identifiers": ["username"], "secondaryIdentifiers": ["phone"]}, "phone", True),
        ({"identifiers": ["username"], "secondaryIdentifiers": ["emailOrPhone"]}, "phone", False),
    ],
)
def test_what_everybody_must_have_can_be_changed_but_not_removed(
    alice: Client, logto: Logto, sign_up: dict[str, Any], name: str, *, stays: bool
) -> None:
    secondary = [{"identifier": each} for each in sign_up.get("secondaryIdentifiers", ())]
    logto.experience["signUp"] |= sign_up | {"secondaryIdentifiers": secondary}

    response = remove(alice, name)

    assert response.status_code == (422 if stays else 303)
    assert ("Everybody here has" in says(response)) is stays
    assert bool(logto.writes) is not stays


def test_the_last_of_several_that_would_do_stays_too(alice: Client, logto: Logto) -> None:
    logto.experience["signUp"]["identifiers"] = ["email", "phone"]
    logto.has(primaryPhone=None)

    assert "Everybody here has an email address" in says(remove(alice, "email"))


def test_what_was_missing_anyway_keeps_nobody_from_removing_another(
    alice: Client, logto: Logto
) -> None:
    logto.experience["signUp"]["identifiers"] = ["email"]
    logto.has(primaryEmail=None)

    assert remove(alice, "phone").status_code == 303


def test_another_address_than_they_saw_is_not_removed_unseen(alice: Client, logto: Logto) -> None:
    logto.has(primaryEmail="newer@example.com")

    response = remove(alice, "email", shown="alice@example.com")

    assert response.status_code == 422
    assert "changed elsewhere meanwhile, to “newer@example.com”" in says(response)
    shown = html(response).find("main").find("input", {"name": "shown"})["value"]
    assert shown == "newer@example.com"
    assert logto.writes == []


def test_what_is_not_there_needs_no_removal(alice: Client, logto: Logto) -> None:
    logto.has(primaryEmail=None)

    assert alice.get(path("email"))["Location"] == "/sign-in-methods/#row-email"
    assert remove(alice, "email").status_code == 303
    assert (logto.writes, trail()) == ([], [])


def test_two_answers_of_logto_in_a_row_are_all_that_it_waits_for(
    alice: Client, logto: Logto
) -> None:
    remove(alice, "email")

    assert logto.calls == ["read", "write"]


@pytest.mark.parametrize("failing", ["reads_fail", "writes_fail"])
def test_logto_down_keeps_the_question_open(alice: Client, logto: Logto, failing: str) -> None:
    setattr(logto, failing, True)

    response = remove(alice, "email")

    assert response.status_code == 503
    assert "could not be reached" in says(response)
    assert html(response).find("form", {"action": path("email")})


def test_a_proof_is_asked_for(client: Client, sign_in: Any, logto: Logto) -> None:
    alice = sign_in(client)

    assert alice.get(path("email"))["Location"] == "/confirm/"
    assert remove(alice, "email")["Location"] == "/confirm/"
    assert logto.writes == []


def test_what_the_tenant_only_shows_stays(alice: Client, logto: Logto) -> None:
    logto.lets(email="ReadOnly", phone="Off")

    assert "can’t be changed here" in says(remove(alice, "email"))
    assert alice.get(path("phone")).status_code == 404
    assert remove(alice, "phone").status_code == 422
    assert logto.writes == []


def test_there_is_nothing_else_to_remove(alice: Client, logto: Logto) -> None:
    for name in ("name", "password", "custom-data"):
        assert alice.post(path(name)).status_code == 404
