"""Coming back from Logto: who is let in, and who is not."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import User as Staff
from django.test import Client
from joserfc.jwk import OctKey

from accountsite.signin import oidc
from accountsite.signin.models import Session
from tests.conftest import ALICE, API, inspected
from tests.signin.conftest import user
from tests.signin.issuer import ISSUER, new_key

pytestmark = pytest.mark.django_db


def test_a_good_callback_signs_in_and_leads_to_the_page_that_was_wanted(client, issuer, logto):
    sent = issuer.begin(client, next="/profile/?from=mail")

    response = client.get(
        "/sign-in/callback/", {"code": "code-1", "state": sent["state"], "iss": ISSUER}
    )

    assert response["Location"] == "/profile/?from=mail"
    session = Session.objects.live().get(account_id=ALICE)
    assert session.logto_sid == "sid-1"
    assert client.session["account"]["name"] == "Alice Kim"


def test_the_request_to_logto_has_pkce_state_nonce_and_our_redirect_uri(client, issuer):
    sent = issuer.begin(client)

    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == "http://localhost:8000/sign-in/callback/"
    assert {"state", "nonce", "code_challenge"} <= sent.keys()
    assert "openid" in sent["scope"].split()
    assert sent["prompt"] == "consent"  # or there is no refresh token
    assert "resource" not in sent  # with one, the Account API would not take the token


def test_the_verifier_is_sent_with_the_code(client, issuer, logto):
    issuer.call_back(client)

    (exchange,) = issuer.exchanges
    assert len(exchange["code_verifier"][0]) >= 43
    assert exchange["redirect_uri"] == ["http://localhost:8000/sign-in/callback/"]


def test_the_session_gets_a_new_key_at_sign_in(client, issuer, logto):
    issuer.begin(client)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value

    issuer.call_back(client)

    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/sign-out/").status_code == 302, "the key from before opens nothing"


def test_language_and_time_zone_come_from_the_profile(client, issuer, logto):
    issuer.call_back(client)

    kept = client.session["preferences"]
    assert (kept["language"], kept["time_zone"]) == ("ko", "Asia/Seoul")


def test_without_a_locale_in_the_profile_the_browsers_own_choice_stays(client, issuer, wire):
    wire.get(f"{API}/users/{ALICE}", json=user(profile={}))
    wire.get(f"{API}/users/{ALICE}/roles", json=[])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ko"

    issuer.call_back(client)

    assert client.get("/sign-out/")["Content-Language"] == "ko"


# Attacks: nobody gets in, and the page says what to do.


def refused(response: Any, client: Client, *, status: int = 400) -> BeautifulSoup:
    """The page of a refusal, once it is sure that nobody was let in."""
    assert response.status_code == status, response
    assert not Session.objects.exclude(account_id="").exists()
    page = inspected(response.content.decode())
    assert page.find("a", href="/sign-in/"), "a way to try again"
    return page


def test_a_denied_sign_in_is_explained(client, issuer, logto):
    response = issuer.call_back(client, code=None, error="access_denied")

    page = refused(response, client, status=403)
    assert "cancelled" in page.get_text()


def test_an_error_of_the_provider_is_explained(client, issuer, logto):
    response = issuer.call_back(client, code=None, error="server_error")

    assert "could not finish" in refused(response, client).get_text()


@pytest.mark.parametrize(
    "changes", [{"error": "alice_kim"}, {"iss": "https://evil.test/alice_kim"}]
)
def test_what_a_client_sends_is_not_logged(client, issuer, logto, caplog, changes):
    caplog.set_level("DEBUG")

    refused(issuer.call_back(client, **changes), client)

    assert "sign-in refused: " in caplog.text
    assert "alice_kim" not in caplog.text


def test_an_error_of_openid_connect_is_logged(client, issuer, logto, caplog):
    caplog.set_level("DEBUG")

    issuer.call_back(client, code=None, error="login_required")

    assert "sign-in refused: provider (login_required)" in caplog.text


def test_an_unknown_state_is_refused_before_the_code_is_used(client, issuer, logto):
    response = issuer.call_back(client, state="somebody-elses")

    assert "in another browser" in refused(response, client).get_text()
    assert issuer.exchanges == []


def test_a_missing_state_is_refused(client, issuer, logto):
    refused(issuer.call_back(client, state=None), client)


def test_the_state_of_another_browser_is_refused(client, issuer, logto):
    sent = issuer.begin(Client())

    response = client.get(
        "/sign-in/callback/", {"code": "c", "state": sent["state"], "iss": ISSUER}
    )

    refused(response, client)


def test_a_state_that_was_denied_works_no_more(client, issuer, logto):
    sent = issuer.begin(client)
    client.get("/sign-in/callback/", {"error": "access_denied", "state": sent["state"]})

    response = client.get(
        "/sign-in/callback/", {"code": "c", "state": sent["state"], "iss": ISSUER}
    )

    refused(response, client)


def test_an_hour_old_state_is_refused(client, issuer, logto, clock):
    sent = issuer.begin(client)
    clock.shift(3700)

    response = client.get(
        "/sign-in/callback/", {"code": "c", "state": sent["state"], "iss": ISSUER}
    )

    refused(response, client)


def test_a_replayed_callback_signs_nobody_in_again(client, issuer, logto):
    sent = issuer.begin(client)
    query = {"code": "code-1", "state": sent["state"], "iss": ISSUER}
    client.get("/sign-in/callback/", query)
    sessions = Session.objects.count()

    response = client.get("/sign-in/callback/", query)

    assert response.status_code == 400
    assert len(issuer.exchanges) == 1
    assert Session.objects.count() == sessions
    page = inspected(response.content.decode())
    assert page.h1.text == "이미 로그인되어 있습니다", "in alice's language by now"


def test_a_callback_of_another_issuer_is_refused_before_the_code_is_used(client, issuer, logto):
    response = issuer.call_back(client, iss="https://evil.test/oidc")

    refused(response, client)
    assert issuer.exchanges == []


def test_a_refused_code_is_explained(client, issuer, logto):
    issuer.token_answer = {"error": "invalid_grant"}

    refused(issuer.call_back(client), client)


def test_an_answer_without_an_id_token_is_refused(client, issuer, logto):
    issuer.token_answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600}

    refused(issuer.call_back(client), client)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test/oidc"},
        {"aud": "another-app"},
        {"aud": ["another-app"], "azp": "app"},
        {"exp": 1_700_000_000},
        {"nonce": "of-another-sign-in"},
        {"iat": 4_000_000_000},  # in 2096
        {"azp": "another-app"},
    ],
    ids="+".join,
)
def test_an_id_token_with_a_wrong_claim_is_refused(client, issuer, logto, claims):
    issuer.claims = claims

    refused(issuer.call_back(client), client)


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "iat", "nonce"])
def test_an_id_token_without_a_claim_it_needs_is_refused(client, issuer, logto, claim):
    issuer.left_out = {claim}

    refused(issuer.call_back(client), client)


def test_an_id_token_signed_with_a_strange_key_is_refused(client, issuer, logto):
    stranger = new_key()
    issuer.signing_key = stranger
    issuer.header = {"kid": issuer.key.kid}

    refused(issuer.call_back(client), client)


def test_an_unsigned_id_token_is_refused(client, issuer, logto, monkeypatch):
    unsigned = "eyJhbGciOiJub25lIn0"
    sign = issuer.id_token
    monkeypatch.setattr(issuer, "id_token", lambda: ".".join([unsigned, sign().split(".")[1], ""]))

    refused(issuer.call_back(client), client)


def test_an_id_token_signed_with_the_public_key_as_a_secret_is_refused(
    client, issuer, logto, monkeypatch
):
    """The tenant's public key is public: as an HMAC key it would let anyone sign."""
    issuer.metadata["id_token_signing_alg_values_supported"] = ["ES384", "HS256"]
    head = encoded({"alg": "HS256", "kid": issuer.key.kid})
    sign = issuer.id_token

    def forge():
        signed = f"{head}.{sign().split('.')[1]}"
        mac = hmac.digest(issuer.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    monkeypatch.setattr(issuer, "id_token", forge)

    refused(issuer.call_back(client), client)


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_a_symmetric_key_among_the_published_ones_signs_nothing(client, issuer, logto):
    """Whatever the tenant publishes: only asymmetric algorithms count."""
    issuer.metadata["id_token_signing_alg_values_supported"] = ["HS256"]
    issuer.key = issuer.signing_key = OctKey.generate_key(512, auto_kid=True)
    issuer.key.ensure_kid()
    issuer.header = {"alg": "HS256"}

    refused(issuer.call_back(client), client)


def test_a_discovery_document_of_another_issuer_is_not_used(client, issuer, logto):
    issuer.metadata["issuer"] = "https://evil.test/oidc"

    response = client.get("/sign-in/")

    assert response.status_code == 503


# Keys


def test_a_new_signing_key_is_fetched_once(client, issuer, logto):
    issuer.call_back(client)
    client.cookies.clear()
    issuer.rotate()

    response = issuer.call_back(client)

    assert response.status_code == 302
    assert issuer.key_fetches == 2


def test_tokens_with_unknown_keys_cause_few_fetches(client, issuer, logto):
    issuer.signing_key = new_key()

    for _attempt in range(12):
        refused(issuer.call_back(client), client)

    assert issuer.key_fetches <= 6


def test_a_withdrawn_key_is_trusted_for_an_hour_at_most(client, issuer, logto, monkeypatch):
    issuer.call_back(client)
    client.cookies.clear()
    withdrawn = issuer.key
    issuer.rotate()
    issuer.signing_key = withdrawn
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)

    response = issuer.call_back(client)

    assert response.status_code == 400


