"""An admin asks the doctor what is wrong."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.steps import has_no_barriers, in_two_ways, is_plain, refused, shoot, sign_in

Words = Callable[[str], str]


@in_two_ways
def test_an_admin_asks_what_is_wrong_and_sends_a_test(
    stranger: Page, tenant: Any, words: Words, way: str
) -> None:
    page = stranger
    fields = tenant.management("GET", "/account-center").json()["fields"]
    tenant.management("PATCH", "/account-center", json={"fields": fields | {"phone": "Off"}})
    sign_in(page, tenant, "dave")
    page.goto("/admin/")
    page.get_by_role("link", name=words("Doctor"), exact=True).click()
    expect(page.get_by_role("heading", name=words("Doctor"), exact=True)).to_be_visible()

    if is_plain(page):
        page.locator("#doctor-webhooks a").click()
    else:
        expect(page.locator(".doctor-findings")).to_have_count(6)
        expect(page.locator("#doctor-logto .is-ok").first).to_be_visible()
        expect(page.locator("#doctor-people .is-warning").first).to_be_visible()
        shoot(page, "admin-doctor")
        has_no_barriers(page)
    webhooks = page.locator("#doctor-webhooks")
    expect(
        webhooks.get_by_text(words("The webhook signs with LOGTO_WEBHOOK_SECRET."))
    ).to_be_visible()

    webhooks.get_by_role("button", name=words("Send a test")).click()

    expect(webhooks.get_by_text(words("A test that Logto sent has arrived."))).to_be_visible()
    shoot(page, "admin-doctor-webhooks")
    has_no_barriers(page)

    send_a_mail(page, words)
    page.goto("/admin/webhooks/delivery/")
    expect(page.locator("#result_list tbody tr", has_text="Role.Created").first).to_be_visible()

    page.goto("/admin/doctor/?all")
    expect(page.locator(".doctor-findings")).to_have_count(6)
    assert re.search(r"/connections/callback/github/", page.content())
    shoot(page, "admin-doctor-all")


def send_a_mail(page: Page, words: Words) -> None:
    """Where the tenant's demo keeps it; who mistypes the address has it still there."""
    if is_plain(page):
        page.goto("/admin/doctor/machine/")
    machine = page.locator("#doctor-machine")
    expect(machine.get_by_label(words("Email address"))).to_have_value("dave@example.com")
    machine.get_by_label(words("Email address")).fill("nobody")
    machine.get_by_role("button", name=words("Send a test mail")).click()
    expect(refused(machine)).to_be_visible()
    expect(machine.get_by_label(words("Email address"))).to_be_focused()
    expect(machine.get_by_label(words("Email address"))).to_have_value("nobody")
    machine.get_by_label(words("Email address")).fill("operator@example.com")
    page.keyboard.press("Enter")
    expect(machine.get_by_text("operator@example.com", exact=False).first).to_be_visible()
    expect(machine.get_by_role("heading")).to_be_focused()
