"""How one likes the site: language, time zone and theme."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    edit,
    form,
    row,
    save,
    sign_in,
    with_and_without_javascript,
)

LIGHT_PAGE, DARK_PAGE = "rgb(246, 246, 243)", "rgb(18, 19, 21)"


@with_and_without_javascript
def test_the_language_changes_to_korean_and_back(alice: Page, tenant: Any) -> None:
    edit(alice, "preference-language").locator("input[value=ko]").check()
    save(form(alice, "preference-language"))

    expect(alice.locator("html")).to_have_attribute("lang", "ko")
    expect(row(alice, "preference-language")).to_contain_text("한국어")
    assert tenant.user("alice")["profile"]["locale"] == "ko"
    expect(row(alice, "birthdate")).to_contain_text("1992년 5월 4일")

    edit(alice, "preference-language").locator("input[value=en]").check()
    save(form(alice, "preference-language"))

    expect(alice.locator("html")).to_have_attribute("lang", "en")
    assert tenant.user("alice")["profile"]["locale"] == "en"


def test_the_language_stays_after_signing_out(alice: Page, tenant: Any) -> None:
    edit(alice, "preference-language").locator("input[value=ko]").check()
    save(form(alice, "preference-language"))
    expect(alice.locator("html")).to_have_attribute("lang", "ko")

    alice.locator(".who__leave button").click()

    expect(alice).to_have_url(re.compile("/signed-out/"))
    expect(alice.locator("html")).to_have_attribute("lang", "ko")


def test_the_browsers_language_holds_where_nothing_else_is_known(
    visit: Callable[..., Page], tenant: Any
) -> None:
    page = visit(locale="ko-KR")
    page.goto("/signed-out/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")

    sign_in(page, tenant, "dave")

    expect(page.locator("html")).to_have_attribute("lang", "ko")


@with_and_without_javascript
def test_times_are_told_in_the_time_zone_that_was_chosen(alice: Page, tenant: Any) -> None:
    before = alice.locator(".identity").inner_text()

    edit(alice, "preference-time-zone").locator("select").select_option("Pacific/Kiritimati")
    save(form(alice, "preference-time-zone"))

    expect(row(alice, "preference-time-zone")).to_contain_text("UTC+14:00")
    assert tenant.user("alice")["profile"]["zoneinfo"] == "Pacific/Kiritimati"
    alice.locator(".navigation a[href='/']").click()
    expect(alice.locator("h1")).to_have_text("Overview")
    assert alice.locator(".identity").inner_text() != before


@with_and_without_javascript
def test_a_theme_is_seen_at_once_and_after_signing_out(alice: Page) -> None:
    for theme, page_colour in (("dark", DARK_PAGE), ("light", LIGHT_PAGE)):
        edit(alice, "preference-theme").locator(f"input[value={theme}]").check()
        save(form(alice, "preference-theme"))

        expect(alice.locator("html")).to_have_attribute("data-theme", theme)
        expect(alice.locator("html")).to_have_css("background-color", page_colour)

    alice.locator(".who__leave button").click()
    expect(alice.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT_PAGE), ("dark", DARK_PAGE)])
def test_without_a_choice_the_theme_is_the_devices(
    visit: Callable[..., Page], tenant: Any, scheme: str, colour: str
) -> None:
    page = visit(color_scheme=scheme)

    sign_in(page, tenant)

    expect(page.locator("html")).to_have_css("background-color", colour)
