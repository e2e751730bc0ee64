"""Second factors: authenticator app, backup codes and passkeys."""

import base64
from typing import Any

import pyotp
import pytest

from accountsite.demo import people
from tests.demo.account.authenticator import PRESENT, VERIFIED, Passkey
from tests.demo.account.owner import Owner, signed_in
from tests.demo.oidc.visitor import Application, Browser
from tests.demo_process import Tenant

FACTORS = "/my-account/mfa-verifications"
REGISTRATION = "/verifications/web-authn/registration"
FAILED = "session.mfa.webauthn_verification_failed"
CODES = [f"{number:010x}" for number in range(10)]


def totp(owner: Owner) -> dict[str, str]:
    secret = owner.post(f"{FACTORS}/totp-secret/generate", None, 200)["secret"]
    return {"secret": secret, "code": pyotp.TOTP(secret).now()}


def register(owner: Owner, passkey: Passkey, status: int = 200, **changes: Any) -> Any:
    """Start and finish a registration. Gives the last answer."""
    started = owner.post(REGISTRATION, None, 200)
    payload = passkey.create(started["registrationOptions"], **changes)
    body = {"verificationRecordId": started["verificationRecordId"], "payload": payload}
    return owner.post(f"{REGISTRATION}/verify", body, status)


def add_passkey(owner: Owner, passkey: Passkey, **extra: str) -> dict[str, Any]:
    record_id = register(owner, passkey)["verificationRecordId"]
    body = {"type": "WebAuthn", "newIdentifierVerificationRecordId": record_id}
    owner.post(FACTORS, body | extra)
    return owner.get(FACTORS)[-1]


def test_an_app_is_bound_with_a_code_and_switches_factors_on(sure: Owner):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))

    [factor] = sure.get(FACTORS)
    assert set(factor) == {"id", "createdAt", "type"}
    assert sure.get("/my-account/logto-configs")["mfa"]["enabled"] is True


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"code": "000000x"}, 400, "session.mfa.invalid_totp_code"),
        ({"secret": "short"}, 400, "user.totp_secret_invalid"),
        ({"secret": "a" * 32}, 400, "user.totp_secret_invalid"),
    ],
)
def test_an_app_that_does_not_fit_is_refused(sure: Owner, change: dict, status: int, code: str):
    body = {"type": "Totp"} | totp(sure) | change

    assert sure.refused("POST", FACTORS, body, status=status) == code
    assert sure.get(FACTORS) == []


def test_a_second_app_is_refused_and_takes_the_place_of_the_first_on_request(sure: Owner):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    [first] = sure.get(FACTORS)
    body = {"type": "Totp"} | totp(sure)
    assert sure.refused("POST", FACTORS, body, status=422) == "user.totp_already_in_use"

    sure.put(f"{FACTORS}/totp", totp(sure))

    [second] = sure.get(FACTORS)
    assert first["id"] != second["id"]


def test_an_app_is_not_replaced_without_its_code(sure: Owner):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    before = sure.get(FACTORS)

    refused = sure.refused("PUT", f"{FACTORS}/totp", totp(sure) | {"code": "1"}, status=400)

    assert refused == "session.mfa.invalid_totp_code"
    assert sure.get(FACTORS) == before


def test_backup_codes_come_in_tens_and_are_shown_again(sure: Owner):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    codes = sure.post(f"{FACTORS}/backup-codes/generate", None, 200)["codes"]

    sure.post(FACTORS, {"type": "BackupCode", "codes": codes})

    shown = sure.get(f"{FACTORS}/backup-codes")
    assert shown == {"codes": [{"code": code} for code in codes]}
    assert sure.get(FACTORS)[-1]["remainCodes"] == 10


