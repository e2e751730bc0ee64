"""Coming in, by each way that the tenant offers."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from accountsite.demo import people
from tests.browser.steps import (
    enter_password,
    every_way,
    sign_in,
    with_and_without_javascript,
)


@every_way
def test_a_newcomer_is_asked_to_sign_in_and_lands_where_they_wanted(
    stranger: Page, tenant: Any
) -> None:
    sign_in(stranger, tenant, path="/profile/nickname/?from=mail")

    expect(stranger).to_have_url(re.compile(r"/profile/nickname/\?from=mail$"))
    expect(stranger.locator("input[name=value]")).to_have_value("Al")


def test_a_wrong_password_stays_at_the_tenant(stranger: Page, tenant: Any) -> None:
    stranger.goto("/")
    stranger.locator("#identifier").fill("alice")
    stranger.locator("#password").fill("not hers")
    stranger.locator("#password").press("Enter")

    expect(stranger.locator("#error")).to_be_visible()
    assert stranger.url.startswith(tenant.endpoint)


@with_and_without_javascript
def test_bob_enters_a_code_of_his_authenticator_app(stranger: Page, tenant: Any) -> None:
    stranger.goto("/")
    enter_password(stranger, tenant, "bob")
    stranger.locator("#code").fill(pyotp.TOTP(people.BOBS_SECRET).now())
    stranger.locator("#code").press("Enter")

    expect(stranger.locator(".who")).to_contain_text("Bob Duckworth")


def test_bob_uses_a_backup_code_when_the_phone_is_lost(stranger: Page, tenant: Any) -> None:
    stranger.goto("/")
    enter_password(stranger, tenant, "bob")
    stranger.locator("#backup-code").fill(people.BOBS_CODES[0])
    stranger.locator("#backup-code").press("Enter")

    expect(stranger.locator(".who")).to_contain_text("Bob Duckworth")


def test_carol_is_refused_by_the_tenant_and_can_give_up(stranger: Page, tenant: Any) -> None:
    stranger.goto("/")
    enter_password(stranger, tenant, "carol")
    expect(stranger.locator("#error")).to_be_visible()

    stranger.locator("button[name=cancel]").click()

    expect(stranger.locator("h1")).to_have_text("You are not signed in")
    expect(stranger.get_by_role("link", name="Sign in again")).to_be_visible()


@with_and_without_javascript
def test_erin_has_no_password_and_asks_for_a_code(stranger: Page, tenant: Any) -> None:
    stranger.goto("/")
    stranger.get_by_role("link", name="Get a code by email or text").click()
    stranger.locator("#identifier").fill("erin@example.com")
    stranger.locator("#identifier").press("Enter")
    expect(stranger.locator("#code")).to_be_visible()
    stranger.locator("#code").fill(tenant.newest_code("erin@example.com"))
    stranger.locator("#code").press("Enter")

    expect(stranger.locator(".who")).to_contain_text("에린 김")
    expect(stranger.locator("html")).to_have_attribute("lang", "ko")  # as her profile has it


@pytest.mark.parametrize("path", ["/sign-in/callback/?code=x&state=y", "/sign-in/callback/"])
def test_a_made_up_callback_ends_on_a_page_that_says_what_to_do(stranger: Page, path: str) -> None:
    stranger.goto(path)

    expect(stranger.locator("h1")).to_have_text("You are not signed in")
    stranger.get_by_role("link", name="Sign in again").click()
    expect(stranger.locator("#password")).to_be_visible()


def test_the_back_button_after_signing_in_does_no_harm(stranger: Page, tenant: Any) -> None:
    sign_in(stranger, tenant)

    stranger.go_back()
    stranger.goto("/profile/")

    expect(stranger.locator("h1")).to_have_text("Profile")


def test_a_tab_that_signs_in_after_another_goes_on_to_the_account(
    visit: Callable[..., Page], tenant: Any
) -> None:
    first = visit()
    second = first.context.new_page()
    first.goto("/profile/")
    second.goto("/")
    enter_password(first, tenant, "alice")
    expect(first.locator("h1")).to_have_text("Profile")

    enter_password(second, tenant, "alice")
    second.get_by_role("link", name="Go on").click()

    expect(second.locator("h1")).to_have_text("Overview")
