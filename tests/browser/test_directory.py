"""People in the admin, as those who manage, help and look: found, read, changed, by one and by many."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accountsite.demo import people
from tests.browser import steps
from tests.browser.steps import has_no_barriers, in_two_ways, shoot
from tests.directory.test_bulk import BAD
from tests.directory.test_bulk import people as rows_of

LIST = "/admin/directory/user/"
ROLES = {
    "viewer": "accountsite-viewer",
    "helper": "accountsite-helper",
    "admin": "accountsite-admin",
}


@pytest.fixture
def enter(stranger: Page, tenant: Any) -> Callable[[str], Page]:
    """Signs alice in as a holder of a role, and opens the list of people."""

    def enter(role: str) -> Page:
        roles = {one["name"]: one["id"] for one in tenant.management("GET", "/roles").json()}
        held = {"roleIds": [roles[ROLES[role]]]}
        tenant.management("PUT", f"/users/{people.id_of('alice')}/roles", json=held)
        steps.sign_in(stranger, tenant)
        stranger.goto(LIST)
        return stranger

    return enter


def open_person(page: Page, search: str) -> None:
    """Look somebody up, and go to their page."""
    page.locator("#searchbar").fill(search)
    page.locator("#searchbar").press("Enter")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".directory-part").first).to_be_visible()


def deed(page: Page, slug: str) -> Locator:
    """The link to an action, on a person's page."""
    return page.locator(f"a[href*='/{slug}/']").first


def do(page: Page, slug: str, reason: str = "Asked on the phone", **fields: str) -> None:
    """Open an action, fill it in and send it."""
    deed(page, slug).click()
    page.locator("#id_reason").fill(reason)
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator(".submit-row [type=submit]").click()


def said(page: Page) -> Locator:
    """What the admin told last."""
    return page.locator(".messagelist li")


def mails_to(tenant: Any, address: str) -> list[str]:
    """The texts of the mails that somebody got."""
    found = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params={"address": address})
    return [message["text"] for message in found.json()["messages"]]


@in_two_ways
def test_who_manages_people_finds_one_and_looks_after_them(
    enter: Any, tenant: Any, way: str, words: Any
) -> None:
    page = enter("admin")
    has_no_barriers(page)
    shoot(page, f"list {way}")
    page.goto(f"{LIST}?q=example.org&p=2")
    expect(page.locator("#result_list tbody tr")).to_have_count(50)
    open_person(page, "bob@example.com")
    expect(page.locator("h1")).to_have_text("Bob Duckworth")
    has_no_barriers(page)
    shoot(page, f"person {way}")

    deed(page, "suspend").click()
    has_no_barriers(page)
    shoot(page, f"suspend {way}")
    page.locator(".submit-row [type=submit]").click()
    expect(page.locator(".errornote")).to_be_visible()
    shoot(page, f"suspend refused {way}")
    page.locator("#id_reason").fill("Spam")
    page.locator(".submit-row [type=submit]").click()
    expect(said(page)).to_contain_text("Bob Duckworth")
    expect(page.locator(".errornote")).to_be_visible()
    assert tenant.user("bob")["isSuspended"]
    do(page, "lift")
    expect(said(page)).to_be_visible()
    assert not tenant.user("bob")["isSuspended"]

    do(page, "edit", name="Robert Duckworth")
    expect(page.locator("h1")).to_have_text("Robert Duckworth")
    do(page, "phone", phone="+82 10-9876-5432")
    expect(page.locator("#part-contact")).to_contain_text("+82 10-9876-5432")
    do(page, "custom-data", document='{"berth": 12}')
    expect(page.locator("#part-custom-data")).to_contain_text('"berth": 12')
    do(page, "remove-factor")
    expect(page.locator("#part-factors table")).to_have_count(0)
    expect(page.locator("#part-events")).to_contain_text("Spam")
    shoot(page, f"person changed {way}")

    deed(page, "roles").click()
    has_no_barriers(page)
    shoot(page, f"roles {way}")
    page.go_back()
    do(page, "delete", typed="bob@example.com")
    expect(said(page)).to_be_visible()
    expect(page.locator("#result_list")).to_be_visible()


