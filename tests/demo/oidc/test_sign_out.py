"""Signing out: the session ends, and every application that wants to know is told."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from urllib.parse import parse_qs

import pytest

from accountsite.demo import people
from tests.demo.oidc.test_sign_in import sign_in
from tests.demo.oidc.visitor import SIGNED_OUT, Application, Browser, new_application, verified
from tests.demo_process import Tenant

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def told() -> Iterator[tuple[str, "Queue[str]"]]:
    """An address for back-channel logouts, and the logout tokens that arrive there."""
    tokens: Queue[str] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens.put(parse_qs(form)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", tokens
        server.shutdown()


def end(tenant: Tenant, **query: str) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{tenant.endpoint}/oidc/session/end?{pairs}"


def test_signing_out_leads_back_and_ends_the_session(
    visitor: Browser, application: Application
) -> None:
    token = application.redeem(sign_in(visitor, application, "alice"))["id_token"]

    page = visitor.open(
        end(
            visitor.tenant,
            id_token_hint=token,
            post_logout_redirect_uri=SIGNED_OUT,
            state="state-2",
        )
    )

    assert page.url == f"{SIGNED_OUT}?state=state-2"
    assert visitor.open(application.address(prompt="none")).query["error"] == "login_required"


def test_signing_out_without_an_address_ends_on_a_page(
    visitor: Browser, application: Application
) -> None:
    sign_in(visitor, application, "alice")

    page = visitor.open(end(visitor.tenant, client_id=application.id))

    assert page.heading == "You are signed out"


def test_an_unregistered_address_is_refused_and_nothing_ends(
    visitor: Browser, application: Application
) -> None:
    sign_in(visitor, application, "alice")
    evil = "https://evil.example/"

    page = visitor.open(
        end(visitor.tenant, client_id=application.id, post_logout_redirect_uri=evil)
    )

    assert page.status == 400
    assert "code" in visitor.open(application.address(prompt="none")).query


def test_every_application_of_the_session_gets_a_logout_token(
    tenant: Tenant, visitor: Browser, told: tuple[str, "Queue[str]"]
) -> None:
    address, tokens = told
    first, second = (
        new_application(tenant, metadata={"backchannelLogoutUri": address}) for _ in range(2)
    )
    sids = {
        first.id: first.claims(sign_in(visitor, first, "alice"))["sid"],
        second.id: second.claims(visitor.open(second.address()))["sid"],
    }

    visitor.open(end(tenant, client_id=first.id))
    arrived = [verified(tenant, tokens.get(timeout=5)) for _ in range(2)]

    assert {token.claims["aud"]: token.claims["sid"] for token in arrived} == sids
    for token in arrived:
        assert token.header["typ"] == "logout+jwt"
        assert token.claims["iss"] == f"{tenant.endpoint}/oidc"
        assert token.claims["sub"] == people.id_of("alice")
        assert token.claims["events"] == {EVENT: {}}
        assert token.claims["exp"] > token.claims["iat"]
        assert "nonce" not in token.claims
    assert len({token.claims["jti"] for token in arrived}) == 2


def test_tokens_without_offline_access_end_with_the_session(
    visitor: Browser, application: Application
) -> None:
    tenant = visitor.tenant
    token = application.redeem(sign_in(visitor, application, "alice"))["access_token"]

    visitor.open(end(tenant, client_id=application.id))

    headers = {"Authorization": f"Bearer {token}"}
    assert tenant.http.get(f"{tenant.endpoint}/oidc/me", headers=headers).status_code == 401


def test_a_refresh_token_outlives_the_session(visitor: Browser, application: Application) -> None:
    tokens = application.redeem(sign_in(visitor, application, "alice", prompt="consent"))

    visitor.open(end(visitor.tenant, client_id=application.id))

    answer = application.ask(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert answer.ok
