"""Bytes and requests of a first and of a repeat visit, and how soon "back" shows a page again."""

import shutil
import statistics
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import visitors
from tests.bench.place import Place

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
BACKS = 5


def program() -> str | None:
    """The browser of this machine, if it has one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def visits(place: Place) -> dict[str, Any]:
    """By page: what a browser that was never here fetches, and what it fetches the next time."""
    cookies = [
        {"name": cookie.name, "value": cookie.value, "url": place.origin}
        for cookie in place.alice().http.cookies
        if cookie.name in {"session", "csrftoken"}
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        try:
            found = {
                name: _visit(browser, place, cookies, path) for name, path in visitors.PAGES.items()
            }
            return {"pages": found, "back": _back(browser, place, cookies)}
        finally:
            browser.close()


def _visit(browser: Browser, place: Place, cookies: Any, path: str) -> dict[str, Any]:
    context = browser.new_context(base_url=place.origin)
    context.add_cookies(cookies)
    page = context.new_page()
    found = {when: _weight(page, path) for when in ("first", "repeat")}
    context.close()
    return found


def _weight(page: Page, path: str) -> dict[str, int]:
    """As the browser's own tools count it, headers included; what its cache had weighs nothing."""
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on(
        "Network.responseReceived",
        lambda event: addresses.update({event["requestId"]: event["response"]["url"]}),
    )
    protocol.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(path, wait_until="networkidle")
    protocol.detach()
    fetched = [key for key in sizes if not addresses[key].startswith("data:")]
    return {"requests": len(fetched), "bytes": sum(sizes[key] for key in fetched)}


def _back(browser: Browser, place: Place, cookies: Any) -> dict[str, Any]:
    """Milliseconds until the page before is there again, and whether it had been kept alive."""
    context = browser.new_context(base_url=place.origin)
    context.add_cookies(cookies)
    page = context.new_page()
    times, kept = [], []
    for _time in range(BACKS):
        page.goto("/profile/", wait_until="networkidle")
        page.goto("/security/", wait_until="networkidle")
        page.evaluate("() => { sessionStorage.left = Date.now(); }")
        page.go_back(wait_until="load")
        times.append(page.evaluate("() => Date.now() - Number(sessionStorage.left)"))
        kept.append(
            page.evaluate("() => performance.getEntriesByType('navigation')[0].type")
            != "back_forward"
        )
    context.close()
    return {"milliseconds": statistics.median(times), "was_kept_alive": all(kept)}
