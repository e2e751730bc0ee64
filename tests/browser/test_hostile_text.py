"""Text that wants to be more than text."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.steps import (
    edit,
    form,
    refused,
    row,
    save,
    sticks_out_nowhere,
    with_and_without_javascript,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% now %}",
    "&lt;b&gt; &amp;",
    "👩‍👩‍👧‍👦 🏳️‍🌈",
    "عليّة ליאת",
    "W" * 128,
    "😀" * 64,
    "Z̸̢̧̨͓̻͎̤̀́̂̃a̸̡̛l̸g̷o",
)


def test_it_is_shown_as_it_was_typed_and_does_nothing(alice: Page, tenant: Any) -> None:
    alice.on("dialog", fail)
    for text in HOSTILE:
        edit(alice, "name").locator("[name=value]").fill(text)

        save(form(alice, "name"))

        expect(row(alice, "name").locator(".row__value")).to_have_text(text)
        assert tenant.user("alice")["name"] == text
        for path in ("/", "/profile/", "/profile/name/"):
            alice.goto(path)
            expect(alice.locator("script:not([src])")).to_have_count(0)
            expect(alice.locator("img[src=x]")).to_have_count(0)
            sticks_out_nowhere(alice)
        expect(alice.locator("[name=value]")).to_have_value(text)


@with_and_without_javascript
def test_an_override_of_direction_is_taken_out(alice: Page, tenant: Any) -> None:
    edit(alice, "name").locator("[name=value]").fill("Alice\u202egnp.exe")

    save(form(alice, "name"))

    expect(row(alice, "name")).to_contain_text("Alicegnp.exe")
    assert tenant.user("alice")["name"] == "Alicegnp.exe"


@with_and_without_javascript
@pytest.mark.parametrize("text", ["Al\x00ice", "Al\x07ice"])
def test_what_cant_be_shown_is_refused(alice: Page, tenant: Any, text: str) -> None:
    opened = edit(alice, "name")
    opened.locator("[name=value]").evaluate("(field, text) => { field.value = text }", text)

    save(opened)

    expect(refused(form(alice, "name"))).to_contain_text("can’t be shown")
    assert tenant.user("alice")["name"] == "Alice Liddell"


def test_a_field_that_only_seems_filled_counts_as_empty(alice: Page, tenant: Any) -> None:
    edit(alice, "boatLength").locator("[name=value]").evaluate(
        "field => { field.type = 'text'; field.value = '\\u200b' }"
    )

    save(form(alice, "boatLength"))

    expect(refused(form(alice, "boatLength"))).not_to_be_empty()
    assert tenant.user("alice")["customData"]["boatLength"] == 7.5


def test_fields_that_nobody_asked_for_change_nothing(alice: Page, tenant: Any) -> None:
    before = tenant.user("alice")
    opened = edit(alice, "nickname")
    opened.evaluate(
        """form => {
          for (const name of ["username", "primaryEmail", "id", "account_id", "isSuspended"]) {
            const field = document.createElement("input");
            field.name = name; field.value = "mallory"; form.append(field);
          }
        }"""
    )

    opened.locator("[name=value]").fill("Skipper")
    save(opened)

    expect(row(alice, "nickname")).to_contain_text("Skipper")
    after = tenant.user("alice")
    assert {**after, "profile": None, "updatedAt": None} == {
        **before,
        "profile": None,
        "updatedAt": None,
    }


def test_a_link_of_ones_own_leads_out_without_telling_where_from(alice: Page) -> None:
    link = alice.locator("#row-website a[rel]")
    alice.goto("/profile/")

    assert link.get_attribute("rel") == "noreferrer"


def fail(dialog: Dialog) -> None:
    """No text of a person opens a dialog."""
    dialog.dismiss()
    pytest.fail(f"a dialog: {dialog.message}")
