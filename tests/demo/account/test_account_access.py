"""Who may call the Account API."""

import pytest

from accountsite.demo import people, state
from accountsite.demo.account import records
from tests.demo.account.owner import SCOPE, Owner, signed_in
from tests.demo.oidc.visitor import Application, Browser, new_application
from tests.demo_process import Tenant

PROOF_NEEDED = "verification_record.permission_denied"
PROVED = [
    ("POST", "/my-account/password", {"password": "N3w-Passw0rd!x"}),
    ("PATCH", "/my-account", {"username": "alice2"}),
    ("POST", "/my-account/primary-email", {"email": "a@b.example", "RECORD": "x"}),
    ("DELETE", "/my-account/primary-email", None),
    ("POST", "/my-account/primary-phone", {"phone": "15555550001", "RECORD": "x"}),
    ("DELETE", "/my-account/primary-phone", None),
    ("POST", "/my-account/identities", {"RECORD": "x"}),
    ("PUT", "/my-account/identities", {"RECORD": "x"}),
    ("DELETE", "/my-account/identities/github", None),
    ("POST", "/my-account/mfa-verifications", {"type": "BackupCode", "codes": []}),
    ("PUT", "/my-account/mfa-verifications/totp", {"secret": "x", "code": "1"}),
    ("GET", "/my-account/mfa-verifications/backup-codes", None),
    ("PATCH", "/my-account/mfa-verifications/x/name", {"name": "x"}),
    ("DELETE", "/my-account/mfa-verifications/x", None),
    ("PATCH", "/my-account/mfa-settings", {"skipMfaOnSignIn": True}),
    ("PATCH", "/my-account/logto-configs", {"mfa": {"skipped": True}}),
    ("GET", "/my-account/sessions", None),
    ("DELETE", "/my-account/sessions/x", None),
    ("GET", "/my-account/grants", None),
    ("DELETE", "/my-account/grants/x", None),
]

# What is looked for before it is asked whether it may be changed.
UNKNOWN = "/my-account/mfa-verifications/x"


def with_record(body: dict | None) -> dict | None:
    name = "newIdentifierVerificationRecordId"
    return body and {name if key == "RECORD" else key: value for key, value in body.items()}


def test_without_a_token_nobody_is_let_in(tenant: Tenant):
    answer = tenant.http.get(f"{tenant.endpoint}/api/my-account")

    assert answer.status_code == 401
    assert answer.json()["code"] == "auth.authorization_header_missing"


def test_another_scheme_than_bearer_is_refused(tenant: Tenant):
    headers = {"Authorization": "Basic eA=="}

    answer = tenant.http.get(f"{tenant.endpoint}/api/my-account", headers=headers)

    assert answer.json()["code"] == "auth.authorization_token_type_not_supported"


def test_a_token_that_is_no_persons_is_refused(tenant: Tenant):
    assert Owner(tenant, "made-up").refused("GET", "/my-account", status=401) == (
        "auth.unauthorized"
    )


def test_a_management_token_is_refused(tenant: Tenant):
    form = {
        "grant_type": "client_credentials",
        "resource": "https://default.logto.app/api",
        "scope": "all",
    }
    who = (tenant.m2m_client_id, tenant.m2m_client_secret)
    token = tenant.http.post(f"{tenant.endpoint}/oidc/token", data=form, auth=who).json()

    refused = Owner(tenant, token["access_token"]).refused("GET", "/my-account", status=401)

    assert refused == "auth.unauthorized"


def test_suspension_kills_the_token_for_good(alice: Owner):
    path = f"/users/{people.id_of('alice')}/is-suspended"

    alice.tenant.management("PATCH", path, json={"isSuspended": True})
    assert alice.refused("GET", "/my-account", status=401) == "auth.unauthorized"

    alice.tenant.management("PATCH", path, json={"isSuspended": False})
    assert alice.refused("GET", "/my-account", status=401) == "auth.unauthorized"


def test_what_matters_wants_a_proof(alice: Owner):
    refused = {
        (method, path): alice.refused(method, path, with_record(body), status=401)
        for method, path, body in PROVED
    }

    assert set(refused.values()) == {PROOF_NEEDED}, refused


def test_an_unknown_proof_is_none(alice: Owner):
    alice.proof = "nosuchrecord"

    assert alice.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_another_persons_proof_is_none(sure: Owner, application: Application):
    dave = signed_in(sure.tenant, application, "dave")
    dave.proof = sure.proof

    assert dave.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_a_proof_is_good_again_and_again(sure: Owner):
    sure.get("/my-account/sessions")

    sure.get("/my-account/grants")


def test_a_code_to_ones_own_address_is_a_proof(alice: Owner):
    alice.proof = alice.prove_address("email", "alice@example.com")

    alice.get("/my-account/sessions")


def test_a_code_that_was_only_sent_is_no_proof(alice: Owner):
    body = {"identifier": {"type": "email", "value": "alice@example.com"}}
    sent = alice.post("/verifications/verification-code", body, 201)
    alice.proof = sent["verificationRecordId"]

    assert alice.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_a_code_to_a_new_address_is_no_proof(alice: Owner):
    alice.proof = alice.prove_address("email", "alice.new@example.com")

    assert alice.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_a_code_for_another_purpose_is_no_proof(alice: Owner):
    identifier = {"type": "email", "value": "alice@example.com"}
    body = {"identifier": identifier, "templateType": "BindMfa"}
    record_id = alice.post("/verifications/verification-code", body, 201)["verificationRecordId"]
    code = alice.tenant.newest_code("alice@example.com")
    proof = {"identifier": identifier, "verificationId": record_id, "code": code}
    alice.post("/verifications/verification-code/verify", proof, 200)
    alice.proof = record_id

    assert alice.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_a_social_account_is_no_proof(alice: Owner):
    alice.proof = alice.prove_account("x")

    assert alice.refused("GET", "/my-account/sessions", status=401) == PROOF_NEEDED


