"""Keeping a profile: every kind of row, refused first, then saved, shown and stored."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    edit,
    form,
    in_four_ways,
    is_plain,
    refused,
    row,
    said,
    save,
    with_and_without_javascript,
)


@dataclass(frozen=True)
class Change:
    """What is typed into a row, and what comes of it."""

    row: str
    good: dict[str, Any]
    stored: Any
    """At this place of the user, a dotted path: value."""
    shown: dict[str, str]
    """By language."""
    bad: dict[str, Any] | None = None


def same(text: str) -> dict[str, str]:
    """The same in both languages."""
    return {"en": text, "ko": text}


CHANGES = [
    Change(
        row="name",
        bad={"value": "x" * 129},
        good={"value": "Alice Łiddell 앨리스"},
        stored={"name": "Alice Łiddell 앨리스"},
        shown=same("Alice Łiddell 앨리스"),
    ),
    Change(  # Fullname; the tenant requires two of its parts
        row="fullname",
        bad={"givenName": "", "middleName": "P.", "familyName": ""},
        good={"givenName": "Alicia", "middleName": "", "familyName": "Hargreaves"},
        stored={
            "profile.givenName": "Alicia",
            "profile.middleName": "",
            "profile.familyName": "Hargreaves",
        },
        shown=same("Alicia Hargreaves"),
    ),
    Change(  # a claim of OpenID Connect, with limits of the tenant
        row="nickname",
        bad={"value": "x"},
        good={"value": "Skipper"},
        stored={"profile.nickname": "Skipper"},
        shown=same("Skipper"),
    ),
    Change(
        row="birthdate",
        bad={"value": "2999-01-01"},
        good={"value": "1990-12-31"},
        stored={"profile.birthdate": "1990-12-31"},
        shown={"en": "Dec. 31, 1990", "ko": "1990년 12월 31일"},
    ),
    Change(  # no bad value can be chosen
        row="gender",
        good={"value": "other"},
        stored={"profile.gender": "other"},
        shown=same("Something else"),
    ),
    Change(
        row="website",
        bad={"value": "javascript:alert(1)"},
        good={"value": "https://example.com/~alice?a=1&b=2"},
        stored={"profile.website": "https://example.com/~alice?a=1&b=2"},
        shown=same("https://example.com/~alice?a=1&b=2"),
    ),
    Change(
        row="address",
        bad={"streetAddress": "", "locality": "Hull"},
        good={"streetAddress": "1 Pier", "locality": "Hull", "region": ""},
        stored={"profile.address.streetAddress": "1 Pier", "profile.address.locality": "Hull"},
        shown=same("1 Pier"),
    ),
    Change(
        row="company",
        bad={"value": "x"},
        good={"value": "Tea & Sons"},
        stored={"customData.company": "Tea & Sons"},
        shown=same("Tea & Sons"),
    ),
    Change(
        row="boatLength",
        bad={"value": "41"},
        good={"value": "12.25"},
        stored={"customData.boatLength": 12.25},
        shown=same("12.25"),
    ),
    Change(  # in a spelling of the tenant's own
        row="memberSince",
        good={"value": "2020-02-29"},
        stored={"customData.memberSince": "29.02.2020"},
        shown={"en": "Feb. 29, 2020", "ko": "2020년 2월 29일"},
    ),
    Change(
        row="newsletter",
        good={"value": False},
        stored={"customData.newsletter": False},
        shown={"en": "No", "ko": "아니"},
    ),
    Change(  # required: it can't be emptied
        row="contactTime",
        good={"value": "morning"},
        stored={"customData.contactTime": "morning"},
        shown=same("In the morning"),
    ),
    Change(
        row="logbook",
        bad={"value": "not an address"},
        good={"value": "example.org/log"},
        stored={"customData.logbook": "https://example.org/log"},
        shown=same("https://example.org/log"),
    ),
    Change(
        row="memberNumber",
        bad={"value": "ns-1"},
        good={"value": "AB-1234"},
        stored={"customData.memberNumber": "AB-1234"},
        shown=same("AB-1234"),
    ),
]


@in_four_ways
def test_every_kind_of_row_is_refused_with_a_reason_then_saved(
    alice: Page, tenant: Any, language: str
) -> None:
    for change in CHANGES:
        opened = edit(alice, change.row)
        if change.bad:
            fill(opened, change.bad)
            save(opened)
            expect(refused(form(alice, change.row))).not_to_be_empty()
            holds(form(alice, change.row), change.bad)

        fill(form(alice, change.row), change.good)
        save(form(alice, change.row))

        expect(row(alice, change.row)).to_contain_text(change.shown[language])
        expect(said(alice)).to_be_visible()
        user = tenant.user("alice")
        assert {path: at(user, path) for path in change.stored} == change.stored
    assert alice.locator("html").get_attribute("lang") == language


@with_and_without_javascript
def test_what_the_tenant_requires_cant_be_emptied(alice: Page, tenant: Any) -> None:
    before = tenant.user("alice")
    # Nothing empty is offered once something is chosen.
    expect(edit(alice, "contactTime").locator("option[value='']")).to_have_count(0)

    for name, field in (("boatLength", "value"), ("fullname", "familyName")):
        opened = edit(alice, name)
        fill(opened, {field: ""})
        save(opened)

        expect(refused(form(alice, name))).to_have_text("This can’t be empty.")
    assert tenant.user("alice")["customData"] == before["customData"]
    assert tenant.user("alice")["profile"] == before["profile"]


@with_and_without_javascript
def test_a_row_can_be_emptied_where_nothing_is_required(alice: Page, tenant: Any) -> None:
    fill(edit(alice, "nickname"), {"value": ""})

    save(form(alice, "nickname"))

    expect(row(alice, "nickname")).to_contain_text("Not set")
    expect(row(alice, "nickname").locator(".row__action")).to_contain_text("Add")
    assert not tenant.user("alice")["profile"].get("nickname")


@with_and_without_javascript
def test_cancel_leaves_everything_as_it_was(alice: Page, tenant: Any) -> None:
    fill(edit(alice, "nickname"), {"value": "Oops"})

    form(alice, "nickname").get_by_role("link", name="Cancel").click()

    expect(row(alice, "nickname")).to_contain_text("Al")
    expect(form(alice, "nickname")).to_have_count(0)
    assert tenant.user("alice")["profile"]["nickname"] == "Al"


def test_several_rows_can_be_open_at_once(alice: Page, tenant: Any) -> None:
    fill(edit(alice, "nickname"), {"value": "Skipper"})
    fill(edit(alice, "company"), {"value": "Tea & Sons"})

    save(form(alice, "nickname"))
    expect(row(alice, "nickname")).to_contain_text("Skipper")

    expect(form(alice, "company").locator("[name=value]")).to_have_value("Tea & Sons")
    save(form(alice, "company"))
    expect(row(alice, "company")).to_contain_text("Tea & Sons")


def test_a_new_name_shows_at_once_wherever_it_stands(alice: Page) -> None:
    fill(edit(alice, "name"), {"value": "Queen of Hearts"})

    save(form(alice, "name"))

    expect(alice.locator(".who__label")).to_have_text("Queen of Hearts")
    expect(alice.locator(".who .avatar")).to_have_text("QH")
    expect(row(alice, "avatar").locator(".avatar")).to_have_text("QH")


@with_and_without_javascript
def test_the_row_that_was_left_is_where_one_comes_back_to(alice: Page) -> None:
    fill(edit(alice, "memberNumber"), {"value": "AB-1234"})

    save(form(alice, "memberNumber"))

    expect(row(alice, "memberNumber")).to_contain_text("AB-1234")
    expect(row(alice, "memberNumber")).to_be_in_viewport()
    if not is_plain(alice):
        expect(said(alice)).to_be_in_viewport()


def fill(opened: Locator, values: dict[str, Any]) -> None:
    """Type, tick or choose."""
    for name, value in values.items():
        field = opened.locator(f"[name={name}]")
        kind = field.evaluate("field => field.type")
        if kind == "checkbox":
            field.set_checked(value)
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.evaluate("field => field.removeAttribute('maxlength')")
            field.fill(value)


def holds(opened: Locator, values: dict[str, Any]) -> None:
    """What was typed is still there."""
    for name, value in values.items():
        expect(opened.locator(f"[name={name}]")).to_have_value(value)


def at(user: Any, path: str) -> Any:
    """What stands at a dotted path; what is missing is empty."""
    for key in path.split("."):
        user = user.get(key, "")
    return user
