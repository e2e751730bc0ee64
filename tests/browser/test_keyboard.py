"""From sign-in to saved without a pointer, always seeing where one is."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import form, row, said

IS_SEEN = """
element => {
  const style = getComputedStyle(element);
  const is_drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = element.getBoundingClientRect();
  const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const is_uncovered = middle && (element.contains(middle) || middle.contains(element));
  return element.matches(":focus-visible") && is_drawn && Boolean(is_uncovered);
}
"""


def test_a_name_is_changed_by_tab_and_enter(stranger: Page, tenant: Any) -> None:
    page = stranger
    page.goto("/")
    tab_to(page, page.locator("#identifier"))
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(tenant.password_of("alice"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Overview")

    tab_to(page, page.locator(".navigation a[href='/profile/']"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Profile")
    tab_to(page, row(page, "name").locator(".row__action"))
    page.keyboard.press("Enter")

    field = form(page, "name").locator("[name=value]")
    expect(field).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Alice of the Keys")
    tab_to(page, form(page, "name").get_by_role("button"))
    page.keyboard.press("Enter")

    expect(said(page)).to_have_text("Name saved.")
    expect(row(page, "name").locator(".row__action")).to_be_focused()
    assert is_seen(row(page, "name").locator(".row__action"))


def test_the_first_tab_offers_to_skip_to_the_content(alice: Page) -> None:
    alice.goto("/profile/")
    alice.keyboard.press("Tab")
    skip = alice.locator(".skip")
    expect(skip).to_be_focused()
    assert is_seen(skip)

    alice.keyboard.press("Enter")
    alice.keyboard.press("Tab")

    expect(row(alice, "avatar").locator(".row__action")).to_be_focused()


def test_everything_that_can_be_pressed_is_reached_and_seen(alice: Page) -> None:
    alice.goto("/profile/")
    row(alice, "address").locator(".row__action").click()
    expect(form(alice, "address")).to_be_visible()
    count = alice.locator("a[href], button, input:not([type=hidden]), select, textarea").count()

    reached = set()
    for _press in range(count + 10):  # once around: the browser's own buttons come between
        alice.keyboard.press("Tab")
        focused = alice.locator(":focus")
        if focused.count():
            name = focused.evaluate("element => element.outerHTML")
            assert is_seen(focused), f"{name} has the focus, but is not seen"
            reached.add(name)

    assert len(reached) == count


def test_a_message_covers_nothing_that_has_the_focus(alice: Page) -> None:
    alice.goto("/profile/")
    row(alice, "memberNumber").locator(".row__action").click()
    form(alice, "memberNumber").get_by_role("button").click()
    expect(said(alice)).to_be_visible()

    for _press in range(14):  # upwards, to where the message is
        alice.keyboard.press("Shift+Tab")
        focused = alice.locator(":focus")
        name = focused.evaluate("element => element.outerHTML")
        assert is_seen(focused), f"{name} has the focus, but is not seen"


def test_a_choice_among_radio_buttons_is_made_by_arrows(alice: Page) -> None:
    alice.goto("/profile/")
    tab_to(alice, row(alice, "preference-theme").locator(".row__action"))
    alice.keyboard.press("Enter")
    opened = form(alice, "preference-theme")
    expect(opened.locator("input:checked")).to_be_focused()

    alice.keyboard.press("ArrowDown")
    alice.keyboard.press("ArrowDown")
    alice.keyboard.press("Enter")

    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_refused_form_leads_to_the_field_that_was_refused(alice: Page) -> None:
    alice.goto("/profile/")
    tab_to(alice, row(alice, "address").locator(".row__action"))
    alice.keyboard.press("Enter")
    town = form(alice, "address").locator("[name=locality]")
    tab_to(alice, town)
    alice.keyboard.press("ControlOrMeta+a")
    alice.keyboard.press("Delete")
    alice.keyboard.press("Enter")

    expect(form(alice, "address").locator("[aria-invalid=true]")).to_have_count(1)
    again = form(alice, "address").locator("[name=locality]")
    expect(again).to_be_focused()
    assert is_seen(again)
    expect(again).to_have_attribute("aria-describedby", re.compile("error"))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _press in range(60):
        if target.evaluate("element => element === document.activeElement"):
            assert is_seen(target)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached")


def is_seen(element: Locator) -> bool:
    """Whether its focus is drawn, and nothing lies over it."""
    seen: bool = element.evaluate(IS_SEEN)
    return seen
