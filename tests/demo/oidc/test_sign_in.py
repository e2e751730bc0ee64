"""Signing in on the tenant's own pages."""

import time

import pyotp
import pytest

from accountsite.demo import people
from tests.demo.oidc.visitor import CALLBACK, Application, Browser, Page, new_application
from tests.demo_process import Tenant


def sign_in(visitor: Browser, application: Application, username: str, **changes: str) -> Page:
    visitor.open(application.address(**changes))
    password = visitor.tenant.password_of(username)
    return visitor.submit("Sign in", identifier=username, password=password)


@pytest.mark.parametrize("identifier", ["alice", "alice@example.com", "ALICE@example.com"])
def test_a_password_leads_back_to_the_application(
    visitor: Browser, application: Application, identifier: str
) -> None:
    visitor.open(application.address())

    page = visitor.submit("Sign in", identifier=identifier, password="Teacup-Orbit-27")

    assert page.url.startswith(f"{CALLBACK}?")
    assert page.query["state"] == "state-1"
    assert page.query["iss"] == f"{visitor.tenant.endpoint}/oidc"


def test_the_id_token_tells_who_it_is(visitor: Browser, application: Application) -> None:
    claims = application.claims(sign_in(visitor, application, "alice"))

    assert claims["sub"] == people.id_of("alice")
    assert claims["email"] == "alice@example.com"
    assert claims["nonce"] == "nonce-1"
    assert claims["aud"] == application.id
    assert "auth_time" not in claims


def test_a_wrong_password_is_told_on_the_page(visitor: Browser, application: Application) -> None:
    visitor.open(application.address())

    page = visitor.submit("Sign in", identifier="alice", password="wrong")

    assert page.status == 422
    assert "don't fit together" in page.alert
    assert page.html is not None
    assert page.html.find(id="identifier")["value"] == "alice"


def test_a_suspended_person_is_refused_with_the_reason(
    visitor: Browser, application: Application
) -> None:
    page = sign_in(visitor, application, "carol")

    assert page.status == 422
    assert page.alert == "This account is suspended."


def test_an_authenticator_app_is_asked_for_and_each_code_is_good_once(
    visitor: Browser, application: Application
) -> None:
    code = pyotp.TOTP(people.BOBS_SECRET).now()
    assert sign_in(visitor, application, "bob").heading == "Second factor"

    assert visitor.submit("Go on", code=code).url.startswith(CALLBACK)
    sign_in(visitor, application, "bob", prompt="login")
    again = visitor.submit("Go on", code=code)

    assert "used already" in again.alert


def test_a_wrong_code_of_the_app_is_told(visitor: Browser, application: Application) -> None:
    now = int(time.time()) // 30
    near = {pyotp.TOTP(people.BOBS_SECRET).generate_otp(now + step) for step in range(-2, 3)}
    wrong = next(code for code in map("{:06}".format, range(10)) if code not in near)
    sign_in(visitor, application, "bob")

    assert visitor.submit("Go on", code=wrong).status == 422


def test_a_backup_code_is_spent(visitor: Browser, application: Application) -> None:
    sign_in(visitor, application, "bob")
    assert visitor.submit("backup code", backup_code=people.BOBS_CODES[0]).url.startswith(CALLBACK)

    sign_in(visitor, application, "bob", prompt="login")
    again = visitor.submit("backup code", backup_code=people.BOBS_CODES[0])

    assert "used already" in again.alert


def test_the_second_factor_can_not_be_skipped(visitor: Browser, application: Application) -> None:
    page = sign_in(visitor, application, "bob")
    interaction = page.query["interaction"]

    page = visitor.open(f"{visitor.tenant.endpoint}/oidc/auth/{interaction}")

    assert page.heading == "Sign in"


def test_a_code_by_mail_signs_in_who_has_no_password(
    visitor: Browser, application: Application
) -> None:
    page = visitor.open(application.address())
    visitor.open(page.url.replace("/sign-in?", "/sign-in/code?"))
    visitor.submit("Send a code", identifier="erin@example.com")
    code = visitor.tenant.newest_code("erin@example.com")
    assert code is not None

    page = visitor.submit("Sign in", code=code)

    assert application.claims(page)["sub"] == people.id_of("erin")


def test_an_address_that_nobody_has_looks_the_same(
    visitor: Browser, application: Application
) -> None:
    page = visitor.open(application.address())
    visitor.open(page.url.replace("/sign-in?", "/sign-in/code?"))

    page = visitor.submit("Send a code", identifier="nobody@example.com")

    assert page.heading == "Enter the code"
    assert visitor.tenant.newest_code("nobody@example.com") is None


def test_a_linked_account_of_a_provider_signs_in(
    visitor: Browser, application: Application
) -> None:
    visitor.open(application.address())
    assert visitor.submit("Continue with GitHub").heading == "GitHub"

    page = visitor.submit("Alice Liddell")

    assert application.claims(page)["sub"] == people.id_of("alice")


@pytest.mark.parametrize("account", ["Grace Gryphon", "Somebody new"])
def test_an_account_that_nobody_linked_is_explained(
    visitor: Browser, application: Application, account: str
) -> None:
    visitor.open(application.address())
    visitor.submit("Continue with GitHub")

    page = visitor.submit(account)

    assert page.heading == "Sign in"
    assert "Nobody here has linked this account" in page.alert


