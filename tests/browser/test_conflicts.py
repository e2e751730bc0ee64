"""The same thing twice: two tabs, two devices, two clicks."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.photographs import a_photograph
from tests.browser.steps import (
    edit,
    form,
    row,
    said,
    save,
    with_and_without_javascript,
)


@with_and_without_javascript
def test_the_later_of_two_tabs_is_told_what_the_other_did(alice: Page, tenant: Any) -> None:
    other = alice.context.new_page()
    other.goto("/profile/")
    edit(alice, "nickname").locator("[name=value]").fill("Mine")
    edit(other, "nickname").locator("[name=value]").fill("Theirs")
    save(form(other, "nickname"))
    expect(row(other, "nickname")).to_contain_text("Theirs")

    save(form(alice, "nickname"))

    expect(form(alice, "nickname").locator("[role=alert]")).to_contain_text("“Theirs”")
    expect(form(alice, "nickname").locator("[name=value]")).to_have_value("Mine")
    assert tenant.user("alice")["profile"]["nickname"] == "Theirs"
    form(alice, "nickname").get_by_role("button", name="Save mine anyway").click()
    expect(row(alice, "nickname")).to_contain_text("Mine")
    assert tenant.user("alice")["profile"]["nickname"] == "Mine"


def test_another_row_is_not_in_the_way(alice: Page, tenant: Any) -> None:
    other = alice.context.new_page()
    other.goto("/profile/")
    edit(alice, "company").locator("[name=value]").fill("Mine Ltd")
    edit(other, "memberNumber").locator("[name=value]").fill("AB-1234")
    save(form(other, "memberNumber"))
    expect(row(other, "memberNumber")).to_contain_text("AB-1234")

    save(form(alice, "company"))

    expect(row(alice, "company")).to_contain_text("Mine Ltd")
    kept = tenant.user("alice")["customData"]
    assert (kept["company"], kept["memberNumber"]) == ("Mine Ltd", "AB-1234")
    assert kept["theme"] == "system"  # another app's business


def test_two_clicks_on_save_are_one_change(alice: Page, tenant: Any) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    tenant.faults.add(path="/api/users/.*/profile", delay_ms=200)

    form(alice, "nickname").locator("button").dblclick()

    expect(row(alice, "nickname")).to_contain_text("Skipper")
    assert tenant.faults.hits() == [1]


@with_and_without_javascript
def test_two_clicks_on_save_end_well(alice: Page, tenant: Any) -> None:
    edit(alice, "name").locator("[name=value]").fill("Alice Twice")

    form(alice, "name").locator("button").dblclick()

    expect(row(alice, "name")).to_contain_text("Alice Twice")
    expect(said(alice)).to_have_text("Name saved.")
    assert tenant.user("alice")["name"] == "Alice Twice"


def test_a_picture_that_was_changed_elsewhere_is_not_replaced_unseen(
    alice: Page, tenant: Any
) -> None:
    opened = edit(alice, "avatar")
    tenant.management(
        "PATCH",
        f"/users/{tenant.user('alice')['id']}",
        json={"avatar": f"{tenant.endpoint}/demo/other.png"},
    )
    opened.locator("input[type=file]").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    )

    save(opened)

    expect(form(alice, "avatar").locator("[role=alert]")).to_contain_text("changed elsewhere")
    assert tenant.user("alice")["avatar"].endswith("/demo/other.png")
