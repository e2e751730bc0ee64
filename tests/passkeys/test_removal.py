"""Going without a passkey."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from tests.conftest import HTMX
from tests.passkeys.conftest import Logto
from tests.security.conftest import html, letters, messages, says, send, trail

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(passkey: str) -> str:
    return f"/security/passkeys/{passkey}/removal/"


@pytest.fixture
def address(logto: Logto) -> str:
    return page_of(logto.passkey("Laptop"))


def test_the_page_says_which_and_what_follows(alice: Client, logto: Logto, address: str) -> None:
    logto.has("BackupCode")

    text = says(alice.get(address))

    assert "Remove “Laptop”" in text
    assert "backup codes go with it" in text
    assert "nobody asks you for a second step" in text
    assert "Delete it there too" in text


def test_beside_another_factor_less_follows(alice: Client, logto: Logto, address: str) -> None:
    logto.has("Totp", "BackupCode")

    text = says(alice.get(address))

    assert "backup codes go" not in text
    assert "nobody asks" not in text


def test_it_is_removed(alice: Client, logto: Logto, address: str) -> None:
    response = send(alice, address)

    assert (response.status_code, response["Location"]) == (303, "/security/")
    assert logto.factors == []
    assert "Passkey removed" in messages(alice)


def test_it_happens_in_the_rows_place(alice: Client, logto: Logto, address: str) -> None:
    card = alice.get(address, headers=HTMX).content.decode()
    assert "<html" not in card
    assert f'id="row-passkey-{address.split("/")[3]}"' in card

    assert send(alice, address, htmx=True)["HX-Redirect"] == "/security/"


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto, address: str) -> None:
    send(alice, address)

    assert trail() == [("passkey.removed", "done")]
    assert AuditEvent.objects.get().changes == {"passkey": ["Laptop", None]}
    assert letters() == ["A passkey was removed from your account"]


def test_the_backup_codes_go_with_the_last_one(alice: Client, logto: Logto, address: str) -> None:
    logto.has("BackupCode")

    send(alice, address)

    assert logto.factors == []
    assert ("backup_codes.removed", "done") in trail()


def test_the_last_one_stays_where_the_tenant_wants_everybody_to_have_one(
    alice: Client, logto: Logto, address: str
) -> None:
    logto.wants("Mandatory", "WebAuthn", "BackupCode")

    shown = html(alice.get(address))
    response = alice.post(address)

    assert "this is your only one" in shown.text
    assert not shown.find("form", action=address)
    assert response.status_code == 422
    assert logto.writes == []
    assert trail() == [("passkey.removed", "refused")]


def test_it_is_removed_where_the_tenant_has_no_account_center(
    alice: Client, logto: Logto, address: str
) -> None:
    logto.center["enabled"] = False

    assert send(alice, address).status_code == 303
    assert logto.factors == []


def test_a_proof_that_logto_does_not_know_of_is_enough(
    alice: Client, logto: Logto, address: str
) -> None:
    session = alice.session
    proofs.forget_record(session)
    session.save()

    assert send(alice, address).status_code == 303


def test_it_wants_a_proof(alice: Client, logto: Logto, address: str, clock: Any) -> None:
    clock.shift(timedelta(minutes=11))

    assert alice.post(address)["Location"] == "/confirm/"
    assert len(logto.factors) == 1


def test_somebody_elses_is_not_touched(alice: Client, logto: Logto, address: str) -> None:
    assert alice.get(page_of("anothers1")).status_code == 404

    assert alice.post(page_of("anothers1")).status_code == 422
    assert logto.writes == []


def test_another_factor_is_not_removed_here(alice: Client, logto: Logto) -> None:
    logto.has("Totp")
    address = page_of(logto.factors[0]["id"])

    assert alice.get(address).status_code == 404
    assert alice.post(address).status_code == 422
    assert logto.writes == []


def test_two_tabs_remove_it_once(alice: Client, logto: Logto, address: str) -> None:
    send(alice, address)

    again = alice.post(address)

    assert again.status_code == 422
    assert "removed or replaced elsewhere" in says(again)
    assert logto.count("DELETE mfa-verifications") == 1


def test_logto_down_is_told_in_the_form(alice: Client, logto: Logto, address: str) -> None:
    logto.fails("DELETE mfa-verifications", "lost")

    response = send(alice, address)

    assert response.status_code == 503
    assert html(response).find("form", action=address)
    assert trail() == [("passkey.removed", "unknown")]


def test_nothing_changes_on_a_get(alice: Client, logto: Logto, address: str) -> None:
    alice.get(address)

    assert logto.writes == []
