"""What was set up by the Account API is asked for at the next sign-in."""

import json
from typing import Any

import pyotp
import pytest

from tests.demo.account.authenticator import PRESENT, Passkey
from tests.demo.account.owner import Owner
from tests.demo.account.test_account_factors import FACTORS, add_passkey, totp
from tests.demo.oidc.visitor import CALLBACK, Application, Browser, Page


@pytest.fixture
def visitor(sure: Owner) -> Browser:
    return Browser(sure.tenant)


def sign_in(visitor: Browser, application: Application) -> Page:
    visitor.open(application.address(prompt="login"))
    password = visitor.tenant.password_of("alice")
    return visitor.submit("Sign in", identifier="alice", password=password)


def question(page: Page) -> Any:
    assert page.html is not None
    return json.loads(page.html.find("form", {"data-passkey": True})["data-passkey"])


def own_passkey(owner: Owner) -> Passkey:
    """A passkey that was made at the site, used on the tenant's pages from now on."""
    passkey = Passkey()
    add_passkey(owner, passkey)
    passkey.origin = owner.tenant.endpoint
    return passkey


def test_a_passkey_signs_in_and_tells_when_it_was_used(
    sure: Owner, visitor: Browser, application: Application
):
    passkey = own_passkey(sure)
    page = sign_in(visitor, application)
    assert page.heading == "Second factor"

    answer = passkey.get(question(page))
    page = visitor.submit("Use a passkey", passkey=json.dumps(answer))

    assert page.url.startswith(CALLBACK)
    assert "lastUsedAt" in sure.get(FACTORS)[0]


@pytest.mark.parametrize(
    ("bend", "changes"),
    [
        ({"origin": "http://localhost:8000"}, {}),
        ({"rp_id": "evil.example"}, {}),
        ({"flags": PRESENT}, {}),
        ({"id": b"somebody-else's"}, {}),
        ({"key": Passkey().key}, {}),
        ({}, {"challenge": "A" * 43}),
        ({}, {"type": "webauthn.create"}),
    ],
    ids=["origin", "host", "nobody-verified", "unknown", "signature", "challenge", "purpose"],
)
def test_a_passkey_that_answers_another_question_lets_nobody_in(
    sure: Owner, visitor: Browser, application: Application, bend: dict, changes: dict
):
    passkey = own_passkey(sure)
    page = sign_in(visitor, application)
    for name, value in bend.items():
        setattr(passkey, name, value)

    answer = passkey.get(question(page), **changes)
    page = visitor.submit("Use a passkey", passkey=json.dumps(answer))

    assert page.alert == "This passkey was not taken."


def test_an_answer_is_good_once(sure: Owner, visitor: Browser, application: Application):
    passkey = own_passkey(sure)
    page = sign_in(visitor, application)
    answer = json.dumps(passkey.get(question(page)))
    assert visitor.submit("Use a passkey", passkey=answer).url.startswith(CALLBACK)
    sign_in(visitor, application)

    page = visitor.submit("Use a passkey", passkey=answer)

    assert page.alert == "This passkey was not taken."


def test_an_answer_without_a_question_is_told(visitor: Browser, application: Application):
    visitor.open(application.address())
    password = visitor.tenant.password_of("bob")
    page = visitor.submit("Sign in", identifier="bob", password=password)
    assert page.html is not None
    assert page.html.find("form", {"data-passkey": True}) is None

    page = visitor.submit("Go on", passkey="{}")

    assert page.alert == "Ask for the passkey again."


def test_a_copied_passkey_is_noticed_by_its_counter(
    sure: Owner, visitor: Browser, application: Application
):
    passkey = own_passkey(sure)
    for counter in (5, 5):
        passkey.counter = counter
        page = sign_in(visitor, application)
        page = visitor.submit("Use a passkey", passkey=json.dumps(passkey.get(question(page))))

    assert page.alert == "This passkey was not taken."


@pytest.mark.parametrize("answer", ["x", "null", "[]", "{}", '{"response": 1}'])
def test_nonsense_is_told_and_not_an_error(
    sure: Owner, visitor: Browser, application: Application, answer: str
):
    own_passkey(sure)
    sign_in(visitor, application)

    page = visitor.submit("Use a passkey", passkey=answer)

    assert (page.status, page.alert) == (422, "This passkey was not taken.")


def test_only_the_page_with_the_passkey_runs_a_script(
    sure: Owner, visitor: Browser, application: Application
):
    own_passkey(sure)
    page = sign_in(visitor, application)
    assert page.html is not None

    policies = [
        visitor.http.get(url).headers["Content-Security-Policy"]
        for url in (page.url, f"{sure.tenant.endpoint}/")
    ]

    assert ["script-src 'self'" in policy for policy in policies] == [True, False]
    script = visitor.http.get(f"{sure.tenant.endpoint}{page.html.find('script')['src']}")
    assert script.headers["Content-Type"] == "text/javascript"


def test_the_new_app_is_asked_for_and_the_removed_one_is_not(
    sure: Owner, visitor: Browser, application: Application
):
    app = totp(sure)
    sure.post(FACTORS, {"type": "Totp"} | app)
    assert sign_in(visitor, application).heading == "Second factor"
    page = visitor.submit("Go on", code=pyotp.TOTP(app["secret"]).now())
    assert page.url.startswith(CALLBACK)

    [factor] = sure.get(FACTORS)
    sure.delete(f"{FACTORS}/{factor['id']}")

    assert sign_in(visitor, application).url.startswith(CALLBACK)


def test_who_goes_without_is_not_asked_unless_the_tenant_insists(
    sure: Owner, visitor: Browser, application: Application
):
    sure.post(FACTORS, {"type": "Totp"} | totp(sure))
    sure.patch("/my-account/mfa-settings", {"skipMfaOnSignIn": True})
    assert sign_in(visitor, application).url.startswith(CALLBACK)

    mfa = {"mfa": {"factors": ["Totp"], "policy": "Mandatory"}}
    assert sure.tenant.management("PATCH", "/sign-in-exp", json=mfa).ok

    assert sign_in(visitor, application).heading == "Second factor"
