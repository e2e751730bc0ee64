"""The end of an account: asked for, undone, and carried out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    has_no_barriers,
    in_four_ways,
    in_two_ways,
    refused,
    said,
    shoot,
    sign_in,
)

Words = Callable[..., str]
CARRY_OUT = """
from django.utils import timezone
from accountsite.deletion import endings
from accountsite.deletion.models import Deletion
Deletion.objects.update(next_attempt_at=timezone.now())
endings.carry_out_due()
"""


@pytest.fixture(autouse=True)
def nothing_was_asked_for(site: Any) -> None:
    """No account awaits its end, and nobody has tried anything yet."""
    site.forget_attempts()
    site.empty("deletion_deletion")


def mails(tenant: Any) -> list[dict[str, str]]:
    """What came to alice, the newest first."""
    where = {"address": "alice@example.com"}
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params=where)
    return answer.json()["messages"]


def let_bob_run_the_club(tenant: Any) -> None:
    """Now there is another admin."""
    [club] = tenant.management("GET", f"/users/{tenant.user('alice')['id']}/organizations").json()
    admin = next(role["id"] for role in club["organizationRoles"] if role["name"] == "admin")
    path = f"/organizations/{club['id']}/users/{tenant.user('bob')['id']}/roles"
    answer = tenant.management("PUT", path, json={"organizationRoleIds": [admin]})
    assert answer.ok, answer.text


def write(page: Page, phrase: str) -> None:
    """Fill the phrase in, and press the button."""
    page.locator("[name=phrase]").fill(phrase)
    page.locator("#deletion button").click()


def delete(page: Page, tenant: Any, words: Words) -> None:
    """Ask for the end, and prove who asks."""
    page.goto("/privacy/deletion/")
    write(page, words("delete my account"))
    page.locator("#confirmation [name=password]").fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()
    expect(page.locator("h1")).to_have_text(words("Your account is about to be deleted"))


@in_four_ways
def test_a_deletion_is_asked_for_and_undone(
    alice: Page, visit: Callable[..., Page], tenant: Any, way: str, words: Words
) -> None:
    other = visit()
    sign_in(other, tenant)
    alice.locator(".navigation a[href='/privacy/']").click()
    alice.locator("#row-deletion .row__action").click()
    expect(alice.locator("#blockers")).to_have_text(words("You can’t delete it yet"))
    expect(alice.locator("[aria-labelledby=blockers]")).to_contain_text("Northern Sailing Club")
    expect(alice.locator("[name=phrase]")).to_have_count(0)
    has_no_barriers(alice)
    shoot(alice, f"deletion-blocked-{way}")

    let_bob_run_the_club(tenant)
    alice.reload()
    has_no_barriers(alice)
    shoot(alice, f"deletion-{way}")
    write(alice, "delete")
    expect(refused(alice.locator("#deletion"))).to_contain_text(words("delete my account"))
    shoot(alice, f"deletion-refused-{way}")
    delete(alice, tenant, words)
    has_no_barriers(alice)
    shoot(alice, f"deletion-scheduled-{way}")

    other.goto("/profile/")
    expect(other).to_have_url(re.compile("/signed-out/"))
    alice.goto("/profile/")
    expect(alice.locator(".banner")).to_contain_text(words("Keep my account"))
    has_no_barriers(alice)
    shoot(alice, f"deletion-banner-{way}")

    newest = mails(tenant)[0]
    keep = re.search(r"http\S+/privacy/deletion/keep/", newest["text"])
    assert keep is not None
    alice.goto(keep[0])
    has_no_barriers(alice)
    shoot(alice, f"deletion-keep-{way}")
    alice.locator(".statement__action button").click()
    expect(said(alice)).to_have_text(words("Your account is kept."))
    expect(alice.locator(".banner")).to_have_count(0)
    assert len(mails(tenant)) > 1


@in_two_ways
def test_a_deletion_is_carried_out(
    alice: Page, site: Any, tenant: Any, way: str, words: Words
) -> None:
    let_bob_run_the_club(tenant)
    delete(alice, tenant, words)

    site.manage("shell", "--no-imports", "--command", CARRY_OUT)

    where = {"search.username": "alice", "mode.username": "exact"}
    assert tenant.management("GET", "/users", params=where).json() == []
    assert mails(tenant)[0]["subject"] == words("Your account was deleted.").rstrip(".")
    alice.goto("/profile/")
    expect(alice.locator("main")).to_contain_text(words("This account does not exist any more."))
