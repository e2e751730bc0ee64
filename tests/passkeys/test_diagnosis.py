"""Why passkeys can't be added here, told to the person and to the operator."""

from typing import Any

import pytest
from django.test import Client

from accountsite.logto import errors
from accountsite.passkeys import diagnosis
from accountsite.passkeys.diagnosis import Missing
from tests.passkeys.conftest import ADD, Logto, answer, begin
from tests.security.conftest import html, says

pytestmark = pytest.mark.django_db(transaction=True)

WAY_ROUND = (
    "https://logto.test/account/passkey/add?redirect=http%3A%2F%2Flocalhost%3A8000%2Fsecurity%2F"
)
JWT = "header.payload.signature"


def offers_the_way_round(response: Any) -> bool:
    return html(response).find("a", href=WAY_ROUND) is not None


@pytest.mark.parametrize(
    ("center", "words", "has_way_round"),
    [
        ({"enabled": False}, "Ask the support", False),
        ({"fields": {"mfa": "Edit", "passkey": "ReadOnly"}}, "Ask the support", False),
        ({"fields": {"mfa": "Off"}}, "Ask the support", False),
        ({"webauthnRelatedOrigins": []}, "on this page", True),
        ({"webauthnRelatedOrigins": ["https://localhost:8000"]}, "on this page", True),
        ({"webauthnRelatedOrigins": ["http://localhost:8001"]}, "on this page", True),
    ],
)
def test_what_the_account_center_lacks_is_told_before_anything_is_asked(
    alice: Client, logto: Logto, *, center: Any, words: str, has_way_round: bool
) -> None:
    logto.center |= center

    response = alice.get(ADD)

    assert words in says(response)
    assert offers_the_way_round(response) is has_way_round
    assert not html(response).find(id="passkey")
    assert logto.count("start") == 0


def test_a_tenant_without_passkeys_is_told(alice: Client, logto: Logto) -> None:
    logto.wants("NoPrompt", "Totp")
    logto.experience["passkeySignIn"] = {"enabled": False}

    response = alice.get(ADD)

    assert "Passkeys are not used here" in says(response)
    assert not offers_the_way_round(response)


def test_signing_in_with_passkeys_is_enough(alice: Client, logto: Logto) -> None:
    logto.wants("NoPrompt", "Totp")
    logto.experience["passkeySignIn"] = {"enabled": True}

    assert html(alice.get(ADD)).find(id="passkey")


def test_a_site_at_the_tenants_own_origin_needs_no_related_one(
    alice: Client, logto: Logto, settings: Any
) -> None:
    settings.SITE_URL = "https://logto.test:443"
    logto.center["webauthnRelatedOrigins"] = []

    assert html(alice.get(ADD)).find(id="passkey")


@pytest.mark.parametrize(
    ("status", "code", "words", "has_way_round"),
    [
        (400, "account_center.not_enabled", "Ask the support", False),
        (400, "account_center.field_not_editable", "Ask the support", False),
        (400, "session.mfa.mfa_factor_not_enabled", "not used here", False),
        (403, "auth.forbidden", "on this page", True),
        (401, "auth.unauthorized", "Sign in again", False),
        (400, "auth.unauthorized", "Sign in again", False),
    ],
)
@pytest.mark.parametrize("call", ["start", "bind"])
def test_what_logto_refuses_is_told(
    alice: Client,
    logto: Logto,
    *,
    call: str,
    status: int,
    code: str,
    words: str,
    has_way_round: bool,
) -> None:
    registration = begin(alice) if call == "bind" else ""
    logto.fails(call, (status, code))

    response = answer(alice, registration) if call == "bind" else alice.get(ADD)

    assert words in says(response)
    assert offers_the_way_round(response) is has_way_round


def test_a_logto_without_passkeys_in_its_api_is_told(alice: Client, logto: Logto) -> None:
    logto.fails("start", 404)

    assert "Ask the support" in says(alice.get(ADD))


def test_a_token_for_a_default_api_is_the_operators_to_mend(
    alice: Client, logto: Logto, with_token: Any
) -> None:
    with_token(alice, JWT)
    logto.fails("start", (401, "auth.unauthorized"))

    response = alice.get(ADD)

    assert "on this page" in says(response)
    assert offers_the_way_round(response)


def test_a_tenant_that_is_called_by_another_name_is_told(alice: Client, logto: Logto) -> None:
    logto.host = "logto.internal"

    response = alice.get(ADD)

    assert offers_the_way_round(response)
    assert not html(response).find(id="passkey")


def test_who_has_nothing_to_prove_it_with_is_told_what_to_add(alice: Client, logto: Logto) -> None:
    logto.person |= {"hasPassword": False, "primaryEmail": None, "primaryPhone": None}

    response = alice.get(ADD)

    assert "Add one first" in says(response)
    assert html(response).find("main").find("a", href="/sign-in-methods/")


def test_a_proof_that_never_reached_logto_is_told_and_asked_for_again(
    alice: Client, logto: Logto, prove: Any
) -> None:
    prove(alice, record="")

    response = alice.get(ADD)

    assert "could not be confirmed" in says(response)
    assert alice.get(ADD)["Location"] == "/confirm/"


@pytest.mark.parametrize("missing", Missing)
def test_the_operator_reads_what_to_do_with_the_names_of_their_tenant(
    missing: Missing, settings: Any
) -> None:
    text = diagnosis.for_operator(missing)

    assert "{" not in text
    concerns_people = missing in {Missing.TOKEN, Missing.PROOF, Missing.MEANS_OF_PROOF}
    assert bool(text) is not concerns_people
    if missing is Missing.ORIGIN:
        assert settings.SITE_URL in text


@pytest.mark.parametrize("missing", Missing)
def test_the_person_always_reads_a_sentence(missing: Missing) -> None:
    assert str(diagnosis.FINDINGS[missing].for_person).endswith(".")


def test_what_is_about_the_call_itself_is_no_diagnosis() -> None:
    refusal = errors.Invalid(status=400, code="guard.invalid_input")

    assert diagnosis.of_refusal(refusal, "opaque") is None


def test_the_management_apis_own_credentials_are_another_matter() -> None:
    assert diagnosis.of_refusal(errors.Forbidden(status=403, code="auth.forbidden"), "x") is None
