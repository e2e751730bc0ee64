"""A real browser against the site and the demo tenant, each its own process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import site_process

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
HERE = Path(__file__).parent

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests are left out where there is no browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, without the errands that it runs on its own."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def site(demo_tenant: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The site, in front of the demo tenant."""
    running = site_process.start(demo_tenant, tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture
def tenant(demo_tenant: Any, site: Any) -> Iterator[Any]:
    """The demo tenant as it was seeded, without the faults of the last test."""
    demo_tenant.reset()
    demo_tenant.register_site(site.origin)
    yield demo_tenant
    demo_tenant.faults.reset()


@pytest.fixture
def visit(browser: Browser, site: Any, tenant: Any) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own: a phone or a desktop, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def visit(**options: Any) -> Page:
        context = browser.new_context(
            base_url=site.origin, **{**DESKTOP, "locale": "en-US", **options}
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: _note(page, message))
        return page

    yield visit
    for context in contexts:
        context.close()


def _note(page: Any, message: Any) -> None:
    """Keep what the browser complains about; a refused form (422) is no complaint of ours."""
    if (
        message.type == "error"
        and "status of 4" not in message.text
        and "status of 5" not in message.text
    ):
        page.problems.append(message.text)


def sign_in(page: Page, tenant: Any, username: str = "alice", *, path: str = "/") -> None:
    """Sign in on the tenant's own page, and land on a page of the site."""
    page.goto(path)
    page.get_by_role("textbox").first.fill(username)
    page.locator("input[type=password]").fill(tenant.password_of(username))
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(lambda url: not url.startswith(tenant.endpoint))


def has_no_barriers(page: Page) -> None:
    """No violation that axe knows, and nothing sticks out to the side."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide}px stick out"


def shoot(page: Page, name: str) -> None:
    """Keep a picture where SCREENSHOTS says, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


__all__ = ["DESKTOP", "PHONE", "expect", "has_no_barriers", "shoot", "sign_in"]
