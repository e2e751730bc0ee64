"""A passkey made at the site's origin is the second factor on the tenant's page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.demo.account.owner import Owner, signed_in
from tests.demo.account.test_account_factors import FACTORS, REGISTRATION
from tests.demo.oidc.visitor import CALLBACK, Application, new_application

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
DONE = "/healthz"
CREATE = """async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  return credential.toJSON();
}"""


@pytest.fixture
def application(tenant: Any, site: Any) -> Application:
    """An application that is anywhere but at the tenant."""
    return new_application(tenant, metadata={"redirectUris": [CALLBACK, site.origin + DONE]})


@pytest.fixture
def authenticator(stranger: Page) -> Callable[..., None]:
    """Gives the browser an authenticator; called, it goes on to recognize the person, or not."""
    devtools = stranger.context.new_cdp_session(stranger)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def recognize(*, is_recognized: bool) -> None:
        options = {"authenticatorId": made["authenticatorId"], "isUserVerified": is_recognized}
        devtools.send("WebAuthn.setUserVerified", options)

    return recognize


@pytest.fixture
def owner(
    stranger: Page, site: Any, tenant: Any, application: Application, authenticator: Any
) -> Owner:
    """Alice, with a passkey in this browser."""
    alice = signed_in(tenant, application, "alice")
    alice.prove(tenant.password_of("alice"))
    started = alice.post(REGISTRATION, None, 200)
    stranger.goto(site.origin + DONE)
    credential = stranger.evaluate(CREATE, started["registrationOptions"])
    record = {"verificationRecordId": started["verificationRecordId"]}
    alice.post(
        f"{REGISTRATION}/verify", record | {"payload": credential | {"type": "WebAuthn"}}, 200
    )
    new = {"newIdentifierVerificationRecordId": record["verificationRecordId"]}
    alice.post(FACTORS, {"type": "WebAuthn", "name": "Chromium"} | new)
    return alice


def sign_in(page: Page, tenant: Any, application: Application) -> None:
    [_, callback] = application.record["oidcClientMetadata"]["redirectUris"]
    page.goto(application.address(redirect_uri=callback))
    page.get_by_label("Username, email or phone").fill("alice")
    page.get_by_label("Password").fill(tenant.password_of("alice"))
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_signs_in(
    stranger: Page, tenant: Any, application: Application, owner: Owner
) -> None:
    sign_in(stranger, tenant, application)

    stranger.get_by_role("button", name="Use a passkey").click()

    stranger.wait_for_url(f"**{DONE}?code=*")
    assert "lastUsedAt" in owner.get(FACTORS)[0]


def test_a_person_who_is_not_recognized_can_try_again(
    stranger: Page, tenant: Any, application: Application, owner: Owner, authenticator: Any
) -> None:
    sign_in(stranger, tenant, application)
    authenticator(is_recognized=False)

    stranger.get_by_role("button", name="Use a passkey").click()

    stranger.get_by_text("The browser gave no passkey").wait_for()
    assert stranger.get_by_role("button", name="Use a passkey").is_enabled()
