"""Leaving: on purpose, or because the session or the account behind it ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    WAYS,
    edit,
    enter_password,
    form,
    in_four_ways,
    row,
    said,
    save,
    sign_in,
    with_and_without_javascript,
)

EXPIRE = """
from datetime import timedelta
from django.db.models import F
from accountsite.signin.models import Session
Session.objects.update(last_seen_at=F("last_seen_at") - timedelta(hours=2))
"""


@pytest.fixture
def expire(site: Any) -> Callable[[], None]:
    """Let two hours pass for everybody who is signed in."""
    return lambda: site.manage("shell", "--verbosity=0", "-c", EXPIRE)


@in_four_ways
def test_signing_out_ends_the_session_at_the_tenant_too(alice: Page, tenant: Any) -> None:
    alice.locator(".who__leave button").click()
    expect(alice).to_have_url(re.compile(r"/signed-out/"))

    alice.locator(".statement__action a").click()

    expect(alice.locator("#password")).to_be_visible()  # the tenant does not know them any more
    assert alice.url.startswith(tenant.endpoint)


def test_the_address_of_signing_out_asks_first(alice: Page) -> None:
    alice.goto("/sign-out/")
    alice.get_by_role("link", name="Stay signed in").click()
    expect(alice.locator("h1")).to_have_text("Overview")

    alice.goto("/sign-out/")
    alice.locator("main").get_by_role("button", name="Sign out").click()

    expect(alice.locator("h1")).to_have_text("You are signed out")


def test_nothing_is_left_to_see_behind_the_back_button(alice: Page) -> None:
    alice.goto("/profile/")
    alice.locator(".who__leave button").click()
    expect(alice.locator("h1")).to_have_text("You are signed out")

    alice.goto("/signed-out/")
    alice.go_back()
    alice.go_back()

    expect(alice.get_by_text("Pleasance")).to_have_count(0)


@with_and_without_javascript
def test_signing_out_at_the_tenant_in_another_tab_ends_the_session_here(
    alice: Page, tenant: Any
) -> None:
    other = alice.context.new_page()
    other.goto(f"{tenant.endpoint}/oidc/session/end")
    if other.locator("form button").count():
        other.locator("form button").first.click()

    alice.locator(".navigation a[href='/profile/']").click()

    expect(alice.locator("h1")).to_have_text("You are signed out")
    expect(alice.locator("main")).to_contain_text("ended somewhere else")


def test_the_next_click_in_a_form_says_that_the_session_ended_elsewhere(
    alice: Page, tenant: Any
) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    other = alice.context.new_page()
    other.goto(f"{tenant.endpoint}/oidc/session/end")
    if other.locator("form button").count():
        other.locator("form button").first.click()

    save(form(alice, "nickname"))

    expect(alice.locator("h1")).to_have_text("You are signed out")


@with_and_without_javascript
@pytest.mark.parametrize(
    ("act", "told"),
    [("suspend", "This account is suspended"), ("delete", "does not exist any more")],
)
def test_an_account_that_ends_meanwhile_is_signed_out_with_the_reason(
    alice: Page, tenant: Any, act: str, told: str
) -> None:
    address = f"/users/{tenant.user('alice')['id']}"
    if act == "suspend":
        tenant.management("PATCH", f"{address}/is-suspended", json={"isSuspended": True})
    else:
        tenant.management("DELETE", address)

    alice.locator(".navigation a[href='/profile/']").click()

    expect(alice.locator("h1")).to_have_text("You are signed out")
    # By the account's own end, or by the tenant's word that the session ended with it.
    expect(alice.locator("main")).to_contain_text(re.compile(f"{told}|ended somewhere else"))


def test_a_suspended_account_is_told_so_in_the_middle_of_an_edit(alice: Page, tenant: Any) -> None:
    opened = edit(alice, "nickname")
    tenant.management(
        "PATCH",
        f"/users/{tenant.user('alice')['id']}/is-suspended",
        json={"isSuspended": True},
    )

    save(opened)

    expect(alice.locator("h1")).to_have_text("You are signed out")


@with_and_without_javascript
def test_what_was_typed_survives_an_expired_session(
    alice: Page, tenant: Any, expire: Callable[[], None]
) -> None:
    opened = edit(alice, "company")
    opened.locator("[name=value]").fill("Liddell & Sons <Ltd>")
    expire()

    save(opened)
    alice.wait_for_url(re.compile(r"/profile/company/"))  # the tenant knows her still

    expect(form(alice, "company").locator("[name=value]")).to_have_value("Liddell & Sons <Ltd>")
    expect(said(alice)).to_contain_text("Check it, and save it again")
    save(form(alice, "company"))
    expect(row(alice, "company")).to_contain_text("Liddell & Sons <Ltd>")
    assert tenant.user("alice")["customData"]["company"] == "Liddell & Sons <Ltd>"


def test_what_was_typed_is_nobody_elses(
    alice: Page, tenant: Any, expire: Callable[[], None]
) -> None:
    opened = edit(alice, "company")
    opened.locator("[name=value]").fill("My own")
    expire()
    alice.context.clear_cookies(name="demo_session")

    save(opened)
    enter_password(alice, tenant, "dave")

    expect(alice.locator(".who")).to_contain_text("Dave")
    expect(alice.locator("[name=value]")).to_have_value("")
    assert "company" not in tenant.user("dave")["customData"]


def test_a_click_after_the_session_expired_comes_back_to_the_same_page(
    alice: Page, expire: Callable[[], None]
) -> None:
    alice.goto("/profile/")
    expire()

    row(alice, "company").locator(".row__action").click()

    expect(row(alice, "company")).to_be_visible()
    expect(alice).to_have_url(re.compile(r"/profile/$"))


def test_a_second_browser_stays_signed_in(
    alice: Page, visit: Callable[..., Page], tenant: Any
) -> None:
    phone = visit(**WAYS["phone"])
    sign_in(phone, tenant)

    alice.locator(".who__leave button").click()
    expect(alice.locator("h1")).to_have_text("You are signed out")
    phone.goto("/profile/")

    expect(phone.locator("h1")).to_have_text("Profile")
