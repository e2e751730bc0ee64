"""The person's own access token, kept in the session and renewed in time."""

import time

import pytest
from django.test import RequestFactory

from accountsite.logto import errors
from accountsite.signin import oidc, services, tokens
from accountsite.signin.session_store import SessionStore
from tests.signin.issuer import ISSUER

pytestmark = pytest.mark.django_db


def request_with(**kept):
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session[services.TOKENS] = kept
    return request


def test_a_token_that_lasts_is_used_as_it_is(issuer):
    request = request_with(access_token="kept", expires_at=time.time() + 600)

    assert tokens.of_person(request) == "kept"
    assert issuer.exchanges == []


def test_a_token_that_ends_soon_is_renewed_and_the_session_keeps_what_is_new(issuer):
    issuer.token_answer = {"access_token": "new", "expires_in": 3600, "token_type": "Bearer"}
    request = request_with(
        access_token="old", expires_at=time.time() + 30, refresh_token="r", id_token="i"
    )

    assert tokens.of_person(request) == "new"

    kept = request.session[services.TOKENS]
    assert (kept["access_token"], kept["refresh_token"], kept["id_token"]) == ("new", "r", "i")
    assert kept["expires_at"] > time.time() + 3000
    assert issuer.exchanges[0]["refresh_token"] == ["r"]


def test_without_a_refresh_token_the_person_signs_in_again(issuer):
    with pytest.raises(tokens.SignInNeeded):
        tokens.of_person(request_with(access_token="old", expires_at=0))


def test_a_refresh_token_that_logto_no_longer_honours_asks_for_a_sign_in(issuer):
    issuer.token_answer = {"error": "invalid_grant"}

    with pytest.raises(tokens.SignInNeeded):
        tokens.of_person(request_with(refresh_token="revoked"))


def test_logto_down_is_no_reason_to_sign_in_again(wire):
    oidc._client.cache_clear()
    wire.get(f"{ISSUER}/.well-known/openid-configuration", status=503)

    with pytest.raises(errors.Unavailable):
        tokens.of_person(request_with(refresh_token="r"))
