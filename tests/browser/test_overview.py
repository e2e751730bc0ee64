"""The first page: who one is, and what could be done next."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in, with_and_without_javascript


@with_and_without_javascript
def test_it_says_who_is_signed_in_and_leads_to_the_next_step(alice: Page) -> None:
    identity = alice.locator(".identity")
    for text in ("Alice Liddell", "alice@example.com", "+1 202-555-0123", "Last signed in"):
        expect(identity).to_contain_text(text)
    expect(alice.locator(".standing").first).to_contain_text("14 of 15 details")

    alice.locator(".step").get_by_role("link", name="Add a picture").click()

    expect(alice.locator("input[type=file]")).to_be_visible()


@with_and_without_javascript
def test_a_section_is_one_click_away(alice: Page) -> None:
    alice.locator(".standing__title", has_text="Profile").click()

    expect(alice.locator("h1")).to_have_text("Profile")


def test_it_is_calm_where_little_is_known(stranger: Page, tenant: Any) -> None:
    sign_in(stranger, tenant, "dave")

    expect(stranger.locator(".identity__name")).to_have_text("Dave Dodgson")
    expect(stranger.locator(".step")).to_contain_text("Complete your profile")
