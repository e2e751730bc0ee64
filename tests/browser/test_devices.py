"""Devices: what is signed out here is out at its next request."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    has_no_barriers,
    in_four_ways,
    in_two_ways,
    said,
    shoot,
    sign_in,
)

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
Words = Callable[[str], str]


@pytest.fixture(autouse=True)
def nobody_was_here(site: Any) -> None:
    """Nobody has tried anything yet, and no session of an earlier test outlived its tenant."""
    site.forget_attempts()
    site.empty("signin_session")


@pytest.fixture
def phone(visit: Callable[..., Page], tenant: Any) -> Page:
    """Another browser in which alice is signed in."""
    page = visit(user_agent=IPHONE)
    sign_in(page, tenant)
    return page


def confirm(page: Page, tenant: Any) -> None:
    """Answer the question who one is, which comes before a change."""
    question = page.locator("#confirmation [name=password]")
    expect(question).to_be_visible()
    question.fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()


def is_signed_out(page: Page) -> None:
    """At the next request this browser is told so, and its way back is the tenant's door."""
    page.goto("/profile/")
    expect(page).to_have_url(re.compile(r"/signed-out/"))
    page.locator(".statement__action a").click()
    expect(page.locator("#password")).to_be_visible()


def entry(page: Page, name: str) -> Any:
    return page.locator(".entry").filter(has_text=name)


@in_four_ways
def test_a_device_that_is_signed_out_is_out_at_its_next_request(
    alice: Page, phone: Page, tenant: Any, words: Words, way: str
) -> None:
    alice.locator(".navigation a[href='/devices/']").click()
    expect(alice.locator("h1")).to_have_text(words("Devices"))
    expect(alice.locator(".entry")).to_have_count(2)
    expect(alice.locator(".entry").first).to_contain_text(words("This device"))
    has_no_barriers(alice)
    shoot(alice, f"devices-{way}")

    entry(alice, "iPhone").locator("a").click()
    expect(alice.locator("#sign-out")).to_be_visible()
    has_no_barriers(alice)
    shoot(alice, f"device-{way}")
    alice.locator("#sign-out button").click()
    confirm(alice, tenant)

    expect(said(alice)).to_contain_text("iPhone")
    expect(alice.locator(".entry")).to_have_count(1)
    is_signed_out(phone)
    alice.goto("/profile/")
    expect(alice).to_have_url(re.compile(r"/profile/"))


@in_two_ways
def test_signing_out_everywhere_else_leaves_this_one_which_can_go_too(
    alice: Page, phone: Page, tenant: Any, words: Words, way: str
) -> None:
    alice.goto("/devices/")
    alice.locator("a[href='/devices/others/']").click()
    expect(alice.locator("#others")).to_be_visible()
    has_no_barriers(alice)
    shoot(alice, f"devices-others-{way}")

    alice.locator("#others button").click()
    confirm(alice, tenant)

    expect(said(alice)).to_contain_text(words("You are signed out everywhere else."))
    expect(alice.locator(".entry")).to_have_count(1)
    shoot(alice, f"devices-alone-{way}")
    is_signed_out(phone)

    alice.locator(".entry a").click()
    expect(alice.locator("h1 + p")).to_have_text(
        words("This is the device that you are using now.")
    )
    shoot(alice, f"device-this-{way}")
    alice.locator("#sign-out button").click()
    expect(alice.locator("h1")).to_have_text(words("You are signed out"))
    alice.locator(".statement__action a").click()
    expect(alice.locator("#password")).to_be_visible()


@in_two_ways
def test_many_devices_with_hostile_names_and_trusted_ones(
    alice: Page, tenant: Any, words: Words, way: str
) -> None:
    path = f"/api/users/{tenant.user('alice')['id']}"
    hostile = ["<img src=x onerror=alert(1)>", "\u202eevil", "👩‍🚀" * 40, "x" * 128]
    tenant.faults.add(
        path=f"{path}/sessions",
        method="GET",
        status=200,
        body={"sessions": [_session(n, hostile[n % 4]) for n in range(45)]},
    )
    device = {"id": "t1", "userAgent": IPHONE, "createdAt": 1_795_000_000_000, "expiresAt": None}
    forget = f"{path}/trusted-devices"
    tenant.faults.add(path=forget, method="GET", status=200, body=[device], times=3)
    tenant.faults.add(path=f"{forget}/t1", method="DELETE", status=204)

    alice.goto("/devices/")
    expect(alice.locator(".entry")).to_have_count(20)
    has_no_barriers(alice)
    shoot(alice, f"devices-many-{way}")
    row = alice.locator("#trusted-t1")
    expect(row).to_contain_text("iPhone")
    row.locator(".row__action").click()
    confirm(alice, tenant)
    expect(alice.locator("form#trusted-t1")).to_be_visible()
    has_no_barriers(alice)
    shoot(alice, f"device-trusted-{way}")
    alice.locator("form#trusted-t1 button").click()
    expect(said(alice)).to_contain_text(words("That device is not trusted any more."))
    expect(alice.locator("#trusted")).to_have_count(0)

    alice.locator(".pager__next").click()
    alice.locator(".pager__next").click()
    expect(alice.locator(".entry")).to_have_count(6)  # this one too, which is not in the list

    entry(alice, "x" * 128).first.locator("a").click()
    expect(alice.locator("#sign-out")).to_be_visible()
    has_no_barriers(alice)
    shoot(alice, f"device-hostile-{way}")


def _session(number: int, text: str) -> dict[str, Any]:
    at = 1_795_000_000 + number
    return {
        "payload": {
            "uid": f"session-{number}",
            "loginTs": at,
            "iat": at,
            "exp": at + 9_000_000,
            "authorizations": {text: {"sid": "s", "grantId": "g"}},
        },
        "lastSubmission": {
            "verificationRecords": [{"type": "Password", "verified": True}],
            "signInContext": {"userAgent": IPHONE, "city": text, "country": "KR", "ip": "::1"},
        },
        "clientId": "x",
        "expiresAt": (at + 9_000_000) * 1000,
    }