def test_backup_codes_alone_twice_or_malformed_are_refused(sure: Owner):
    body = {"type": "BackupCode", "codes": CODES}
    alone = sure.refused("POST", FACTORS, body, status=422)
    none = sure.refused("GET", f"{FACTORS}/backup-codes", status=404)
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    malformed = sure.refused("POST", FACTORS, body | {"codes": ["1"]}, status=422)
    sure.post(FACTORS, body)
    twice = sure.refused("POST", FACTORS, body, status=422)

    assert alone == "session.mfa.backup_code_can_not_be_alone"
    assert none == "verification_record.not_found"
    assert malformed == "user.wrong_backup_code_format"
    assert twice == "user.backup_code_already_in_use"


def test_a_used_code_stays_and_says_when(tenant: Tenant, application: Application):
    bob = signed_in(tenant, application, "bob")
    bob.prove(tenant.password_of("bob"))
    browser = Browser(tenant)
    browser.open(application.address())
    browser.submit("Sign in", identifier="bob", password=tenant.password_of("bob"))
    browser.submit("Use a backup code", backup_code=people.BOBS_CODES[3])

    codes = bob.get(f"{FACTORS}/backup-codes")["codes"]

    assert [code["code"] for code in codes] == list(people.BOBS_CODES)
    assert [index for index, code in enumerate(codes) if "usedAt" in code] == [3]


def test_a_factor_is_removed_and_one_that_is_not_there_is_400(sure: Owner):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    [factor] = sure.get(FACTORS)

    sure.delete(f"{FACTORS}/{factor['id']}")

    assert sure.get(FACTORS) == []
    again = sure.refused("DELETE", f"{FACTORS}/{factor['id']}", status=400)
    assert again == "verification_record.not_found"


def test_a_factor_that_the_tenant_does_not_have_is_refused(sure: Owner):
    mfa = {"mfa": {"factors": ["BackupCode"], "policy": "NoPrompt"}}
    assert sure.tenant.management("PATCH", "/sign-in-exp", json=mfa).ok

    bodies = [
        {"type": "Totp"} | totp(sure),
        {"type": "WebAuthn", "newIdentifierVerificationRecordId": "x"},
    ]
    refused = [sure.refused("POST", FACTORS, body, status=400) for body in bodies]
    put = sure.refused("PUT", f"{FACTORS}/totp", totp(sure), status=400)

    assert {*refused, put} == {"session.mfa.mfa_factor_not_enabled"}


def test_one_may_choose_to_go_without_a_second_factor(sure: Owner):
    assert sure.get("/my-account/mfa-settings") == {"skipMfaOnSignIn": False}

    assert sure.patch("/my-account/mfa-settings", {"skipMfaOnSignIn": True}) == {
        "skipMfaOnSignIn": True
    }

    assert sure.get("/my-account/logto-configs") == {
        "mfa": {"skipped": False, "skipMfaOnSignIn": True},
        "passkeySignIn": {"skipped": False},
    }
    changed = sure.patch("/my-account/logto-configs", {"passkeySignIn": {"skipped": True}})
    assert changed["passkeySignIn"] == {"skipped": True}


def test_a_browser_is_asked_for_a_passkey_of_the_host_that_was_called(alice: Owner):
    started = alice.post(REGISTRATION, None, 200)

    assert set(started) == {"verificationRecordId", "registrationOptions", "expiresAt"}
    options = started["registrationOptions"]
    assert len(options.pop("challenge")) == 43
    assert options == {
        "rp": {"name": "localhost", "id": "localhost"},
        "user": {
            "id": base64.urlsafe_b64encode(people.id_of("alice").encode()).decode(),
            "name": "alice@example.com",
            "displayName": "Alice Liddell",
        },
        "pubKeyCredParams": [
            {"type": "public-key", "alg": -7},
            {"type": "public-key", "alg": -257},
        ],
        "timeout": 60000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "required",
        },
        "attestation": "none",
        "extensions": {"credProps": True},
    }


