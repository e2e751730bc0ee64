"""Passkeys, made by a virtual authenticator of the browser and bound to the demo tenant."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.demo.account.authenticator import Passkey
from tests.demo.account.owner import signed_in
from tests.demo.account.test_account_factors import FACTORS, register
from tests.demo.oidc.visitor import new_application

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ADD = "/security/passkeys/add/"
# Of Safari 17 and Chrome 128: neither reads nor writes WebAuthn's JSON.
AN_OLDER_BROWSER = """
delete PublicKeyCredential.parseCreationOptionsFromJSON;
delete PublicKeyCredential.prototype.toJSON;
"""
# Safari wants the device asked in the click itself, and not after a request.
WATCHED = """
addEventListener("submit", () => { window.isInClick = true; }, true);
addEventListener("submit", () => { window.isInClick = false; });
navigator.credentials.create = () => {
  document.documentElement.dataset.askedInTheClick = window.isInClick;
  return new Promise(() => {});
};
"""


class Device:
    """The authenticator of a browser."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self.id = {"authenticatorId": made["authenticatorId"]}

    def recognize(self, *, is_recognized: bool) -> None:
        """Go on to find that it is its owner, or that it isn't."""
        self.devtools.send("WebAuthn.setUserVerified", self.id | {"isUserVerified": is_recognized})

    @property
    def credentials(self) -> list[Any]:
        """What it holds."""
        kept: list[Any] = self.devtools.send("WebAuthn.getCredentials", self.id)["credentials"]
        return kept


@pytest.fixture
def device(stranger: Page) -> Device:
    return Device(stranger)


@pytest.fixture
def passkeys(tenant: Any) -> Callable[[], list[Any]]:
    """Gives what the tenant keeps of Alice's passkeys."""

    def passkeys() -> list[Any]:
        path = f"/users/{tenant.user('alice')['id']}/mfa-verifications"
        factors = tenant.management("GET", path).json()
        return [factor for factor in factors if factor["type"] == "WebAuthn"]

    return passkeys


def confirm(page: Page, tenant: Any) -> None:
    """Prove with the password that it's still Alice."""
    page.get_by_label("Your password").fill(tenant.password_of("alice"))
    page.get_by_role("button", name="Continue").click()


def open_the_page(page: Page, tenant: Any) -> None:
    """To the page that makes a passkey, by way of the question who it is."""
    page.goto(ADD)
    confirm(page, tenant)
    page.wait_for_url(f"**{ADD}")
    expect(page.get_by_role("button", name="Make a passkey")).to_be_visible()


def make(page: Page, name: str | None = None) -> None:
    if name is not None:
        page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make a passkey").click()


def complaint(page: Page) -> Locator:
    """What the page says of a device that made none."""
    return page.locator("#passkey [role=alert]")


@pytest.fixture
def given(tenant: Any, site: Any) -> None:
    """Alice has a passkey, of a device that is not here."""
    alice = signed_in(tenant, new_application(tenant), "alice")
    alice.prove(tenant.password_of("alice"))
    record = register(alice, Passkey(origin=site.origin))["verificationRecordId"]
    new = {"type": "WebAuthn", "newIdentifierVerificationRecordId": record, "name": "Given"}
    alice.post(FACTORS, new)


def row(page: Page, name: str) -> Any:
    return page.locator("[id^=row-passkey-]", has_text=name)


@pytest.mark.parametrize("way", ["desktop", "phone"])
def test_a_passkey_is_added_renamed_and_removed(
    alice: Page, tenant: Any, device: Device, passkeys: Callable[[], list[Any]], way: str
) -> None:
    open_the_page(alice, tenant)
    steps.has_no_barriers(alice)
    steps.shoot(alice, f"passkey-add-{way}")
    assert re.fullmatch(r"Chrome on \w+", alice.get_by_label("Name").input_value())

    make(alice, "Work laptop")

    alice.wait_for_url("**/security/")
    expect(steps.said(alice)).to_contain_text("Passkey added")
    expect(row(alice, "Work laptop")).to_be_visible()
    steps.shoot(alice, f"passkey-added-{way}")
    [bound] = passkeys()
    assert bound["name"] == "Work laptop"
    assert "Mozilla" in bound["agent"]
    assert len(device.credentials) == 1

    row(alice, "Work laptop").get_by_role("link", name="Rename").click()
    expect(alice.get_by_role("textbox", name="Name")).to_have_value("Work laptop")
    steps.shoot(alice, f"passkey-rename-{way}")
    alice.get_by_role("textbox", name="Name").fill("Old laptop")
    alice.get_by_role("button", name="Save").click()

    expect(steps.said(alice)).to_contain_text("Passkey renamed")
    assert [each["name"] for each in passkeys()] == ["Old laptop"]

    row(alice, "Old laptop").get_by_role("link", name="Remove").click()
    steps.shoot(alice, f"passkey-removal-{way}")
    alice.get_by_role("button", name="Remove").click()

    expect(steps.said(alice)).to_contain_text("Passkey removed")
    assert passkeys() == []


def test_the_passkey_is_asked_for_at_the_next_sign_in(
    alice: Page, tenant: Any, device: Device
) -> None:
    open_the_page(alice, tenant)
    make(alice)
    alice.wait_for_url("**/security/")
    alice.context.clear_cookies()
    alice.goto("/")
    steps.enter_password(alice, tenant, "alice")

    alice.get_by_role("button", name="Use a passkey").click()

    expect(alice.locator(".who")).to_contain_text("Alice")
    alice.goto("/security/")
    expect(alice.locator("[id^=row-passkey-]")).to_contain_text("Last used")