# Logto slow or down, and people who may not


def test_logto_down_at_the_start_says_so(client, wire):
    oidc._client.cache_clear()
    wire.get(f"{ISSUER}/.well-known/openid-configuration", body=ConnectionError())

    response = client.get("/sign-in/")

    assert response.status_code == 503


def test_sign_in_works_while_the_management_api_is_out_but_makes_nobody_staff(
    client, issuer, wire, settings
):
    Staff.objects.create(username=f"logto:{ALICE}", is_staff=True, is_superuser=True)
    wire.get(f"{API}/users/{ALICE}", status=503)
    wire.get(f"{API}/users/{ALICE}/roles", status=503)

    response = issuer.call_back(client)

    assert response.status_code == 302
    assert client.session["account"]["name"] == "Alice Kim"
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"json": user(isSuspended=True)}, "suspended"),
        ({"json": {"code": "entity.not_found", "message": "-"}, "status": 404}, "gone"),
    ],
)
def test_a_person_who_is_suspended_or_gone_is_not_let_in(client, issuer, wire, answer, reason):
    wire.get(f"{API}/users/{ALICE}", **answer)
    wire.get(f"{API}/users/{ALICE}/roles", json=[])

    response = issuer.call_back(client)

    assert response["Location"] == f"/signed-out/?reason={reason}"
    assert not Session.objects.live().exclude(account_id="").exists()


