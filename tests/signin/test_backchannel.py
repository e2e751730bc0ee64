"""Logto tells us that a session ended."""

import pytest
from django.test import Client

from accountsite.signin import oidc
from accountsite.signin.models import Session
from tests.conftest import ALICE
from tests.signin.issuer import EVENT, ISSUER, new_key

pytestmark = pytest.mark.django_db

URL = "/sign-out/backchannel/"


def post(token: str):
    return Client().post(URL, {"logout_token": token})


def test_a_good_token_ends_the_session_it_names(alice, issuer):
    response = post(issuer.logout_token())

    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0")
    assert not Session.objects.live().exists()
    assert "reason=ended_elsewhere" in alice.get("/sign-out/")["Location"]


def test_only_the_logto_session_that_is_named_ends(alice, sign_in, issuer):
    elsewhere = sign_in(Client(), sid="sid-2")

    post(issuer.logout_token(sid="sid-1"))

    assert elsewhere.get("/sign-out/").status_code == 200


def test_a_token_with_a_person_alone_ends_all_their_sessions_and_nobody_elses(sign_in, issuer):
    sign_in(Client())
    sign_in(Client(), sid="sid-2")
    bob = sign_in(Client(), id="bob000000001", sid="sid-3")

    post(issuer.logout_token(sid=None))

    assert [session.account_id for session in Session.objects.live()] == ["bob000000001"]
    assert bob.get("/sign-out/").status_code == 200


def test_a_token_with_a_logto_session_alone_is_enough(alice, issuer):
    post(issuer.logout_token(sub=None))

    assert not Session.objects.live().exists()


def test_a_session_of_another_person_under_the_named_sid_stays(sign_in, issuer):
    sign_in(Client(), id="bob000000001", sid="sid-1")

    post(issuer.logout_token())

    assert Session.objects.live().count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.test/oidc"},
        {"iss": None},
        {"aud": "another-app"},
        {"aud": None},
        {"iat": None},
        {"iat": 1_700_000_000},
        {"iat": 4_000_000_000},  # in 2096
        {"iat": "now"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: None}},
        {"events": {"https://example.com/another": {}}},
        {"events": [EVENT]},
        {"nonce": "as-an-id-token-has"},
        {"sub": None, "sid": None},
        {"sub": {"not": "text"}},
        {"jti": None},
    ],
    ids=lambda changes: "-".join(f"{key}={value}"[:40] for key, value in changes.items()),
)
def test_a_token_with_a_wrong_claim_ends_nothing(alice, issuer, changes):
    response = post(issuer.logout_token(**changes))

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"
    assert Session.objects.live().count() == 1


def test_a_token_works_once(sign_in, issuer):
    token = issuer.logout_token()
    assert post(token).status_code == 200
    sign_in(Client())

    response = post(token)

    assert response.status_code == 400
    assert Session.objects.live().count() == 1


def test_a_token_signed_with_a_strange_key_ends_nothing(alice, issuer):
    issuer.signing_key = new_key()
    issuer.header = {"kid": issuer.key.kid}

    assert post(issuer.logout_token()).status_code == 400
    assert Session.objects.live().count() == 1


def test_an_unsigned_token_ends_nothing(alice, issuer):
    payload = issuer.logout_token().split(".")[1]

    assert post(f"eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.{payload}.").status_code == 400
    assert Session.objects.live().count() == 1


def test_an_id_token_is_no_logout_token(alice, issuer):
    issuer.claims = {"events": {EVENT: {}}, "jti": "once"}
    issuer.left_out = {"nonce"}

    assert post(issuer.id_token()).status_code == 400
    assert Session.objects.live().count() == 1


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "e30.e30.e30", "\x00", "é.é.é"])
def test_what_is_no_token_is_refused(issuer, token):
    assert post(token).status_code == 400


def test_a_token_of_a_rotated_key_is_good(alice, issuer):
    post(issuer.logout_token(sid="somewhere-else"))
    issuer.rotate()

    assert post(issuer.logout_token()).status_code == 200
    assert not Session.objects.live().exists()


def test_without_keys_the_sender_is_told_to_come_again(alice, wire):
    oidc._client.cache_clear()
    wire.get(f"{ISSUER}/.well-known/openid-configuration", status=502)

    assert post("a.b.c").status_code == 503
    assert Session.objects.live().filter(account_id=ALICE).exists()


def test_it_is_a_post():
    assert Client().get(URL).status_code == 405
