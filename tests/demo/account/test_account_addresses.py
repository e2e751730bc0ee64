"""Email, phone and accounts elsewhere."""

import pytest

from tests.demo.account.owner import Owner, pick

NEW = "newIdentifierVerificationRecordId"
EMAIL = "alice.new@example.com"
CODE = "/verifications/verification-code"


def code_sent(owner: Owner, address: str = EMAIL) -> dict:
    identifier = {"type": "email", "value": address}
    sent = owner.post(CODE, {"identifier": identifier}, 201)
    assert set(sent) == {"verificationRecordId", "expiresAt"}
    code = owner.tenant.newest_code(address)
    return {"identifier": identifier, "verificationId": sent["verificationRecordId"], "code": code}


def test_a_proved_email_becomes_ones_own(sure: Owner):
    record_id = sure.prove_address("email", EMAIL)

    sure.post("/my-account/primary-email", {"email": EMAIL, NEW: record_id})

    assert sure.tenant.user("alice")["primaryEmail"] == EMAIL


def test_a_proved_phone_becomes_ones_own_and_is_removed(sure: Owner):
    record_id = sure.prove_address("phone", "15555558888")

    sure.post("/my-account/primary-phone", {"phone": "15555558888", NEW: record_id})
    assert sure.tenant.user("alice")["primaryPhone"] == "15555558888"

    sure.delete("/my-account/primary-phone")
    assert sure.tenant.user("alice")["primaryPhone"] is None


def test_a_record_that_is_not_verified_gives_no_email(sure: Owner):
    record_id = code_sent(sure)["verificationId"]
    body = {"email": EMAIL, NEW: record_id}

    refused = sure.refused("POST", "/my-account/primary-email", body, status=400)

    assert refused == "verification_record.not_found"


@pytest.mark.parametrize("email", ["other@example.com", EMAIL.upper()])
def test_a_record_gives_only_the_address_that_it_proved(sure: Owner, email: str):
    body = {"email": email, NEW: sure.prove_address("email", EMAIL)}

    refused = sure.refused("POST", "/my-account/primary-email", body, status=400)

    assert refused == "verification_record.not_found"


def test_an_email_of_somebody_else_is_refused_once_it_is_proved(sure: Owner):
    body = {"email": "bob@example.com", NEW: sure.prove_address("email", "bob@example.com")}

    refused = sure.refused("POST", "/my-account/primary-email", body, status=422)

    assert refused == "user.email_already_in_use"


def test_a_blocked_email_gets_no_code(alice: Owner):
    body = {"identifier": {"type": "email", "value": "alice@throwaway.example"}}

    refused = alice.refused("POST", CODE, body, status=422)

    assert refused == "session.email_blocklist.email_not_allowed"


def test_a_code_is_good_once_and_for_its_record_only(alice: Owner):
    older, newer = code_sent(alice), code_sent(alice)
    wrong = older | {"code": newer["code"]} if older["code"] != newer["code"] else older
    assert alice.refused("POST", f"{CODE}/verify", wrong, status=400) == (
        "verification_code.code_mismatch"
    )

    alice.post(f"{CODE}/verify", older, 200)
    alice.post(f"{CODE}/verify", newer, 200)

    again = alice.refused("POST", f"{CODE}/verify", newer, status=400)
    assert again == "verification_code.not_found"


def test_a_code_for_another_address_is_refused(alice: Owner):
    proof = code_sent(alice)
    proof["identifier"] = {"type": "email", "value": "other@example.com"}

    refused = alice.refused("POST", f"{CODE}/verify", proof, status=400)

    assert refused == "verification_code.email_mismatch"


def test_the_eleventh_code_within_ten_minutes_is_refused(alice: Owner):
    for _ in range(10):
        code_sent(alice)

    body = {"identifier": {"type": "email", "value": EMAIL}}
    refused = alice.refused("POST", CODE, body, status=429)

    assert refused == "request.message_rate_limited"


