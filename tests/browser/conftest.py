"""A real browser against the site and the demo tenant, each its own process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page

from tests import site_process
from tests.browser import steps

# The shell draws the same pages without a window that nobody sees, in two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the browser's last, and say which are left out where there is none.

    Playwright keeps an event loop in this thread, beside which Django refuses its database.
    """
    if screen := config.getoption("screen"):
        kept = _for_screen(items, screen)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    items.sort(key=lambda item: item.path.is_relative_to(HERE))
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def _for_screen(items: list[pytest.Item], screen: str) -> list[pytest.Item]:
    """All tests, but those that run on this screen without their repetition on the other."""

    def way(item: pytest.Item) -> str:
        call = getattr(item, "callspec", None)
        return str(call.params.get("way", "")) if call else ""

    def name(item: pytest.Item) -> str:
        return item.nodeid.partition("[")[0]

    here = {name(item) for item in items if way(item).startswith(screen)}
    return [
        item
        for item in items
        if name(item) not in here or not way(item) or way(item).startswith(screen)
    ]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, without the errands that it runs on its own."""
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
    """The site, in front of the demo tenant: one process, or two that a browser bounces between."""
    app = f"{urlsplit(demo_tenant.endpoint).netloc}=Sailing Club"
    folder = tmp_path_factory.mktemp("site")
    with site_process.running(demo_tenant, folder, ACCOUNTSITE_RETURN_HOSTS=app) as running:
        yield running


@pytest.fixture
def tenant(demo_tenant: Any, site: Any) -> Iterator[Any]:
    """The demo tenant as it was seeded, without the faults of the last test."""
    demo_tenant.reset()
    demo_tenant.register_site(site.origin)
    yield demo_tenant
    demo_tenant.faults.reset()


@pytest.fixture
def way() -> str:
    """How the person goes about it, one of `steps.WAYS`; a test can be run in several."""
    return "desktop"


@pytest.fixture
def language(tenant: Any) -> str:
    """Alice's language; a test can be run in several. Hers in the seed is British English."""
    return "en"


@pytest.fixture
def words(language: str) -> Callable[..., str]:
    """What a text of the site is in the language of this browser."""

    def words(text: str, plural: str = "", count: int = 1) -> str:
        with translation.override(language):
            if plural:
                return translation.ngettext(text, plural, count) % {"count": count}
            return translation.gettext(text)

    return words


@pytest.fixture
def visit(
    browser: Browser, site: Any, tenant: Any, way: str, language: str
) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own. At the end, none of them has complained about a page."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    if language != "en":
        profile = {"profile": {"locale": language}}
        tenant.management("PATCH", f"/users/{tenant.user('alice')['id']}/profile", json=profile)

    def visit(**options: Any) -> Page:
        context = browser.new_context(
            base_url=site.origin,
            **{"locale": {"en": "en-US", "ko": "ko-KR"}[language], **steps.WAYS[way], **options},
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        steps.listen(context, complaints, origin=site.origin)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def stranger(visit: Callable[..., Page]) -> Page:
    """A browser in which nobody is signed in."""
    return visit()


@pytest.fixture
def alice(stranger: Page, tenant: Any) -> Page:
    """A browser in which alice is signed in, on the overview."""
    steps.be_signed_in(stranger, tenant)
    return stranger