def test_a_passkey_is_added_named_renamed_and_removed(sure: Owner):
    factor = add_passkey(sure, Passkey(), name="Laptop")
    assert {key: factor[key] for key in ("type", "agent", "name")} == {
        "type": "WebAuthn",
        "agent": "Testing",
        "name": "Laptop",
    }
    assert not {"credentialId", "credential", "publicKey", "counter"} & set(factor)

    assert sure.patch(f"{FACTORS}/{factor['id']}/name", {"name": "Desk"}) == "OK"
    assert sure.get(FACTORS)[0]["name"] == "Desk"

    sure.delete(f"{FACTORS}/{factor['id']}")
    assert sure.get(FACTORS) == []


def test_a_passkey_that_one_has_is_not_asked_for_again(sure: Owner):
    add_passkey(sure, Passkey())

    options = sure.post(REGISTRATION, None, 200)["registrationOptions"]

    assert options["excludeCredentials"] == [
        {
            "id": "Y3JlZGVudGlhbC0wMDAx",
            "type": "public-key",
            "transports": ["internal", "hybrid"],
        }
    ]


def test_several_passkeys_stand_beside_each_other(sure: Owner):
    add_passkey(sure, Passkey(id=b"one-credential-"))
    add_passkey(sure, Passkey(id=b"two-credentials"))

    assert [factor["type"] for factor in sure.get(FACTORS)] == ["WebAuthn", "WebAuthn"]


@pytest.mark.parametrize(
    ("passkey", "changes"),
    [
        (Passkey(origin="http://evil.example"), {}),
        (Passkey(origin="http://localhost:8001"), {}),
        (Passkey(rp_id="evil.example"), {}),
        (Passkey(flags=PRESENT), {}),
        (Passkey(flags=VERIFIED), {}),
        (Passkey(algorithm=-8), {}),
        (Passkey(), {"challenge": "A" * 43}),
        (Passkey(), {"type": "webauthn.get"}),
    ],
    ids=[
        "foreign-origin",
        "unrelated-port",
        "another-host",
        "nobody-verified",
        "nobody-present",
        "unwanted-algorithm",
        "another-challenge",
        "not-made-now",
    ],
)
def test_a_passkey_that_answers_another_question_is_refused(
    sure: Owner, passkey: Passkey, changes: dict[str, Any]
):
    answer = register(sure, passkey, 400, **changes)

    assert answer["code"] == FAILED


def test_our_own_origin_may_make_passkeys_too(sure: Owner):
    register(sure, Passkey(origin=sure.tenant.endpoint))


def test_a_passkey_that_was_not_checked_is_not_bound(sure: Owner):
    record_id = sure.post(REGISTRATION, None, 200)["verificationRecordId"]
    body = {"type": "WebAuthn", "newIdentifierVerificationRecordId": record_id}

    refused = sure.refused("POST", FACTORS, body, status=400)

    assert refused == "verification_record.not_found"


@pytest.mark.parametrize("attestation", ["", "AAAA", "o2NmbXRkbm9uZQ", "%%%"])
def test_nonsense_is_refused_and_not_an_error(sure: Owner, attestation: str):
    started = sure.post(REGISTRATION, None, 200)
    payload = Passkey().create(started["registrationOptions"])
    payload["response"]["attestationObject"] = attestation
    body = {"verificationRecordId": started["verificationRecordId"], "payload": payload}

    assert sure.post(f"{REGISTRATION}/verify", body, 400)["code"] == FAILED


def test_an_answer_of_another_form_names_what_is_wrong(sure: Owner):
    body = {"verificationRecordId": "x", "payload": {"type": "public-key"}}

    refused = sure.post(f"{REGISTRATION}/verify", body, 400)

    assert refused["code"] == "guard.invalid_input"
    assert ["payload", "type"] in [issue["path"] for issue in refused["data"]["issues"]]


def test_the_site_is_a_related_origin_wherever_it_registers(tenant: Tenant):
    tenant.register_site("http://localhost:8123")

    answer = tenant.http.get(f"{tenant.endpoint}/.well-known/webauthn")

    assert answer.json() == {"origins": ["http://localhost:8000", "http://localhost:8123"]}