def test_a_refusal_at_the_provider_leads_back_to_the_sign_in_page(
    visitor: Browser, application: Application
) -> None:
    visitor.open(application.address())
    visitor.submit("Continue with GitHub")

    assert "was not used" in visitor.submit("Refuse").alert


def test_going_back_tells_the_application_that_access_was_denied(
    visitor: Browser, application: Application
) -> None:
    visitor.open(application.address())

    page = visitor.submit("Go back to Berths")

    assert page.query["error"] == "access_denied"
    assert page.query["state"] == "state-1"


def test_who_is_signed_in_is_not_asked_again(visitor: Browser, application: Application) -> None:
    sign_in(visitor, application, "alice")

    assert "code" in visitor.open(application.address()).query
    assert "code" in visitor.open(application.address(prompt="none")).query


def test_prompt_none_needs_a_session(visitor: Browser, application: Application) -> None:
    page = visitor.open(application.address(prompt="none"))

    assert page.query["error"] == "login_required"


def test_prompt_login_asks_again_keeps_the_session_and_tells_the_time(
    visitor: Browser, application: Application
) -> None:
    before = application.claims(sign_in(visitor, application, "alice"))
    page = visitor.open(application.address(prompt="login"))
    assert page.heading == "Sign in"

    claims = application.claims(sign_in(visitor, application, "alice", prompt="login"))

    assert claims["sid"] == before["sid"]
    assert abs(claims["auth_time"] - time.time()) < 10


def test_max_age_asks_again_when_the_sign_in_is_too_old(
    visitor: Browser, application: Application
) -> None:
    sign_in(visitor, application, "alice")
    assert "auth_time" in application.claims(visitor.open(application.address(max_age="60")))
    time.sleep(1.1)

    assert visitor.open(application.address(max_age="0")).heading == "Sign in"


def test_another_person_in_the_same_browser_ends_the_first_session(
    visitor: Browser, application: Application
) -> None:
    sign_in(visitor, application, "alice")

    sign_in(visitor, application, "dave", prompt="login")

    sessions = visitor.tenant.management("GET", f"/users/{people.id_of('alice')}/sessions").json()
    assert application.id not in [row["clientId"] for row in sessions["sessions"]]


def test_another_browser_can_not_finish_a_sign_in(
    tenant: Tenant, visitor: Browser, application: Application
) -> None:
    page = visitor.open(application.address())

    stranger = Browser(tenant).open(page.url)

    assert stranger.status == 400
    assert stranger.alert == "This sign-in has expired."


def test_a_form_without_its_token_is_refused(visitor: Browser, application: Application) -> None:
    visitor.open(application.address())

    page = visitor.submit("Sign in", identifier="alice", csrfmiddlewaretoken="wrong")

    assert page.status == 403


def test_a_third_party_needs_consent_once(tenant: Tenant, visitor: Browser) -> None:
    application = new_application(tenant, name="Photo Prints", isThirdParty=True)
    page = sign_in(visitor, application, "alice")
    assert page.heading == "Let Photo Prints in?"

    assert "code" in visitor.submit("Let it in").query
    assert "code" in visitor.open(application.address()).query


def test_consent_can_be_refused(tenant: Tenant, visitor: Browser) -> None:
    application = new_application(tenant, isThirdParty=True)
    sign_in(visitor, application, "alice")

    assert visitor.submit("Refuse").query["error"] == "access_denied"


def test_consent_is_not_given_silently(tenant: Tenant, visitor: Browser) -> None:
    application = new_application(tenant, isThirdParty=True)
    sign_in(visitor, new_application(tenant), "alice")

    page = visitor.open(application.address(prompt="none"))

    assert page.query["error"] == "consent_required"


def test_an_unregistered_callback_is_never_visited(
    visitor: Browser, application: Application
) -> None:
    page = visitor.open(application.address(redirect_uri="https://evil.example/"))

    assert page.status == 400
    assert page.heading == "This does not work"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "tok\u00e9n"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"resource": "https://nosuch.example/"}, "invalid_target"),
    ],
)
def test_a_wrong_request_is_told_to_the_application(
    visitor: Browser, application: Application, wrong: dict[str, str], error: str
) -> None:
    sign_in(visitor, application, "alice")

    page = visitor.open(application.address(**wrong))

    assert page.query["error"] == error
    assert page.query["iss"] == f"{visitor.tenant.endpoint}/oidc"


def test_the_link_of_a_mail_signs_its_owner_in_once(
    visitor: Browser, application: Application
) -> None:
    body = {"email": "erin@example.com"}
    token = visitor.tenant.management("POST", "/one-time-tokens", json=body).json()["token"]
    link = {"one_time_token": token, "login_hint": "erin@example.com"}

    claims = application.claims(visitor.open(application.address(**link)))
    again = visitor.open(application.address(**link))

    assert claims["sub"] == people.id_of("erin")
    assert again.status == 422
    assert "works no longer" in again.alert


def test_the_link_of_somebody_else_signs_nobody_in(
    visitor: Browser, application: Application
) -> None:
    body = {"email": "erin@example.com"}
    token = visitor.tenant.management("POST", "/one-time-tokens", json=body).json()["token"]

    page = visitor.open(application.address(one_time_token=token, login_hint="alice@example.com"))

    assert "another address" in page.alert
