"""From an app to one task, and back when it is done."""

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    edit,
    enter_password,
    has_no_barriers,
    in_two_ways,
    is_plain,
    refused,
    save,
    shoot,
)

NEW = "Lantern-Maple-33"
OTHER = {"en": "ko", "ko": "en"}


@pytest.fixture(autouse=True)
def attempts_begin_anew(site: Any) -> None:
    """Nobody has tried anything yet."""
    site.forget_attempts()


@pytest.fixture
def app(tenant: Any) -> str:
    """A page of an app that the operator listed: the tenant's own start page, for want of another."""
    return f"{tenant.endpoint}/"


def link(path: str, app: str) -> str:
    return f"{path}?return_to={quote(app, safe='')}"


def change_password(page: Page, password: str) -> None:
    form = page.locator("form#row-password")
    form.locator("[name=password]").fill(password)
    if is_plain(page):
        form.locator("[name=again]").fill(password)
    form.locator(".edit__actions button").click()


@in_two_ways
def test_a_task_leads_back_through_sign_in_confirmation_and_refusal(
    stranger: Page, tenant: Any, app: str, way: str, language: str
) -> None:
    spoken = OTHER[language]
    stranger.goto(f"{link('/security/password/', app)}&ui_locales={spoken}&theme=dark")
    enter_password(stranger, tenant, "alice")

    expect(stranger.locator("#confirmation [name=password]")).to_be_visible()
    expect(stranger.locator(".way-back")).to_contain_text("Sailing Club")
    expect(stranger.locator("html")).to_have_attribute("lang", spoken)
    expect(stranger.locator("html")).to_have_attribute("data-theme", "dark")
    has_no_barriers(stranger)
    shoot(stranger, f"links-confirmation-{way}")
    stranger.locator("#confirmation [name=password]").fill(tenant.password_of("alice"))
    stranger.locator("#confirmation button").first.click()

    expect(stranger.locator(".way-back a")).to_have_attribute("href", app)
    change_password(stranger, "abc")
    expect(refused(stranger.locator("form#row-password"))).to_be_visible()
    has_no_barriers(stranger)
    shoot(stranger, f"links-password-{way}")
    change_password(stranger, NEW)
    stranger.wait_for_url(app)


@in_two_ways
def test_a_section_leads_back_when_the_person_wants_to(alice: Page, app: str, way: str) -> None:
    alice.goto(link("/profile/", app))
    opened = edit(alice, "nickname")
    opened.locator("[name=value]").fill("Alice of the Club")
    save(opened)

    expect(alice.locator("#row-nickname")).to_contain_text("Alice of the Club")
    expect(alice.locator(".way-back")).to_be_visible()
    has_no_barriers(alice)
    alice.locator(".way-back a").click()
    alice.wait_for_url(app)


def test_a_stranger_among_the_hosts_is_not_offered(alice: Page) -> None:
    alice.goto(link("/profile/name/", "https://evil.example/"))

    expect(alice.locator("h1")).to_be_visible()
    expect(alice.locator(".way-back")).to_have_count(0)
    assert "evil" not in alice.content()