def test_an_older_browser_makes_one_too(
    alice: Page, tenant: Any, device: Device, passkeys: Callable[[], list[Any]]
) -> None:
    alice.add_init_script(AN_OLDER_BROWSER)
    open_the_page(alice, tenant)

    make(alice, "Old browser")

    alice.wait_for_url("**/security/")
    assert [each["name"] for each in passkeys()] == ["Old browser"]


def test_a_device_that_holds_one_already_says_so(
    alice: Page, tenant: Any, device: Device, passkeys: Callable[[], list[Any]]
) -> None:
    open_the_page(alice, tenant)
    make(alice)
    alice.wait_for_url("**/security/")
    alice.goto(ADD)

    make(alice)

    expect(complaint(alice)).to_contain_text("already holds a passkey")
    steps.has_no_barriers(alice)
    steps.shoot(alice, "passkey-known")
    assert len(passkeys()) == 1


def test_who_is_not_recognized_can_try_again(
    alice: Page, tenant: Any, device: Device, passkeys: Callable[[], list[Any]]
) -> None:
    open_the_page(alice, tenant)
    device.recognize(is_recognized=False)
    make(alice, "Laptop")
    expect(complaint(alice)).to_contain_text("cancelled, or took too long")

    device.recognize(is_recognized=True)
    make(alice)

    alice.wait_for_url("**/security/")
    assert [each["name"] for each in passkeys()] == ["Laptop"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("AbortError", "cancelled"),
        ("SecurityError", "Take another browser"),
        ("NotSupportedError", "security key"),
        ("ConstraintError", "security key"),
        ("UnknownError", "made no passkey"),
    ],
)
def test_what_a_browser_refuses_is_told_in_plain_words(
    alice: Page, tenant: Any, device: Device, error: str, words: str
) -> None:
    alice.add_init_script(
        "navigator.credentials.create = () => "
        f"Promise.reject(new DOMException('in English', '{error}'));"
    )
    open_the_page(alice, tenant)

    make(alice)

    expect(complaint(alice)).to_contain_text(words)
    expect(alice.get_by_role("button", name="Make a passkey")).to_be_enabled()


def test_the_device_is_asked_in_the_very_click(alice: Page, tenant: Any, device: Device) -> None:
    alice.add_init_script(WATCHED)
    open_the_page(alice, tenant)

    make(alice)

    expect(alice.locator("html")).to_have_attribute("data-asked-in-the-click", "true")


def test_a_page_that_was_open_for_too_long_asks_nobody(
    alice: Page, tenant: Any, device: Device
) -> None:
    alice.clock.install()
    open_the_page(alice, tenant)
    alice.clock.fast_forward("09:30")

    make(alice)

    expect(complaint(alice)).to_contain_text("Load it again")
    assert device.credentials == []


def test_a_browser_without_passkeys_says_so(alice: Page, tenant: Any) -> None:
    alice.add_init_script("delete window.PublicKeyCredential;")

    open_the_page(alice, tenant)

    expect(complaint(alice)).to_contain_text("Take another browser")
    expect(alice.get_by_role("button", name="Make a passkey")).to_be_disabled()


@pytest.mark.parametrize("way", ["desktop, no JavaScript"])
def test_without_javascript_there_is_the_tenants_own_page(
    alice: Page, tenant: Any, way: str
) -> None:
    alice.goto(ADD)
    confirm(alice, tenant)

    expect(alice.get_by_text("This page needs JavaScript")).to_be_visible()
    expect(alice.get_by_role("button", name="Make a passkey")).to_be_hidden()
    link = alice.get_by_role("link", name="Use the sign-in service’s own page")
    address = link.get_attribute("href") or ""
    assert address.startswith(f"{tenant.endpoint}/account/passkey/add?redirect=")
    steps.shoot(alice, "passkey-without-javascript")


@pytest.mark.parametrize("way", ["phone, no JavaScript"])
def test_without_javascript_a_passkey_is_renamed_and_removed(
    alice: Page, tenant: Any, given: None, passkeys: Callable[[], list[Any]], way: str
) -> None:
    alice.goto("/security/")
    row(alice, "Given").get_by_role("link", name="Rename").click()
    confirm(alice, tenant)
    alice.get_by_role("textbox", name="Name").fill("Renamed")
    alice.get_by_role("button", name="Save").click()
    expect(steps.said(alice)).to_contain_text("Passkey renamed")

    row(alice, "Renamed").get_by_role("link", name="Remove").click()
    steps.has_no_barriers(alice)
    steps.shoot(alice, "passkey-removal-without-javascript")
    alice.get_by_role("button", name="Remove").click()

    expect(steps.said(alice)).to_contain_text("Passkey removed")
    assert passkeys() == []


def test_in_the_rows_place_the_question_who_it_is_comes_first(
    alice: Page, tenant: Any, given: None
) -> None:
    alice.goto("/security/")

    row(alice, "Given").get_by_role("link", name="Rename").click()
    confirm(alice, tenant)

    expect(alice.get_by_role("textbox", name="Name")).to_have_value("Given")
    assert alice.url.endswith("/security/")
