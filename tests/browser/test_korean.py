"""Korean pages: complete, and held to the same rules as English ones."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accountsite.demo import catalogue
from tests.browser.steps import edit, form, has_no_barriers, row, save, shoot, sign_in

TEXTS = """
() => {
  const found = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.add(walker.currentNode.data.replace(/\\s+/g, " ").trim());
  for (const element of document.querySelectorAll("[aria-label], [alt], [placeholder], [title]")) {
    for (const name of ["aria-label", "alt", "placeholder", "title"]) {
      found.add(element.getAttribute(name) ?? "");
    }
  }
  return [...found];
}
"""
ENGLISH = re.compile(r"[A-Za-z]{2,}")
NAMES_OF_THINGS = {"English", "UTC", "JPEG", "PNG", "WebP", "GIF", "MB"}


@pytest.fixture
def language() -> str:
    """Everything here is about Korean."""
    return "ko"


@pytest.fixture
def words_of_the_tenant(tenant: Any) -> set[str]:
    """What the tenant and alice wrote themselves, in one language."""
    words: set[str] = {"Harbour", "office@harbour.example.com", "AL", "Northern Sailing Club"}
    for field in catalogue.FIELDS:
        words |= {field.label, field.description or "", field.config.get("placeholder", "")}
        words |= {part["label"] for part in field.config.get("parts", ())}
        words |= {option["label"] for option in field.config.get("options", ())}
    return words | set(_leaves(tenant.user("alice")))


def test_no_page_has_english_left(alice: Page, words_of_the_tenant: set[str]) -> None:
    for path in ("/", "/profile/", "/sign-out/", "/no-such-page/", "/sign-in/callback/"):
        alice.goto(path)
        is_korean(alice, words_of_the_tenant)


def test_no_form_and_no_refusal_has_english_left(
    alice: Page, words_of_the_tenant: set[str]
) -> None:
    for name in ("avatar", "preference-language", "preference-theme"):
        edit(alice, name)
    for name, value in (
        ("name", "x" * 129),
        ("nickname", "x"),
        ("website", "nothing"),
        ("boatLength", "100"),
        ("memberNumber", "1"),
        ("birthdate", "2999-01-01"),
    ):
        field = edit(alice, name).locator("[name=value]")
        field.evaluate("field => field.removeAttribute('maxlength')")
        field.fill(value)
        save(form(alice, name))
        expect(form(alice, name).locator("[aria-invalid=true]")).to_be_visible()
    save(form(alice, "avatar"))
    expect(form(alice, "avatar").locator("[aria-invalid=true]")).to_be_visible()
    edit(alice, "company").locator("[name=value]").fill("Tea & Sons")
    save(form(alice, "company"))
    expect(row(alice, "company")).to_contain_text("Tea & Sons")

    is_korean(alice, words_of_the_tenant | {"nothing", "Tea & Sons", "x" * 129})


def test_outages_are_told_in_korean(
    alice: Page, tenant: Any, words_of_the_tenant: set[str]
) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("선장")
    tenant.faults.everywhere(down=True)
    save(form(alice, "nickname"))
    expect(form(alice, "nickname").locator("[role=alert]")).to_be_visible()
    row(alice, "company").locator(".row__action").click()
    expect(alice.locator("#messages [role=alert]")).to_be_visible()
    is_korean(alice, words_of_the_tenant)

    alice.goto("/profile/")

    expect(alice.locator(".statement")).to_be_visible()
    is_korean(alice, words_of_the_tenant)


@pytest.mark.parametrize(
    "reason", ["", "expired", "ended_elsewhere", "suspended", "gone", "only_here", "deleted"]
)
def test_a_farewell_is_said_in_korean(
    stranger: Page, words_of_the_tenant: set[str], reason: str
) -> None:
    stranger.goto(f"/signed-out/?reason={reason}")

    is_korean(stranger, words_of_the_tenant)


def test_a_korean_name_is_typed_and_kept(alice: Page, tenant: Any) -> None:
    edit(alice, "name").locator("[name=value]").fill("앨리스 리델")

    save(form(alice, "name"))

    expect(alice.locator(".who__label")).to_have_text("앨리스 리델")
    assert tenant.user("alice")["name"] == "앨리스 리델"


def test_time_zones_have_korean_names(alice: Page) -> None:
    select = edit(alice, "preference-time-zone").locator("select")

    seoul = select.locator("option[value='Asia/Seoul']")

    expect(seoul).to_contain_text("서울")


@pytest.mark.parametrize("way", ["desktop", "phone"])
def test_korean_pages_look_right(visit: Callable[..., Page], tenant: Any, way: str) -> None:
    page = visit()
    sign_in(page, tenant)
    for path in ("/", "/profile/", "/profile/preferences/time-zone/", "/signed-out/"):
        page.goto(path)
        has_no_barriers(page)
        shoot(page, f"ko {path} {way}")


def is_korean(page: Page, allowed: set[str]) -> None:
    """Every text is Korean, but what the tenant and the person wrote."""
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    english = []
    for text in page.evaluate(TEXTS):
        rest = text
        for word in sorted(allowed | NAMES_OF_THINGS, key=len, reverse=True):
            rest = rest.replace(word, "") if word else rest
        if ENGLISH.search(rest) and not re.fullmatch(r"[0-9a-f]{16}", text):
            english.append(text)
    assert english == [], f"on {page.url}"


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    lines = str(value).splitlines() if isinstance(value, str) else []
    return [line for line in lines if len(line) > 1]
