"""What htmx puts into the page leaves the rest of it alone.

htmx 4.0.0 lost the values of focused inputs and of radio buttons at a swap.
"""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.steps import edit, form, refused, row, save


def test_a_refused_value_stays_in_the_field_that_has_the_focus(alice: Page) -> None:
    field = edit(alice, "nickname").locator("[name=value]")
    field.fill("x")
    field.press("Enter")

    expect(refused(form(alice, "nickname"))).to_contain_text("at least 2")
    again = form(alice, "nickname").locator("[name=value]")
    expect(again).to_be_focused()
    expect(again).to_have_value("x")


def test_typing_goes_on_while_another_row_is_saved(alice: Page, tenant: Any) -> None:
    edit(alice, "company").locator("[name=value]").fill("Tea & Sons")
    field = edit(alice, "nickname").locator("[name=value]")
    tenant.faults.add(path="/api/users/.*/custom-data", delay_ms=600)
    save(form(alice, "company"))
    field.fill("")

    field.press_sequentially("Skipper of the", delay=10)
    expect(row(alice, "company")).to_contain_text("Tea & Sons")

    expect(field).to_have_value("Skipper of the")


def test_what_is_ticked_and_chosen_stays_while_another_row_is_saved(alice: Page) -> None:
    edit(alice, "newsletter").locator("[name=value]").set_checked(False)
    edit(alice, "gender").locator("[name=value]").select_option("other")
    edit(alice, "preference-theme").locator("input[value=dark]").check()
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")

    save(form(alice, "nickname"))
    expect(row(alice, "nickname")).to_contain_text("Skipper")

    expect(form(alice, "newsletter").locator("[name=value]")).not_to_be_checked()
    expect(form(alice, "gender").locator("[name=value]")).to_have_value("other")
    expect(form(alice, "preference-theme").locator("input[value=dark]")).to_be_checked()


def test_a_refused_tick_and_choice_come_back_as_they_were_sent(alice: Page, tenant: Any) -> None:
    for name in ("newsletter", "gender"):
        opened = edit(alice, name)
        field = opened.locator("[name=value]")
        if name == "newsletter":
            field.set_checked(False)
        else:
            field.select_option("male")
        field.focus()
        tenant.faults.add(path="/api/users/", method="PATCH", status=500, times=1)
        save(opened)

        expect(form(alice, name).locator("[role=alert]")).to_be_visible()
        again = form(alice, name).locator("[name=value]")
        if name == "newsletter":
            expect(again).not_to_be_checked()
        else:
            expect(again).to_have_value("male")


def test_the_address_and_the_history_stay_those_of_the_page(alice: Page) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    save(form(alice, "nickname"))
    expect(row(alice, "nickname")).to_contain_text("Skipper")

    expect(alice).to_have_url(re.compile(r"/profile/$"))
    alice.go_back()
    expect(alice.locator("h1")).to_have_text("Overview")
    alice.go_forward()
    expect(row(alice, "nickname")).to_contain_text("Skipper")


def test_a_strangers_request_by_htmx_leads_to_sign_in_and_back(alice: Page, tenant: Any) -> None:
    alice.goto("/profile/")
    alice.context.clear_cookies()

    row(alice, "nickname").locator(".row__action").click()
    expect(alice.locator("#password")).to_be_visible()

    alice.locator("#identifier").fill("alice")
    alice.locator("#password").fill(tenant.password_of("alice"))
    alice.locator("#password").press("Enter")
    expect(alice).to_have_url(re.compile(r"/profile/$"))


def test_a_token_of_another_session_is_refused_in_place(alice: Page, tenant: Any) -> None:
    opened = edit(alice, "nickname")
    opened.locator("[name=value]").fill("Skipper")
    opened.locator("[name=csrfmiddlewaretoken]").evaluate("field => { field.value = 'x' }")

    save(opened)

    expect(alice.locator("#messages [role=alert]")).to_be_visible()
    expect(opened.locator("[name=value]")).to_have_value("Skipper")
    assert tenant.user("alice")["profile"]["nickname"] == "Al"