def test_a_proof_lives_for_ten_minutes(clock):
    user = state.tenant.new_user()
    record = records.add(records.Record(type=records.PASSWORD, user_id=user.id, is_verified=True))

    clock.shift(599)
    assert records.proves(record.id, user)

    clock.shift(2)
    assert not records.proves(record.id, user)


def test_who_has_nothing_to_prove_with_needs_no_proof(tenant: Tenant, application: Application):
    management = tenant.management
    management("PATCH", f"/users/{people.id_of('erin')}", json={"username": "erin"})
    erin = Owner(tenant, erins_token(tenant, application))
    management("PATCH", f"/users/{people.id_of('erin')}", json={"primaryEmail": None})

    assert not erin.get("/my-account")["hasSecurityVerificationMethod"]
    erin.post("/my-account/password", {"password": "Wobbly-Kettle-77"})

    assert erin.get("/my-account")["hasSecurityVerificationMethod"]
    again = erin.refused("POST", "/my-account/password", {"password": "W-Kettle-78"}, status=401)
    assert again == PROOF_NEEDED


def erins_token(tenant: Tenant, application: Application) -> str:
    """Erin signs in with a code."""
    browser = Browser(tenant)
    browser.open(application.address(scope=SCOPE, prompt="login consent"))
    browser.open(f"{tenant.endpoint}{browser.page.html.find('a', class_='button')['href']}")
    browser.submit("Send", identifier="erin@example.com")
    page = browser.submit("Sign in", code=tenant.newest_code("erin@example.com") or "")
    return str(application.redeem(page)["access_token"])


def test_an_account_center_that_is_off_refuses_everything(sure: Owner):
    sure.tenant.management("PATCH", "/account-center", json={"enabled": False})

    refused = [
        sure.refused("GET", "/my-account", status=400),
        sure.refused("POST", "/verifications/password", {"password": "x"}, status=400),
        sure.refused("POST", "/verifications/web-authn/registration", status=400),
    ]

    assert set(refused) == {"account_center.not_enabled"}


def set_fields(owner: Owner, value: str) -> None:
    fields = owner.tenant.management("GET", "/account-center").json()["fields"]
    body = {"fields": dict.fromkeys(fields, value)}
    assert owner.tenant.management("PATCH", "/account-center", json=body).ok


@pytest.mark.parametrize("value", ["Off", "ReadOnly"])
def test_what_the_account_center_does_not_open_is_not_editable(sure: Owner, value: str):
    set_fields(sure, value)
    changes = [
        ("PATCH", "/my-account", {"name": "Al"}),
        ("PATCH", "/my-account/profile", {"nickname": "Al"}),
        *(row for row in PROVED if row[0] != "GET" and not row[1].startswith(UNKNOWN)),
    ]

    refused = {
        (method, path): sure.refused(method, path, with_record(body), status=400)
        for method, path, body in changes
    }

    assert set(refused.values()) == {"account_center.field_not_editable"}, refused


def test_what_is_read_only_is_shown_and_what_is_off_is_not(sure: Owner):
    paths = ["mfa-verifications", "mfa-settings", "logto-configs", "sessions", "grants"]
    set_fields(sure, "ReadOnly")
    for path in paths:
        sure.get(f"/my-account/{path}")

    set_fields(sure, "Off")

    refused = {path: sure.refused("GET", f"/my-account/{path}", status=400) for path in paths}
    assert set(refused.values()) == {"account_center.field_not_enabled"}, refused


def test_fields_that_are_off_are_missing_in_the_account(sure: Owner):
    set_fields(sure, "Off")

    assert not {"name", "primaryEmail", "identities", "hasPassword"} & set(sure.get("/my-account"))


def test_the_account_tells_what_the_scopes_allow(tenant: Tenant, application: Application):
    alice = signed_in(tenant, application, "alice", scope="openid email")

    assert set(alice.get("/my-account")) == {
        "id",
        "primaryEmail",
        "hasSecurityVerificationMethod",
    }


def test_each_area_wants_its_scope(tenant: Tenant, application: Application):
    alice = signed_in(tenant, application, "alice", scope="openid")
    alice.prove(tenant.password_of("alice"))
    token = "/my-account/identities/github/access-token"

    unauthorized = {
        alice.refused("PATCH", "/my-account", {"name": "Al"}, status=400),
        alice.refused("PATCH", "/my-account/profile", {"nickname": "Al"}, status=400),
        alice.refused("DELETE", "/my-account/primary-phone", status=400),
        alice.refused("DELETE", "/my-account/identities/github", status=400),
        alice.refused("POST", "/my-account/identities", with_record({"RECORD": ""}), status=401),
        alice.refused("GET", "/my-account/mfa-verifications", status=401),
        alice.refused("GET", "/my-account/logto-configs", status=401),
        alice.refused("GET", "/my-account/sessions", status=401),
    }

    assert unauthorized == {"auth.unauthorized"}
    assert alice.refused("GET", token, status=403) == "auth.forbidden"


def test_applications_of_third_parties_may_look_but_not_touch(tenant: Tenant):
    foreign = new_application(tenant, isThirdParty=True)
    alice = signed_in(tenant, foreign, "alice")

    alice.get("/my-account")
    refused = [
        alice.refused("PATCH", "/my-account", {"name": "Al"}, status=403),
        alice.refused("POST", "/verifications/password", {"password": "x"}, status=403),
    ]

    assert set(refused) == {"auth.third_party_application_forbidden"}
