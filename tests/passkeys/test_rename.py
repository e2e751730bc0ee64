"""Giving a passkey another name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.conftest import HTMX
from tests.passkeys.conftest import Logto
from tests.security.conftest import html, letters, messages, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(passkey: str) -> str:
    return f"/security/passkeys/{passkey}/name/"


@pytest.fixture
def address(logto: Logto) -> str:
    return page_of(logto.passkey("Laptop"))


def test_the_form_holds_its_name(alice: Client, logto: Logto, address: str) -> None:
    assert html(alice.get(address)).find("input", {"name": "name"})["value"] == "Laptop"


def test_one_without_a_name_is_known_by_its_browser(alice: Client, logto: Logto) -> None:
    form = html(alice.get(page_of(logto.passkey(None))))

    assert form.find("input", {"name": "name"})["value"] == "Safari on macOS"


def test_it_is_renamed_with_the_persons_own_token_and_proof(
    alice: Client, logto: Logto, address: str
) -> None:
    response = send(alice, address, name="Old laptop")

    assert (response.status_code, response["Location"]) == (303, "/security/")
    assert logto.body("rename") == {"name": "Old laptop"}
    assert logto.sent["rename"].headers["Authorization"] == "Bearer opaque"
    assert logto.sent["rename"].headers["logto-verification-id"] == "proof1"
    assert "Passkey renamed" in messages(alice)


def test_it_happens_in_the_rows_place(alice: Client, logto: Logto, address: str) -> None:
    card = alice.get(address, headers=HTMX).content.decode()
    passkey = address.split("/")[3]
    assert "<html" not in card
    assert f'id="row-passkey-{passkey}"' in card
    assert html(send(alice, address, name="", htmx=True)).find(id=f"row-passkey-{passkey}")

    assert send(alice, address, name="New", htmx=True)["HX-Redirect"] == "/security/"


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto, address: str) -> None:
    send(alice, address, name="Old laptop")

    assert trail() == [("passkey.renamed", "done")]
    assert AuditEvent.objects.get().changes == {"passkey": ["Laptop", "Old laptop"]}
    assert letters() == ["A passkey was renamed"]


def test_the_same_name_changes_nothing(alice: Client, logto: Logto, address: str) -> None:
    assert send(alice, address, name="Laptop").status_code == 303

    assert logto.count("rename") == 0
    assert trail() == []


def test_the_page_waits_for_logto_once_and_the_change_twice(
    alice: Client, logto: Logto, address: str
) -> None:
    alice.get(address)  # the tenant is known from here on
    logto.slows()
    alice.get(address)
    assert logto.round_trips == 1
    logto.slows()

    alice.post(address, {"name": "Desk", "shown": "Laptop"})

    assert logto.round_trips == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 65])
def test_a_name_that_is_none_is_explained_beside_the_field(
    alice: Client, logto: Logto, address: str, name: str
) -> None:
    response = send(alice, address, name=name)

    assert response.status_code == 422
    assert html(response).find("input", {"name": "name"})["aria-invalid"] == "true"
    assert logto.count("rename") == 0


def test_a_name_that_was_given_elsewhere_meanwhile_is_told_once(
    alice: Client, logto: Logto, address: str
) -> None:
    given = {"shown": "Laptop", "name": "Mine"}
    logto.factors[0]["name"] = "Theirs"

    told = alice.post(address, given)

    assert told.status_code == 422
    assert "“Theirs”" in says(told)
    assert logto.count("rename") == 0
    shown = html(told).find("input", {"name": "shown"})["value"]
    assert alice.post(address, given | {"shown": shown}).status_code == 303
    assert logto.factors[0]["name"] == "Mine"


def test_one_that_was_removed_meanwhile_is_told(alice: Client, logto: Logto, address: str) -> None:
    logto.factors.clear()

    response = alice.post(address, {"name": "Mine", "shown": "Laptop"})

    assert response.status_code == 422
    assert "removed elsewhere" in says(response)
    assert alice.get(address).status_code == 404


def test_one_that_is_removed_at_this_moment_is_told(
    alice: Client, logto: Logto, address: str
) -> None:
    logto.fails("rename", (400, "verification_record.not_found"))

    response = send(alice, address, name="Mine")

    assert "removed elsewhere" in says(response)
    assert trail() == [("passkey.renamed", "refused")]


def test_somebody_elses_is_not_touched(alice: Client, logto: Logto) -> None:
    address = page_of("anothers1")

    assert alice.get(address).status_code == 404
    assert alice.post(address, {"name": "Mine", "shown": "x"}).status_code == 422
    assert logto.count("rename") == 0


def test_other_factors_have_no_name(alice: Client, logto: Logto) -> None:
    logto.has("Totp")
    address = page_of(logto.factors[0]["id"])

    assert alice.get(address).status_code == 404
    assert alice.post(address, {"name": "Mine", "shown": "x"}).status_code == 422
    assert logto.count("rename") == 0


def test_too_many_names_are_stopped(alice: Client, logto: Logto, address: str) -> None:
    for number in range(20):
        assert send(alice, address, name=f"Name {number}").status_code == 303

    assert send(alice, address, name="One more").status_code == 429
    assert logto.count("rename") == 20


def test_logto_down_keeps_what_was_typed(alice: Client, logto: Logto, address: str) -> None:
    logto.fails("rename", "lost")

    response = send(alice, address, name="Mine")

    assert response.status_code == 503
    assert html(response).find("input", {"name": "name"})["value"] == "Mine"
    assert trail() == [("passkey.renamed", "unknown")]


def test_it_wants_a_proof(alice: Client, logto: Logto, address: str, clock: Any) -> None:
    clock.shift(timedelta(minutes=11))

    assert alice.post(address, {"name": "Mine", "shown": "Laptop"})["Location"] == "/confirm/"
    assert logto.count("rename") == 0


@pytest.mark.parametrize("center", [{"enabled": False}, {"fields": {"mfa": "ReadOnly"}}])
def test_where_the_tenant_lets_nobody_it_says_so(
    alice: Client, logto: Logto, address: str, center: Any
) -> None:
    logto.center |= center

    response = alice.get(address)

    assert "can’t be added or renamed here" in says(response)
    assert not html(response).find("input", {"name": "name"})
    assert not html(response).find("a", href=lambda href: "logto.test" in (href or ""))


def test_passkeys_that_are_no_longer_asked_for_can_be_renamed(
    alice: Client, logto: Logto, address: str
) -> None:
    logto.wants("NoPrompt", "Totp")

    assert send(alice, address, name="Old").status_code == 303