@in_two_ways
def test_who_helps_resets_a_password_signs_out_and_unlocks(
    enter: Any, tenant: Any, way: str
) -> None:
    page = enter("helper")
    open_person(page, "erin@example.com")
    expect(page.locator(".directory-acts a")).to_have_count(3)

    do(page, "unlock")
    expect(said(page)).to_be_visible()
    do(page, "sign-out")
    expect(said(page)).to_be_visible()
    do(page, "reset-password")

    expect(page.locator("#secret")).to_be_visible()
    secret = page.locator("#secret").input_value()
    has_no_barriers(page)
    shoot(page, f"secret {way}")
    verify = f"/users/{tenant.user('erin')['id']}/password/verify"
    assert tenant.management("POST", verify, json={"password": secret}).status_code == 204
    assert page.goto(f"{LIST}{people.id_of('bob')}/suspend/").status == 403
    assert page.goto(f"{LIST}{people.id_of('dave')}/reset-password/").status == 200
    page.locator("#id_reason").fill("Let me in")
    page.locator(".submit-row [type=submit]").click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("#secret")).to_have_count(0)


def test_who_looks_reads_everything_and_is_offered_nothing(enter: Any, tenant: Any) -> None:
    page = enter("viewer")
    open_person(page, "alice@example.com")

    expect(page.locator(".directory-acts")).to_have_count(0)
    expect(page.locator("#part-tokens")).to_contain_text("Backup script")
    expect(page.locator("#part-sessions tbody tr")).not_to_have_count(0)
    for path in ("add/", f"{people.id_of('bob')}/reset-password/"):
        assert page.goto(f"{LIST}{path}").status == 403
    assert page.goto("/admin/directory/job/").status == 403


@in_two_ways
def test_five_hundred_are_created_from_a_file_and_exported(
    enter: Any, tenant: Any, way: str, tmp_path: Path
) -> None:
    count = 490 if way == "desktop" else 20
    page = enter("admin")
    page.set_default_timeout(180_000)  # the demo works while the browser waits
    file = tmp_path / "people.csv"
    file.write_text(rows_of(count, *BAD), encoding="utf-8")
    page.locator(".object-tools a[href='/admin/directory/job/create/']").click()
    has_no_barriers(page)
    shoot(page, f"upload {way}")
    page.locator("#id_table").set_input_files(file)
    page.locator(".submit-row [type=submit]").click()

    expect(page.locator("[aria-labelledby=problems] tbody tr")).to_have_count(len(BAD))
    has_no_barriers(page)
    shoot(page, f"draft {way}")
    page.locator("#id_reason").fill("The new class")
    page.locator("#id_tells").uncheck()
    page.locator("#id_why_not").fill("They get a letter")
    page.locator(".submit-row [type=submit]").first.click(no_wait_after=True)

    outcome = page.locator("a[href$='/outcome/']")
    expect(outcome).to_be_visible(timeout=180_000)
    has_no_barriers(page)
    shoot(page, f"done {way}")
    with page.expect_download() as fetched:
        outcome.click()
    with Path(fetched.value.path()).open(encoding="utf-8-sig", newline="") as content:
        made = [row for row in csv.DictReader(content) if row["outcome"] == "done"]
    assert len(made) == count

    page.goto(f"{LIST}?q=bulk.example")
    page.locator("#result_list tbody [type=checkbox]").first.check()
    page.locator("[name=action]").first.select_option("export_selected")
    page.locator("[name=index]").first.click()
    page.locator("#id_reason").fill("Name tags")
    page.locator(".submit-row [type=submit]").first.click()
    with page.expect_download() as fetched:
        page.locator("a[href$='/outcome/']").click()
    assert "bulk.example" in Path(fetched.value.path()).read_text(encoding="utf-8-sig")


def test_somebody_is_invited_and_signs_in_by_the_link(enter: Any, tenant: Any, visit: Any) -> None:
    page = enter("admin")
    page.goto(f"{LIST}add/")
    has_no_barriers(page)
    shoot(page, "add")
    page.locator("#id_email").fill("new@example.com")
    page.locator("#id_name").fill("<b>New</b> Person")
    page.locator("[name=begins][value=invitation]").check()
    page.locator("#id_reason").fill("The new colleague")
    page.locator(".submit-row [type=submit]").click()
    expect(said(page)).to_contain_text("<b>New</b> Person")

    [letter] = mails_to(tenant, "new@example.com")
    theirs = visit()
    theirs.goto(re.search(r"http\S+/invitation/\S+", letter)[0])
    has_no_barriers(theirs)
    shoot(theirs, "invitation")
    theirs.locator("main button").click()
    expect(theirs.locator(".identity__name")).to_have_text("<b>New</b> Person")
