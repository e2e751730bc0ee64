"""The token of the site's own application: fetched once, sealed, renewed in time."""

import base64
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import responses
import time_machine
from django.conf import settings
from django.core.cache import cache

from accountsite.logto import client, credentials, errors, reading, users
from tests.conftest import API
from tests.logto import answers

ISSUER = f"{settings.LOGTO_ENDPOINT}/oidc/token"


class Issuer:
    """A token endpoint that numbers its tokens."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.count = 0
        self.lifetime = 3600
        self.refuses: tuple[int, dict[str, str]] | None = None
        self.began, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()
        self.lock = threading.Lock()
        wire.add_callback("POST", ISSUER, callback=self.answer)

    def answer(self, request):
        with self.lock:
            self.count += 1
            number = self.count
        self.began.set()
        assert self.goes_on.wait(5)
        if self.refuses:
            status, body = self.refuses
            return status, {}, json.dumps(body)
        body = {"access_token": f"token-{number}", "expires_in": self.lifetime, "scope": "all"}
        return 200, {}, json.dumps(body)


@pytest.fixture
def wire():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def issuer(wire) -> Issuer:
    return Issuer(wire)


def test_the_token_is_asked_for_with_our_credentials(issuer, wire):
    assert credentials.token() == "token-1"

    request = wire.calls[0].request
    assert parse_qs(request.body) == {
        "grant_type": ["client_credentials"],
        "resource": ["https://default.logto.app/api"],
        "scope": ["all"],
    }
    assert (
        request.headers["Authorization"] == f"Basic {base64.b64encode(b'm2m:m2m-secret').decode()}"
    )


def test_odd_characters_in_a_secret_are_encoded(issuer, wire, settings):
    settings.LOGTO_M2M_APP_SECRET = "a:b c/é"  # as RFC 6749 wants it: form-encoded, then base64

    credentials.token()

    sent = wire.calls[0].request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"m2m:a%3Ab+c%2F%C3%A9"


def test_it_is_used_until_it_grows_old(issuer):
    with time_machine.travel("2026-11-21T06:00:00Z", tick=False) as clock:
        credentials.token()
        clock.shift(timedelta(minutes=54))

        assert credentials.token() == "token-1"


def test_it_is_renewed_some_minutes_before_it_expires(issuer):
    with time_machine.travel("2026-11-21T06:00:00Z", tick=False) as clock:
        credentials.token()
        clock.shift(timedelta(minutes=55, seconds=1))

        assert credentials.token() == "token-2"
        assert credentials.token() == "token-2"


def test_a_short_lived_one_is_not_renewed_all_the_time(issuer):
    issuer.lifetime = 60
    with time_machine.travel("2026-11-21T06:00:00Z", tick=False) as clock:
        credentials.token()
        clock.shift(timedelta(seconds=40))

        assert credentials.token() == "token-1"


def test_when_renewal_fails_the_old_one_is_used_to_its_end(issuer, caplog):
    with time_machine.travel("2026-11-21T06:00:00Z", tick=False) as clock:
        credentials.token()
        issuer.refuses = 500, {"message": "Broken."}
        clock.shift(timedelta(minutes=56))

        assert credentials.token() == "token-1"
        assert credentials.token() == "token-1"
        assert issuer.count == 2  # and is not asked again at once
        assert "was not renewed" in caplog.text

        clock.shift(timedelta(minutes=4))
        with pytest.raises(errors.Unavailable):
            credentials.token()


def test_it_lies_sealed_in_the_cache(issuer):
    credentials.token()

    kept = cache.get(credentials._key("token"))
    assert isinstance(kept, bytes)
    assert b"token-1" not in kept
    assert b"token-1" not in base64.urlsafe_b64decode(kept)


def test_one_sealed_with_a_lost_key_is_fetched_anew(issuer, settings):
    credentials.token()
    settings.SECRET_KEY = "another-key-" + "x" * 32

    assert credentials.token() == "token-2"


@pytest.mark.parametrize("junk", [b"junk", "text", {"token": 1}])
def test_junk_in_the_cache_is_replaced(issuer, junk):
    cache.set(credentials._key("token"), junk)

    assert credentials.token() == "token-1"


def test_another_application_never_gets_this_ones_token(issuer, settings):
    credentials.token()
    settings.LOGTO_M2M_APP_ID = "another"

    assert credentials.token() == "token-2"


def test_many_threads_that_need_a_first_token_fetch_one(issuer):
    issuer.goes_on.clear()
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(credentials.token) for _ in range(20)]
        assert issuer.began.wait(5)
        issuer.goes_on.set()
        found = {future.result(5) for future in waiting}

    assert found == {"token-1"}
    assert issuer.count == 1


def test_while_one_thread_renews_the_others_go_on_with_the_old_one(issuer):
    with time_machine.travel("2026-11-21T06:00:00Z") as clock:
        credentials.token()
        clock.shift(timedelta(minutes=56))
        issuer.began.clear()
        issuer.goes_on.clear()
        with ThreadPoolExecutor(20) as pool:
            renewing = pool.submit(credentials.token)
            assert issuer.began.wait(5)
            others = {pool.submit(credentials.token).result(5) for _ in range(19)}
            issuer.goes_on.set()

            assert others == {"token-1"}
            assert renewing.result(5) == "token-2"
    assert issuer.count == 2


def test_many_threads_with_a_refused_token_fetch_one_new_one(issuer):
    old = credentials.token()
    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(lambda _: credentials.renewed(old), range(20)))

    assert found == {"token-2"}
    assert issuer.count == 2


def accepts_only(wire, token: str, method: str = "GET") -> None:
    def answer(request):
        if request.headers["Authorization"] == f"Bearer {token}":
            return 200, {}, json.dumps(answers.user())
        body = '{"code": "auth.unauthorized", "message": "No."}'
        return 401, {}, body

    wire.add_callback(method, f"{API}/users/u1", callback=answer, content_type="application/json")


def test_a_refused_token_is_replaced_and_the_call_sent_again(issuer, wire):
    accepts_only(wire, "token-2", "PATCH")

    assert users.update("u1", name="Ada").name == "Ada Byron"
    assert [call.request.body for call in wire.calls if "users" in call.request.url] == [
        b'{"name": "Ada"}'
    ] * 2


def test_a_call_is_sent_again_only_once(issuer, wire):
    accepts_only(wire, "token-99")

    with pytest.raises(errors.Unauthorized):
        users.get("u1")

    assert issuer.count == 2
    assert len(wire.calls) == 4


def test_being_forbidden_renews_nothing(issuer, wire):
    wire.get(f"{API}/users/u1", status=403, json={"code": "auth.forbidden", "message": "No."})

    with pytest.raises(errors.Forbidden):
        client.get("/users/{}", "u1", read=reading.obj)

    assert issuer.count == 1


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (401, "oidc.invalid_client", "LOGTO_M2M_APP_SECRET"),
        (400, "oidc.invalid_client", "LOGTO_M2M_APP_ID"),
        (400, "oidc.invalid_target", "LOGTO_MANAGEMENT_API_RESOURCE"),
        (403, "auth.forbidden", "machine-to-machine"),
    ],
)
def test_wrong_credentials_are_named(issuer, status, code, sentence):
    issuer.refuses = status, {"code": code, "message": "No.", "error_description": "x"}

    with pytest.raises(errors.Unauthorized, match=sentence) as caught:
        credentials.token()

    assert caught.value.code == code
    assert "m2m-secret" not in str(caught.value)


def test_a_limited_token_endpoint_is_a_limit(issuer):
    issuer.refuses = 429, {"code": "request.limited", "message": "Wait."}

    with pytest.raises(errors.TooManyRequests):
        credentials.token()


@pytest.mark.parametrize("body", [{}, {"access_token": 5, "expires_in": 60}, {"expires_in": 60}])
def test_a_token_endpoint_of_another_kind_is_an_outage(issuer, body):
    issuer.refuses = 200, body

    with pytest.raises(errors.Unavailable):
        credentials.token()


def test_what_a_token_allows_can_be_looked_at(issuer):
    fetched = credentials.fetch()

    assert fetched.scopes == ("all",)
    assert "token-1" not in repr(fetched)


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.WARNING, "accountsite.logto")
