"""Nothing that is secret or personal reaches a log, at any level, in success or failure."""

import logging
from collections.abc import Callable

import pytest
import responses

from accountsite.logto import (
    account_api,
    errors,
    identities,
    mfa,
    passwords,
    tokens,
    transport,
    users,
    verification_codes,
)
from tests.conftest import API
from tests.logto import answers
from tests.logto.answers import PLANTED

CALLS: list[tuple[str, str, Callable[[], object]]] = [
    ("GET", "/users", lambda: users.search(PLANTED, by=users.Field.EMAIL)),
    ("GET", "/users/u1", lambda: users.get("u1")),
    ("PATCH", "/users/u1", lambda: users.update("u1", name=PLANTED)),
    ("POST", "/users/u1/password/verify", lambda: passwords.verify("u1", PLANTED)),
    ("POST", "/verification-codes", lambda: verification_codes.send_email(f"{PLANTED}@b.c")),
    (
        "POST",
        "/verification-codes/verify",
        lambda: verification_codes.verify_email(f"{PLANTED}@b.c", PLANTED),
    ),
    (
        "POST",
        "/users/u1/identities",
        lambda: identities.link("u1", connector_id="c", data={"code": PLANTED}),
    ),
    ("POST", "/users/u1/mfa-verifications", lambda: mfa.add_totp("u1", secret=PLANTED)),
    ("POST", "/users/u1/personal-access-tokens", lambda: tokens.create("u1", name=PLANTED)),
    ("GET", "/my-account", lambda: account_api.me(PLANTED)),
    (
        "GET",
        "/my-account/sessions",
        lambda: account_api.own_sessions(PLANTED, proof=PLANTED),
    ),
]
REFUSAL = {
    "code": "connector.general",
    "message": f"Error in connector: {PLANTED}",
    "details": PLANTED,
    "data": {"message": PLANTED},
}


def attempt(does: Callable[[], object]) -> str:
    """Runs into whatever comes, and logs it as the site would, with its traceback."""
    try:
        does()
    except errors.LogtoError as error:
        logging.getLogger("accountsite").exception("It failed.")
        return f"{error} {error!r}"
    return ""


@pytest.fixture
def log(caplog, settings) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="accountsite")  # for quick reads
    settings.LOGTO_M2M_APP_SECRET = PLANTED
    return caplog


@pytest.fixture
def wire():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        token = {"access_token": PLANTED, "expires_in": 3600, "scope": "all"}
        mock.post(f"{API.removesuffix('/api')}/oidc/token", json=token)
        yield mock


@pytest.mark.parametrize(("method", "path", "does"), CALLS, ids=[call[1] for call in CALLS])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"id": PLANTED, "value": PLANTED}),
        (200, answers.user(name=PLANTED)),
        (400, REFUSAL),
        (401, {"code": "auth.unauthorized", "message": PLANTED}),
        (500, {"message": PLANTED}),
    ],
)
def test_an_answer_leaves_no_secret_behind(log, wire, method, path, does, status, body):
    wire.add(method, f"{API}{path}", status=status, json=body, headers={"Set-Cookie": PLANTED})

    shown = attempt(does)

    assert method in log.text
    assert PLANTED not in log.text
    assert PLANTED not in shown


def test_refused_credentials_leave_no_secret_behind(log):
    with responses.RequestsMock() as wire:
        wire.post(
            f"{API.removesuffix('/api')}/oidc/token",
            status=401,
            json={"code": "oidc.invalid_client", "message": PLANTED, "error_description": PLANTED},
        )

        attempt(lambda: users.get("u1"))

    assert "LOGTO_M2M_APP_SECRET" in log.text
    assert PLANTED not in log.text


def test_urllib3_tells_neither_queries_nor_headers(log, settings, wire):
    wire.add_passthru("http://127.0.0.1")
    settings.LOGTO_ENDPOINT = "http://127.0.0.1:9"  # the discard port: nobody listens
    # The site has it quiet; whoever has it speak must not hear of people.
    log.set_level(logging.DEBUG, logger="urllib3.connectionpool")
    transport._adapter.cache_clear()  # it speaks of connections that it has not had before

    attempt(lambda: transport.send("GET", "/one", query={"search": PLANTED}))

    assert "urllib3.connectionpool" in {record.name for record in log.records}
    assert "/one?…" in log.text
    assert PLANTED not in log.text
