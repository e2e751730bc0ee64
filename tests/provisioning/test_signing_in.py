"""Signing in to what the command made, by nothing but the file that it wrote."""

import pytest

from tests.demo.oidc.visitor import Application, Browser, verified
from tests.provisioning.conftest import SITE, application, lines

pytestmark = pytest.mark.demo


@pytest.fixture
def made(tenant, provision, env_file):
    """The application of the file, as a relying party."""
    assert provision().failure is None
    written = lines(env_file)
    record = application(tenant)
    assert written["LOGTO_APP_ID"] == record["id"]
    return Application(tenant, record, written["LOGTO_APP_SECRET"])


def sign_in(tenant, made):
    """What is at the end of alice's way through the tenant's sign-in page: tokens and a session."""
    visitor = Browser(tenant)
    visitor.open(made.address(redirect_uri=f"{SITE}/sign-in/callback/", prompt="consent"))
    password = tenant.password_of("alice")
    callback = visitor.submit("Sign in", identifier="alice", password=password)
    assert callback.url.startswith(f"{SITE}/sign-in/callback/?")
    answer = made.ask(
        grant_type="authorization_code",
        code=callback.query["code"],
        redirect_uri=f"{SITE}/sign-in/callback/",
        code_verifier=made.verifier,
    )
    assert answer.ok, answer.text
    return answer.json(), visitor


def test_id_tokens_name_the_session(tenant, made):
    tokens, _visitor = sign_in(tenant, made)

    sid = verified(tenant, tokens["id_token"]).claims["sid"]

    path = f"/users/{tenant.user('alice')['id']}/sessions"
    sessions = tenant.management("GET", path).json()["sessions"]
    assert sid in [
        granted["sid"]
        for session in sessions
        for client, granted in session["payload"]["authorizations"].items()
        if client == made.id
    ]


def test_tokens_can_be_renewed(tenant, made):
    tokens, _visitor = sign_in(tenant, made)

    answer = made.ask(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert answer.ok


def test_signing_out_leads_back_to_the_site(tenant, made):
    tokens, visitor = sign_in(tenant, made)
    query = f"id_token_hint={tokens['id_token']}&post_logout_redirect_uri={SITE}/signed-out/"

    page = visitor.open(f"{tenant.endpoint}/oidc/session/end?{query}")

    assert page.url == f"{SITE}/signed-out/"


def test_after_the_undoing_nobody_signs_in(tenant, made, provision):
    provision("--undo")

    page = Browser(tenant).open(made.address(redirect_uri=f"{SITE}/sign-in/callback/"))

    assert page.status == 400
