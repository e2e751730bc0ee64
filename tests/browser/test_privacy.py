"""My data: taken along and compared with what the tenant holds, and changed beside an app."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    form,
    has_no_barriers,
    in_four_ways,
    in_two_ways,
    is_plain,
    refused,
    row,
    said,
    shoot,
)

HOSTILE = "</pre><script>alert(1)</script>\u202e😀" + "x" * 90


@pytest.fixture(autouse=True)
def nothing_asked_for(site: Any) -> None:
    """No copy is there yet, and nobody has tried anything: the site remembers other tests."""
    site.forget_attempts()
    site.empty("exports_archive", "exports_export")


def open_section(page: Page) -> None:
    page.locator(".navigation a[href='/privacy/']").click()
    expect(page.locator(".navigation a[href='/privacy/'][aria-current]")).to_be_visible()


def confirm_by_password(page: Page, tenant: Any) -> None:
    question = page.locator("#confirmation")
    question.locator("[name=password]").fill(tenant.password_of("alice"))
    question.get_by_role("button").first.click()


def mails(tenant: Any) -> list[str]:
    where = {"address": "alice@example.com"}
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params=where)
    return [mail["subject"] for mail in answer.json()["messages"]]


def opened(path: Path) -> tuple[Any, BeautifulSoup]:
    """The two documents of a file."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        data = json.loads(archive.read("my-data.json"))
        return data, BeautifulSoup(archive.read("my-data.html"), "html.parser")


@in_four_ways
def test_a_copy_of_all_data_is_asked_for_and_taken_along(
    alice: Page, tenant: Any, words: Callable[[str], str], way: str, language: str, tmp_path: Path
) -> None:
    open_section(alice)
    expect(alice.locator("h1")).to_have_text(words("My data"))
    shoot(alice, f"privacy-{way}")
    has_no_barriers(alice)
    row(alice, "export").locator(".row__action").click()
    confirm_by_password(alice, tenant)
    expect(alice.get_by_role("button", name=words("Get a copy"))).to_be_visible()
    shoot(alice, f"export-{way}")
    has_no_barriers(alice)

    alice.get_by_role("button", name=words("Get a copy")).click()
    download = alice.get_by_role("link", name=words("Download"))
    expect(download).to_be_visible()
    shoot(alice, f"export-ready-{way}")
    has_no_barriers(alice)
    with alice.expect_download() as begun:
        download.click()

    assert begun.value.suggested_filename.endswith(".zip")
    begun.value.save_as(tmp_path / "copy.zip")
    data, page = opened(tmp_path / "copy.zip")
    user = tenant.user("alice")
    assert data["data"]["account"]["primary_email"] == user["primaryEmail"]
    assert data["data"]["profile"] == user["profile"]
    assert data["data"]["custom_data"] == user["customData"]
    assert page.html is not None
    assert page.html["lang"] == language
    assert "Liddell & Daughters" in page.text
    read_in_the_browser(alice, tmp_path / "copy.zip", way)
    alice.goto("/privacy/")
    expect(alice.locator("#row-export")).to_contain_text(words("Ready"))
    assert len(mails(tenant)) == 2


def read_in_the_browser(alice: Page, path: Path, way: str) -> None:
    """What is in the file, as who opens it sees it: with nothing but the file."""
    with zipfile.ZipFile(path) as archive:
        archive.extract("my-data.html", path.parent)
    screen = {"viewport": {"width": 390, "height": 844}} if "phone" in way else {}
    context = alice.context.browser.new_context(**screen)  # type: ignore[union-attr, arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{path.parent}/my-data.html")
    expect(page.locator("h1")).to_be_visible()
    has_no_barriers(page)
    shoot(page, f"export-document-{way}")
    assert len(asked) == 1
    context.close()


@in_two_ways
def test_custom_data_is_changed_beside_an_app(
    alice: Page, tenant: Any, words: Callable[[str], str], way: str
) -> None:
    path = f"/users/{tenant.user('alice')['id']}/custom-data"
    tenant.management("PATCH", path, json={"customData": {"note": HOSTILE}})
    open_section(alice)
    expect(alice.locator("pre.data")).to_contain_text("Liddell & Daughters")
    row(alice, "custom-data").locator(".row__action").click()
    field = form(alice, "custom-data").locator("[name=text]")
    expect(field).to_be_visible()
    shoot(alice, f"custom-data-{way}")
    has_no_barriers(alice)

    data = json.loads(field.input_value())
    field.fill('{"theme": "dark",\n}')
    form(alice, "custom-data").locator("button").click()
    expect(refused(form(alice, "custom-data"))).to_contain_text(re.compile("[12]"))
    expect(field).to_have_value('{"theme": "dark",\n}')
    shoot(alice, f"custom-data-refused-{way}")
    has_no_barriers(alice)

    tenant.management("PATCH", path, json={"customData": {"theme": "light", "lastSeen": "now"}})
    del data["logbook"]
    field.fill(json.dumps(data | {"theme": "dark"}, indent=2))
    form(alice, "custom-data").locator("button").click()
    problem = form(alice, "custom-data").locator("[role=alert]")
    expect(problem).to_contain_text('"light"')
    expect(problem).not_to_contain_text("lastSeen")
    shoot(alice, f"custom-data-conflict-{way}")
    has_no_barriers(alice)
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"custom-data-dark-{way}")
    has_no_barriers(alice)

    form(alice, "custom-data").get_by_role("button", name=words("Save mine anyway")).click()
    expect(said(alice).last).to_contain_text(words("Custom data saved."))
    kept = tenant.user("alice")["customData"]
    assert kept["theme"] == "dark"
    assert kept["lastSeen"] == "now"
    assert kept["note"] == HOSTILE
    assert "logbook" not in kept
    assert len(mails(tenant)) == 1


@in_two_ways
def test_a_copy_that_takes_its_time_shows_how_far_it_is(
    alice: Page, site: Any, tenant: Any, words: Callable[[str], str], way: str
) -> None:
    account_id = tenant.user("alice")["id"]
    site.manage("shell", "--verbosity=0", "-c", RUNNING.format(id=account_id))
    alice.goto("/privacy/export/")
    confirm_by_password(alice, tenant)
    expect(alice.locator("progress")).to_be_visible()
    expect(alice.locator("#export-steps")).to_contain_text("3")
    shoot(alice, f"export-running-{way}")
    has_no_barriers(alice)

    site.manage("shell", "--verbosity=0", "-c", DONE.format(id=account_id))

    if is_plain(alice):
        alice.get_by_role("link", name=words("Look again")).click()
    else:
        expect(said(alice)).to_contain_text(words("The copy of your data is ready."))
    expect(alice.get_by_role("link", name=words("Download"))).to_be_visible()
    expect(alice.locator("#row-export")).to_contain_text(words("Apps with access"))
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"export-missing-{way}")
    has_no_barriers(alice)
    alice.get_by_role("button", name=words("Remove it now")).click()
    expect(said(alice).last).to_contain_text(words("The copy of your data was removed."))
    expect(alice.get_by_role("button", name=words("Get a copy"))).to_be_visible()


RUNNING = """
from accountsite.exports.models import Export
export = Export.objects.create(account_id="{id}", language="en", time_zone="UTC")
assert export.claimed() and export.went_on(done=3, total=16)
"""
DONE = """
from accountsite.exports.models import Archive, Export
export = Export.objects.get(account_id="{id}")
assert export.finished(size=120_000, missing=["apps"])
Archive.objects.create(export=export, sealed=b"")
"""
