"""Accounts elsewhere, at the demo tenant's providers."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.steps import has_no_barriers, row, said, shoot

Words = Callable[[str], str]
HOSTILE = ["<b>Al</b>" * 5, "\u202etxet a ton", "👩‍🚀" * 20, "W" * 128]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def mine(tenant: Any) -> Callable[[], dict[str, Any]]:
    """Gives who alice is elsewhere, by provider."""

    def mine() -> dict[str, Any]:
        found: dict[str, Any] = tenant.user("alice")["identities"]
        return found

    return mine


def open_connections(page: Page) -> None:
    page.goto("/connections/")


def confirm(page: Page, tenant: Any) -> None:
    """Prove with the password that it's still Alice."""
    page.locator("input[type=password]").fill(tenant.password_of("alice"))
    page.locator("input[type=password]").press("Enter")


def begin(page: Page, name: str, action: str) -> Locator:
    """Press a line's action. Gives what takes the line's place, or a page's."""
    row(page, name).get_by_role("link", name=re.compile(f"^{re.escape(action)}")).click()
    return page.locator(f"#row-{name}:not(.row), .confirmation")


def go(page: Page, name: str) -> None:
    """On to the provider."""
    page.locator(f"section#row-{name} a.button").first.click()
    page.wait_for_url("**/demo/provider/**")


def pick(page: Page, name: str) -> None:
    """Be somebody there."""
    page.get_by_role("button", name=name).click()


@steps.in_four_ways
def test_an_account_is_connected_and_disconnected(
    alice: Page, tenant: Any, mine: Any, words: Words, way: str
) -> None:
    open_connections(alice)
    has_no_barriers(alice)
    shoot(alice, f"connections {way}")

    begin(alice, "google", words("Connect"))
    confirm(alice, tenant)
    expect(alice.locator("section#row-google")).to_be_visible()
    has_no_barriers(alice)
    shoot(alice, f"connections link {way}")
    go(alice, "google")
    pick(alice, "Frank Fishfootman")

    alice.wait_for_url("**/connections/#row-google")
    expect(said(alice)).to_contain_text(words("%(provider)s connected.") % {"provider": "Google"})
    expect(row(alice, "google")).to_contain_text("Frank Fishfootman")
    shoot(alice, f"connections connected {way}")
    assert mine()["google"]["userId"] == "2011"

    begin(alice, "google", words("Disconnect"))
    form = alice.locator("form#row-google")
    expect(form).to_contain_text(words("After that you can still sign in with:"))
    has_no_barriers(alice)
    shoot(alice, f"connections removal {way}")
    form.get_by_role("button").click()
    expect(said(alice)).to_contain_text(
        words("%(provider)s disconnected.") % {"provider": "Google"}
    )
    expect(row(alice, "google")).not_to_contain_text("Frank")
    assert "google" not in mine()


@steps.in_two_ways
def test_saying_no_there_and_coming_twice_changes_nothing(
    alice: Page, tenant: Any, mine: Any, words: Words, way: str
) -> None:
    alice.goto("/connections/link/google/")
    confirm(alice, tenant)
    go(alice, "google")
    alice.get_by_role("button", name="Refuse").click()
    expect(alice.locator("h1")).to_have_text(words("Nothing was connected"))
    has_no_barriers(alice)
    shoot(alice, f"connections denied {way}")

    alice.get_by_role("link", name=words("Try again")).click()
    go(alice, "google")
    with alice.expect_request("**/connections/callback/**") as sent:
        pick(alice, "Grace Gryphon")
    alice.wait_for_url("**/connections/#row-google")
    alice.goto(sent.value.url)
    expect(alice.locator("h1")).to_have_text(words("This was done already"))
    shoot(alice, f"connections replay {way}")
    assert mine()["google"]["userId"] == "2012"

    alice.goto("/connections/callback/google/?code=x&state=forged")
    expect(alice.locator("h1")).to_have_text(words("This can’t be used here"))


