"""What the site's own script adds to pages that work without it."""

from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.steps import edit, form, refused, row, said, save, sign_in


def test_an_opened_row_has_the_focus_in_its_first_field(alice: Page) -> None:
    expect(edit(alice, "nickname").locator("input[name=value]")).to_be_focused()


def test_a_refused_form_has_it_in_the_first_refused_field(alice: Page) -> None:
    opened = edit(alice, "fullname")
    opened.locator("input[name=familyName]").fill("")
    save(opened)

    expect(refused(form(alice, "fullname"))).to_be_visible()
    expect(form(alice, "fullname").locator("input[name=familyName]")).to_be_focused()


def test_a_saved_row_has_it_on_its_action(alice: Page) -> None:
    opened = edit(alice, "nickname")
    opened.locator("input[name=value]").fill("Skipper")
    save(opened)

    expect(row(alice, "nickname").locator(".row__action")).to_be_focused()


def test_a_cancelled_row_has_it_on_its_action(alice: Page) -> None:
    edit(alice, "nickname").locator("a", has_text="Cancel").click()

    expect(row(alice, "nickname").locator(".row__action")).to_be_focused()


def test_after_an_outage_the_button_is_there_to_be_pressed_again(alice: Page, tenant: Any) -> None:
    opened = edit(alice, "nickname")
    opened.locator("input[name=value]").fill("Skipper")
    tenant.faults.add(path="/api/users/*", status=503)

    opened.locator("button").press("Enter")

    expect(alice.locator("#main [role=alert]")).to_be_visible()
    expect(form(alice, "nickname").locator("input[name=value]")).to_have_value("Skipper")
    assert alice.evaluate("document.activeElement !== document.body")


def test_no_answer_at_all_is_told_and_keeps_what_was_typed(
    browser: Browser, site: Any, tenant: Any
) -> None:
    # A browser of its own, as htmx complains to the console about what this is about.
    page = browser.new_page(base_url=site.origin, locale="en-US")
    sign_in(page, tenant)
    opened = edit(page, "nickname")
    opened.locator("input[name=value]").fill("Skipper")
    page.route("**/profile/nickname/", lambda route: route.abort())

    opened.locator("button").press("Enter")

    expect(said(page)).to_contain_text("There was no answer.")
    expect(said(page)).to_have_attribute("role", "alert")
    expect(opened.locator("input[name=value]")).to_have_value("Skipper")
    expect(opened.locator("button")).to_be_focused()
    page.close()


def test_a_form_that_htmx_does_not_send_is_sent_once(alice: Page) -> None:
    sent = []

    def hold(route: Route) -> None:
        """Never answer, as a slow server would for a while."""
        sent.append(route.request.url)

    alice.route("**/sign-out/", hold)
    button = alice.locator(".who button")

    press_twice(button)
    alice.wait_for_timeout(200)

    assert len(sent) == 1


def press_twice(button: Locator) -> None:
    """As an impatient finger does."""
    button.evaluate("(button) => { button.click(); button.click(); }")
