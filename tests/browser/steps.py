"""What people do again and again in these tests, and how we look at what they see."""

import os
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from bs4 import BeautifulSoup
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    WebError,
    expect,
)

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLAIN = {"java_script_enabled": False}
WAYS: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "phone": PHONE,
    "desktop, no JavaScript": DESKTOP | PLAIN,
    "phone, no JavaScript": PHONE | PLAIN,
}
every_way = pytest.mark.parametrize("way", list(WAYS))
with_and_without_javascript = pytest.mark.parametrize("way", ["desktop", "phone, no JavaScript"])
in_both_languages = pytest.mark.parametrize("language", ["en", "ko"])
# Each kind of screen, with and without scripts, in each language: all of them in as few as it takes.
in_two_ways = pytest.mark.parametrize(
    ("way", "language"), [("desktop", "en"), ("phone, no JavaScript", "ko")]
)
in_four_ways = pytest.mark.parametrize(
    ("way", "language"),
    [
        ("desktop", "en"),
        ("phone", "ko"),
        ("desktop, no JavaScript", "ko"),
        ("phone, no JavaScript", "en"),
    ],
)

expect.set_options(timeout=10_000)

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`${event.violatedDirective} refused ${event.blockedURI}`);
});
"""
# What is fine is a hundred times as much, and needn't leave the browser. Style sheets are read only
# for a rule that is not among those which run.
VIOLATIONS = """
axe.run({resultTypes: ["violations"], preload: false}).then((found) => found.violations)
"""
PAGES_AND_ANSWERS = {"document", "fetch", "xhr"}


def listen(context: BrowserContext, complaints: list[str], *, origin: str) -> None:
    """Write down what goes wrong in the browser: errors, refusals of the CSP, missing files.

    A page or an answer to htmx may say no, which is what many tests are about.
    """

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"{message.text} ({message.location['url']})")

    def on_response(response: Response) -> None:
        is_file = response.request.resource_type not in PAGES_AND_ANSWERS
        if response.status >= 400 and is_file and response.url.startswith(origin):
            complaints.append(f"{response.status} {response.url}")

    def on_error(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("console", on_console)
    context.on("response", on_response)
    context.on("weberror", on_error)
    context.add_init_script(REPORT_VIOLATIONS)


def is_plain(page: Page) -> bool:
    """Whether this browser runs no scripts of pages."""
    return bool(page.evaluate("matchMedia('(scripting: none)').matches"))


# Signing in


def sign_in(page: Page, tenant: Any, username: str = "alice", *, path: str = "/") -> None:
    """Go to a page of the site, sign in on the tenant's own page, and land there."""
    page.goto(path)
    enter_password(page, tenant, username)
    page.wait_for_url(lambda url: not url.startswith(tenant.endpoint))


def be_signed_in(page: Page, tenant: Any, username: str = "alice") -> None:
    """Be on the overview as after `sign_in`, by the same requests, none of which is drawn before.

    For the tests that begin there: drawing the pages in between takes longer than most of them.
    """
    language = {"Accept-Language": page.evaluate("navigator.languages.join()")}
    asked = page.request.get("/", headers=language)
    form = BeautifulSoup(asked.text(), "html.parser").find("form")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    answer = page.request.post(
        urljoin(asked.url, form["action"]),
        form=fields | {"identifier": username, "password": tenant.password_of(username)},
        headers=language,
        max_redirects=0,
    )
    while answer.url.startswith(tenant.endpoint):
        where = urljoin(answer.url, answer.headers["location"])
        answer = page.request.get(where, headers=language, max_redirects=0)
    page.goto(answer.headers["location"])


def enter_password(page: Page, tenant: Any, username: str) -> None:
    """Fill and send the tenant's sign-in page."""
    page.locator("#identifier").fill(username)
    page.locator("#password").fill(tenant.password_of(username))
    page.locator("#password").press("Enter")


# Rows


def row(page: Page, name: str) -> Locator:
    """A row while it is there to see."""
    return page.locator(f"div.row#row-{name}")


def form(page: Page, name: str) -> Locator:
    """A row while it is edited, in its place or on its own page."""
    return page.locator(f"form#row-{name}")


def edit(page: Page, name: str) -> Locator:
    """Open a row of the profile, where the person is not there yet from the navigation."""
    if not page.url.partition("#")[0].endswith("/profile/"):
        page.locator(".navigation a[href='/profile/']").click()
    row(page, name).locator(".row__action").click()
    expect(form(page, name)).to_be_visible()
    return form(page, name)


def save(form: Locator) -> None:
    """Press the button that sends the form."""
    form.locator("button").click()


def refused(form: Locator) -> Locator:
    """The explanation beside a field of a refused form."""
    expect(form.locator("[aria-invalid=true]").first).to_be_visible()
    field = form.locator("[aria-invalid=true]").first
    described_by = (field.get_attribute("aria-describedby") or "").split()
    return form.locator(f"[id='{described_by[-1]}']")


def said(page: Page) -> Locator:
    """What the site told last, in its message region."""
    return page.locator("#messages .message")


# Looking


def has_no_barriers(page: Page) -> None:
    """No violation that axe knows, and nothing sticks out to the side.

    axe is a script too: where pages run none, only the width is looked at.
    """
    sticks_out_nowhere(page)
    if is_plain(page):
        return
    finish_motion(page)
    page.evaluate(AXE_SCRIPT)
    found = AxeResults({"violations": page.evaluate(VIOLATIONS)})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def sticks_out_nowhere(page: Page) -> None:
    """Nobody has to scroll to the side. A page on its way is waited for: it has no width yet."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide}px stick out"


def finish_motion(page: Page) -> None:
    """Do not judge colours halfway through a fade."""
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")


def shoot(page: Page, name: str) -> None:
    """Keep a picture in the folder that SCREENSHOTS names, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        finish_motion(page)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(
            path=f"{folder}/{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png", full_page=True
        )