@pytest.mark.parametrize("target", ["apple", "x", "google"])
def test_an_account_is_linked_whether_or_not_its_connector_keeps_a_session(
    sure: Owner, target: str
):
    record_id = sure.prove_account(target)

    sure.post("/my-account/identities", {NEW: record_id})

    identity = sure.tenant.user("alice")["identities"][target]
    assert (identity["userId"], identity["details"]["name"]) == ("2011", "Frank Fishfootman")


def test_an_account_that_somebody_else_has_is_refused(sure: Owner):
    bob = sure.tenant.user("bob")["id"]
    sure.tenant.management("PUT", f"/users/{bob}/identities/x", json={"userId": "2011"})
    body = {NEW: sure.prove_account("x")}

    refused = sure.refused("POST", "/my-account/identities", body, status=422)

    assert refused == "user.identity_already_in_use"


def test_another_account_of_the_same_provider_is_linked_only_in_place_of_the_first(sure: Owner):
    body = {NEW: sure.prove_account("github", "2012")}
    refused = sure.refused("POST", "/my-account/identities", body, status=400)
    assert refused == "user.identity_already_in_use"

    sure.put("/my-account/identities", body)

    assert sure.tenant.user("alice")["identities"]["github"]["userId"] == "2012"


def test_a_stored_token_is_given(sure: Owner):
    assert set(sure.get("/my-account/identities/github/access-token")) == {
        "access_token",
        "scope",
        "token_type",
    }

    sure.delete("/my-account/identities/github")

    path = "/my-account/identities/github/access-token"
    refused = sure.refused("GET", path, status=404)
    assert refused == "secrets.third_party_token_set.token_not_found"


def test_who_says_no_at_the_provider_links_nothing(sure: Owner):
    [connector] = sure.tenant.management("GET", "/connectors?target=x").json()
    body = {
        "connectorId": connector["id"],
        "state": "st",
        "redirectUri": "http://localhost:8000/connections/callback/",
    }
    started = sure.post("/verifications/social", body, 201)
    data = pick(started["authorizationUri"], "")
    assert data["error"] == "access_denied"
    assert data["state"] == "st"
    record_id = started["verificationRecordId"]

    body = {"verificationRecordId": record_id, "connectorData": data}
    denied = sure.refused("POST", "/verifications/social/verify", body, status=400)
    unlinked = sure.refused("POST", "/my-account/identities", {NEW: record_id}, status=400)

    assert (denied, unlinked) == ("connector.general", "verification_record.not_found")


def test_a_providers_code_is_good_once(sure: Owner):
    [connector] = sure.tenant.management("GET", "/connectors?target=x").json()
    body = {"connectorId": connector["id"], "state": "st", "redirectUri": "http://localhost:9/"}
    first, second = (sure.post("/verifications/social", body, 201) for _ in range(2))
    data = pick(first["authorizationUri"], "2011")

    answers = [
        sure.call(
            "POST",
            "/verifications/social/verify",
            status=status,
            json={
                "verificationRecordId": started["verificationRecordId"],
                "connectorData": data,
            },
        )
        for started, status in ((first, 200), (second, 400))
    ]

    assert answers[1]["code"] == "connector.social_auth_code_invalid"


def test_unlinking_what_is_not_linked_is_404(sure: Owner):
    refused = sure.refused("DELETE", "/my-account/identities/x", status=404)

    assert refused == "user.identity_not_exist"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"connectorId": "nosuch"}, 422, "session.invalid_connector_id"),
        ({"state": ""}, 400, "session.insufficient_info"),
        ({"connectorId": "EMAIL"}, 400, "connector.unexpected_type"),
    ],
)
def test_a_start_that_leads_nowhere_is_refused(alice: Owner, change: dict, status: int, code: str):
    [x] = alice.tenant.management("GET", "/connectors?target=x").json()
    [mail] = alice.tenant.management("GET", "/connectors?target=demo-email").json()
    if change.get("connectorId") == "EMAIL":
        change = {"connectorId": mail["id"]}
    body = {"connectorId": x["id"], "state": "st", "redirectUri": "http://localhost:9/"} | change

    assert alice.refused("POST", "/verifications/social", body, status=status) == code
