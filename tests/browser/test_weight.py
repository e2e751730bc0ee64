"""What a visit to the profile costs, on the wire, as the browser's own tools count it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.photographs import a_photograph
from tests.browser.steps import edit, form, row, save, sign_in

MOST_REQUESTS = 8
MOST_BYTES_AT_FIRST = 45_000
MOST_BYTES_LATER = 8_000


@dataclass
class Weight:
    """The requests of one visit, and the bytes that came back for each, headers included."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def table(self, title: str) -> str:
        """The heaviest first."""
        rows = sorted(self.sizes.items(), key=lambda item: -item[1])
        lines = [f"{size:7,} {self.addresses[key]}" for key, size in rows]
        return "\n".join([f"{title}: {self.total:,} bytes, {len(lines)} requests", *lines])


@pytest.fixture
def weigh(visit: Callable[..., Page], tenant: Any) -> Callable[[Page, str], Weight]:
    """Opens a page, and weighs what it took. What a cache of the browser had weighs nothing."""

    def weigh(page: Page, path: str) -> Weight:
        weight = Weight()
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on(
            "Network.responseReceived",
            lambda event: weight.addresses.update({event["requestId"]: event["response"]["url"]}),
        )
        protocol.on(
            "Network.loadingFinished",
            lambda event: weight.sizes.update({event["requestId"]: event["encodedDataLength"]}),
        )
        page.goto(path, wait_until="networkidle")
        protocol.detach()
        for key in [key for key, url in weight.addresses.items() if url.startswith("data:")]:
            weight.sizes.pop(key, None)
        return weight

    return weigh


@pytest.mark.parametrize("shown", ["initials", "picture"])
def test_a_visit_to_the_profile(
    visit: Callable[..., Page],
    tenant: Any,
    weigh: Callable[[Page, str], Weight],
    capsys: pytest.CaptureFixture[str],
    shown: str,
) -> None:
    signed_in = visit()
    sign_in(signed_in, tenant)
    if shown == "picture":
        file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
        edit(signed_in, "avatar").locator("input[type=file]").set_input_files(file)
        save(form(signed_in, "avatar"))
        expect(row(signed_in, "avatar").locator("img")).to_be_visible()
    page = visit(storage_state=signed_in.context.storage_state())

    first = weigh(page, "/profile/")
    repeat = weigh(page, "/profile/")

    with capsys.disabled():
        print(f"\n{first.table('First visit')}\n{repeat.table('Repeat visit')}")  # noqa: T201
    assert len(first.sizes) <= MOST_REQUESTS
    assert first.total <= MOST_BYTES_AT_FIRST
    assert repeat.total <= MOST_BYTES_LATER