@steps.in_two_ways
def test_what_another_tab_connected_is_not_replaced_unasked(
    alice: Page, tenant: Any, mine: Any, words: Words, way: str
) -> None:
    alice.goto("/connections/link/google/")
    confirm(alice, tenant)
    expect(alice.locator("section#row-google")).to_be_visible()
    other = alice.context.new_page()
    other.goto("/connections/link/google/")
    for page in (alice, other):
        go(page, "google")
    pick(other, "Frank Fishfootman")
    other.wait_for_url("**/connections/#row-google")
    pick(alice, "Grace Gryphon")

    alice.wait_for_url("**/connections/replacement/google/")
    expect(alice.locator("form#row-google")).to_contain_text("Frank Fishfootman")
    has_no_barriers(alice)
    shoot(alice, f"connections replacement {way}")
    assert mine()["google"]["userId"] == "2011"

    alice.get_by_role("button", name=words("Replace it")).click()
    alice.wait_for_url("**/connections/#row-google")
    expect(row(alice, "google")).to_contain_text("Grace Gryphon")
    assert mine()["google"]["userId"] == "2012"


@steps.in_two_ways
def test_a_connector_that_keeps_state_and_access_that_is_kept(
    alice: Page, tenant: Any, mine: Any, words: Words, way: str
) -> None:
    alice.goto("/connections/link/apple/")
    confirm(alice, tenant)
    go(alice, "apple")
    pick(alice, "Frank Fishfootman")
    alice.get_by_role("button", name="Go back").click()  # the answer comes in a form
    alice.wait_for_url("**/connections/#row-apple")
    expect(row(alice, "apple")).to_contain_text("Frank Fishfootman")
    assert mine()["apple"]["userId"] == "2011"

    expect(row(alice, "github")).to_contain_text("read:user")
    row(alice, "github").get_by_role(
        "link", name=re.compile(f"^{words('Remove this access')}")
    ).click()
    form = alice.locator("form#row-github")
    expect(form).to_contain_text("GitHub")
    has_no_barriers(alice)
    shoot(alice, f"connections access {way}")
    form.get_by_role("button").click()

    expect(said(alice)).to_contain_text(words("Kept access removed."))
    expect(row(alice, "github")).not_to_contain_text("read:user")
    user = tenant.user("alice")["id"]
    found = tenant.management("GET", f"/users/{user}/all-identities?includeTokenSecret=true")
    assert all("tokenSecret" not in each for each in found.json()["socialIdentities"])


@pytest.mark.parametrize(
    ("way", "language", "scheme"),
    [("desktop", "ko", "dark"), ("phone", "en", "light")],
)
def test_a_crowd_with_odd_names_fits(
    visit: Callable[..., Page], tenant: Any, language: str, way: str, scheme: str
) -> None:
    person = tenant.user("alice")["id"]
    for number in range(24):
        details = {"name": HOSTILE[number % 4], "email": f"{'w' * 60}@example.com"}
        avatar = f"data:image/png;base64,{PIXEL}" if number % 5 else "javascript:alert(1)"
        body = {"userId": f"id-{number}", "details": details | {"avatar": avatar}}
        path = f"/users/{person}/identities/{'github' if number == 0 else f'forgotten-{number}'}"
        assert tenant.management("PUT", path, json=body).ok
    page = visit(color_scheme=scheme)
    steps.sign_in(page, tenant, path="/connections/")

    more = page.locator("summary")
    with translation.override(language):
        text = translation.ngettext("Show %(number)s more", "Show %(number)s more", 4)
    expect(more).to_have_text(text % {"number": 4})
    more.click()
    expect(row(page, "github")).to_be_visible()
    expect(page.locator("#row-github .row__value")).to_have_text(HOSTILE[0])
    has_no_barriers(page)
    shoot(page, f"connections many {way}")


@pytest.mark.parametrize("way", ["phone"])
def test_the_sign_in_of_an_organization_is_only_shown(
    stranger: Page, tenant: Any, way: str
) -> None:
    steps.sign_in(stranger, tenant, "dave", path="/connections/")

    card = stranger.locator("[aria-labelledby=organization]")
    expect(card).to_contain_text("Harbour staff")
    expect(card).to_contain_text("dave@staff.example.com")
    assert card.get_by_role("link").count() == 0
    has_no_barriers(stranger)
    shoot(stranger, f"connections enterprise {way}")