# Admins


def role(name: str) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": f"role-{name}",
        "name": name,
        "description": "-",
        "type": "User",
        "isDefault": False,
    }


def test_the_admin_role_makes_staff(client, issuer, wire):
    wire.get(f"{API}/users/{ALICE}", json=user())
    wire.get(f"{API}/users/{ALICE}/roles", json=[role("accountsite-admin")])

    issuer.call_back(client)

    assert client.get("/admin/").status_code == 200
    staff = Staff.objects.get(username=f"logto:{ALICE}")
    assert not staff.has_usable_password()


def test_without_the_admin_role_staff_is_staff_no_more(client, issuer, wire):
    Staff.objects.create(username=f"logto:{ALICE}", is_staff=True, is_superuser=True)
    wire.get(f"{API}/users/{ALICE}", json=user())
    wire.get(f"{API}/users/{ALICE}/roles", json=[role("editor")])

    issuer.call_back(client)

    staff = Staff.objects.get(username=f"logto:{ALICE}")
    assert (staff.is_staff, staff.is_superuser) == (False, False)
    assert client.get("/admin/").status_code == 302


# Where people are sent


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/%09/evil.test",
        "/\t/evil.test",
        "evil.test",
        "http:///evil.test",
        "/sign-in/?next=/",
        "",
    ],
)
def test_after_sign_in_nobody_is_sent_to_another_site(client, issuer, logto, target):
    sent = issuer.begin(client, next=target)

    response = client.get(
        "/sign-in/callback/", {"code": "code-1", "state": sent["state"], "iss": ISSUER}
    )

    assert response["Location"] in {"/", "/%09/evil.test"}


def test_two_sign_ins_begun_side_by_side_both_find_their_page(client, issuer, logto):
    first = issuer.begin(client, next="/profile/")
    first_nonce = issuer.nonce
    issuer.begin(client, next="/other/")
    issuer.nonce = first_nonce

    response = client.get(
        "/sign-in/callback/", {"code": "code-1", "state": first["state"], "iss": ISSUER}
    )

    assert response["Location"] == "/profile/"


def test_a_browser_that_begins_again_and_again_keeps_the_newest_five(client, issuer):
    for _attempt in range(12):
        issuer.begin(client)

    kept = [key for key in client.session.keys() if key.startswith("_state_logto_")]  # noqa: SIM118
    assert len(kept) == 5
    assert len(client.session["attempts"]) == 5


def test_who_is_signed_in_already_goes_straight_on(alice: Client):
    assert alice.get("/sign-in/", {"next": "/profile/"})["Location"] == "/profile/"


@pytest.mark.parametrize("path", ["/sign-in/", "/signed-out/"])
def test_who_asks_for_the_head_alone_hears_the_same(client, issuer, logto, path):
    head, whole = client.head(path), client.get(path)

    assert head.status_code == whole.status_code
    assert head.content == b""


def test_the_head_of_the_callback_alone_uses_no_sign_in_up(client, issuer, logto):
    sent = issuer.begin(client)
    back = {"code": "code-1", "state": sent["state"], "iss": ISSUER}

    assert client.head("/sign-in/callback/", back).status_code == 405

    assert client.get("/sign-in/callback/", back)["Location"] == "/"
