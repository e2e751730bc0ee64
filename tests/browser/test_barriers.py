"""Every page and every face of a form, as axe sees it: light and dark, phone and desktop."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.photographs import a_photograph
from tests.browser.steps import (
    WAYS,
    edit,
    form,
    has_no_barriers,
    row,
    save,
    shoot,
    sign_in,
)

EVERYWHERE = pytest.mark.parametrize(
    ("way", "scheme"),
    [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")],
)
IN_TWO_WAYS = pytest.mark.parametrize(("way", "scheme"), [("desktop", "dark"), ("phone", "light")])
ROWS = [
    *("avatar", "name", "fullname", "nickname", "birthdate", "gender", "website", "address"),
    *("company", "boatLength", "memberSince", "newsletter", "contactTime", "logbook"),
    *("memberNumber", "preference-language", "preference-time-zone", "preference-theme"),
]
OWN_PAGES = [
    *("name", "address", "birthdate", "newsletter", "gender", "avatar", "avatar/removal"),
    *("preferences/language", "preferences/time-zone", "preferences/theme"),
]


@pytest.fixture
def look(way: str, scheme: str) -> Callable[[Page, str], None]:
    """Has axe look at a page, and keeps a picture of it."""

    def look(page: Page, name: str) -> None:
        shoot(page, f"{name} {way} {scheme}")
        has_no_barriers(page)

    return look


@EVERYWHERE
def test_pages(visit: Any, tenant: Any, scheme: str, look: Any) -> None:
    page = visit(color_scheme=scheme)
    sign_in(page, tenant)
    look(page, "overview")
    for path in ("/profile/", "/sign-out/", "/no-such-page/"):
        page.goto(path)
        look(page, path)


@IN_TWO_WAYS
def test_rows_that_are_edited_in_their_place(
    visit: Any, tenant: Any, scheme: str, look: Any
) -> None:
    page = visit(color_scheme=scheme)
    sign_in(page, tenant)

    for name in ROWS:
        edit(page, name)

    look(page, "all rows open")


@IN_TWO_WAYS
def test_refused_and_saved_rows(visit: Any, tenant: Any, scheme: str, look: Any) -> None:
    page = visit(color_scheme=scheme)
    sign_in(page, tenant)
    for name, value in (("nickname", "x"), ("website", "nothing"), ("memberNumber", "1")):
        edit(page, name).locator("[name=value]").fill(value)
        save(form(page, name))
        expect(form(page, name).locator("[aria-invalid=true]")).to_be_visible()
    save(edit(page, "avatar"))
    expect(form(page, "avatar").locator("[aria-invalid=true]")).to_be_visible()
    for part in ("streetAddress", "locality", "country"):
        if part == "streetAddress":
            edit(page, "address")
        form(page, "address").locator(f"[name={part}]").fill("")
    save(form(page, "address"))
    expect(form(page, "address").locator("[aria-invalid=true]")).to_have_count(3)
    edit(page, "company").locator("[name=value]").fill("Tea & Sons")
    save(form(page, "company"))
    expect(row(page, "company")).to_contain_text("Tea & Sons")

    look(page, "rows refused and one saved")


@IN_TWO_WAYS
def test_a_failing_and_a_contested_row(visit: Any, tenant: Any, scheme: str, look: Any) -> None:
    page = visit(color_scheme=scheme)
    sign_in(page, tenant)
    edit(page, "nickname").locator("[name=value]").fill("Mine")
    profile = {"profile": {"nickname": "Theirs"}}
    tenant.management("PATCH", f"/users/{tenant.user('alice')['id']}/profile", json=profile)
    save(form(page, "nickname"))
    expect(form(page, "nickname").locator("[role=alert]")).to_be_visible()
    edit(page, "company").locator("[name=value]").fill("Tea & Sons")
    tenant.faults.everywhere(down=True)
    save(form(page, "company"))
    expect(form(page, "company").locator("[role=alert]")).to_be_visible()
    row(page, "website").locator(".row__action").click()
    expect(page.locator("#messages [role=alert]")).to_be_visible()

    look(page, "rows that fail")

    page.goto("/profile/")
    look(page, "503")


@IN_TWO_WAYS
def test_pages_of_single_rows(visit: Any, tenant: Any, scheme: str, look: Any) -> None:
    page = visit(color_scheme=scheme)
    block_scripts(page)  # as for a browser without them, but axe runs
    sign_in(page, tenant)
    for path in OWN_PAGES:
        page.goto(f"/profile/{path}/")
        look(page, path)
    page.goto("/profile/nickname/")
    page.locator("[name=value]").fill("x")
    save(form(page, "nickname"))
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    look(page, "refused on its own page")


@IN_TWO_WAYS
def test_pages_before_and_after(visit: Any, tenant: Any, scheme: str, look: Any) -> None:
    page = visit(color_scheme=scheme)
    for reason in ("", "expired", "ended_elsewhere", "suspended", "gone", "only_here"):
        page.goto(f"/signed-out/?reason={reason}")
        look(page, f"signed out {reason}")
    for query in ("", "?error=access_denied", "?error=server_error"):
        page.goto(f"/sign-in/callback/{query}")
        look(page, f"sign in failed {query}")


@IN_TWO_WAYS
def test_pages_of_requests_that_are_not_right(
    visit: Any, tenant: Any, scheme: str, look: Any
) -> None:
    page = visit(color_scheme=scheme)
    block_scripts(page)
    sign_in(page, tenant)
    page.goto("/profile/nickname/")
    page.locator("[name=csrfmiddlewaretoken]").last.evaluate("field => { field.value = 'x' }")
    save(form(page, "nickname"))
    look(page, "403 csrf")
    page.goto("/profile/company/")
    page.locator("[name=value]").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(1100000) }"
    )
    save(form(page, "company"))
    look(page, "400")


@IN_TWO_WAYS
def test_somebody_with_a_picture_and_long_words(
    visit: Any, tenant: Any, scheme: str, look: Any
) -> None:
    address = f"/users/{tenant.user('alice')['id']}"
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    tenant.management(
        "PATCH", address, json={"name": long, "primaryEmail": f"{'a' * 60}@b.example"}
    )
    tenant.management("PATCH", f"{address}/custom-data", json={"customData": {"company": long}})
    page = visit(color_scheme=scheme)
    sign_in(page, tenant)
    look(page, "overview with long words")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    edit(page, "avatar").locator("input[type=file]").set_input_files(file)
    save(form(page, "avatar"))
    expect(row(page, "avatar").locator("img")).to_be_visible()

    look(page, "profile with a picture and long words")


@pytest.mark.parametrize("width", [320, 640, 1024])
def test_nothing_sticks_out_at_any_width(visit: Any, tenant: Any, width: int) -> None:
    page = visit(**WAYS["desktop"] | {"viewport": {"width": width, "height": 640}})
    sign_in(page, tenant)
    has_no_barriers(page)
    for name in ("avatar", "address", "preference-time-zone"):
        edit(page, name)

    has_no_barriers(page)
    shoot(page, f"width {width}")


def block_scripts(page: Page) -> None:
    """The site's scripts don't arrive."""

    def block(route: Route) -> None:
        route.abort()

    page.route("**/*.js", block)
