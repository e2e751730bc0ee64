"""Looking through what happened, and shutting out who else did it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    edit,
    enter_password,
    every_way,
    form,
    has_no_barriers,
    in_both_languages,
    is_plain,
    row,
    said,
    save,
    shoot,
    sign_in,
    with_and_without_javascript,
)

FORGET = """
from datetime import UTC, datetime
from accountsite.audit import pruning
pruning.forget(before=datetime.max.replace(tzinfo=UTC))
"""
MUCH = """
from datetime import timedelta
from django.utils import timezone
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
outcomes, actions = list(Outcome), list(Action)
AuditEvent.objects.bulk_create(
    AuditEvent(
        account_id="{id}",
        actor_kind="person",
        action=actions[number % len(actions)],
        outcome=outcomes[number % len(outcomes)],
        started_at=timezone.now() - timedelta(hours=number),
        address="2001:db8:85a3:8d3:1319:8a2e:370:7348",
        user_agent="<b>" + "W" * 200 + "\\u202e",
        changes={{"passkey": ["<img src=x onerror=alert(1)>", "W" * 64]}},
    )
    for number in reversed(range(500))
)
"""
NOT_ME = re.compile(r"http\S+/activity/\d+/")


@pytest.fixture(autouse=True)
def nothing_happened_yet(site: Any) -> None:
    """What earlier tests did is forgotten."""
    site.manage("shell", "--verbosity=0", "-c", FORGET)


@pytest.fixture
def phone(visit: Callable[..., Page], tenant: Any) -> Page:
    """Another browser in which alice is signed in."""
    page = visit()
    sign_in(page, tenant)
    return page


def entries(page: Page) -> Locator:
    return page.locator(".entry")


def change_name(page: Page, name: str) -> None:
    edit(page, "name").locator("[name=value]").fill(name)
    save(form(page, "name"))
    expect(row(page, "name")).to_contain_text(name)


def open_activity(page: Page) -> None:
    page.locator(".navigation a[href='/activity/']").click()
    expect(page.locator(".navigation a[href='/activity/'][aria-current]")).to_be_visible()


def confirm_by_password(page: Page, tenant: Any) -> None:
    question = page.locator("#confirmation")
    question.locator("[name=password]").fill(tenant.password_of("alice"))
    question.get_by_role("button").first.click()


def newest_mail_to(tenant: Any, address: str) -> str:
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params={"address": address})
    newest = answer.json()["messages"][0]
    return f"{newest['subject']}\n{newest['text']}"


@every_way
def test_what_one_did_is_listed_with_its_details(alice: Page) -> None:
    open_activity(alice)
    expect(alice.locator(".empty")).to_contain_text("Nothing has happened yet")
    has_no_barriers(alice)
    change_name(alice, "Alice P. Liddell")

    open_activity(alice)

    expect(alice.locator("main h2")).to_have_text(["Today"])
    expect(entries(alice)).to_have_count(1)
    expect(entries(alice)).to_contain_text("Your profile was changed.")
    expect(entries(alice)).to_contain_text("You")
    shoot(alice, f"activity-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
    entries(alice).locator("a").click()
    expect(alice.locator("h1")).to_have_text("Your profile was changed")
    expect(row(alice, "device")).to_have_count(0)
    expect(alice.locator("#device")).to_contain_text("Chrome on Linux")
    has_no_barriers(alice)


@with_and_without_javascript
def test_who_else_was_signed_in_is_out(alice: Page, phone: Page, tenant: Any) -> None:
    change_name(phone, "Mallory")
    open_activity(alice)
    entries(alice).first.locator("a").click()
    alice.get_by_role("link", name="This wasn’t me").click()
    expect(alice.locator("#not-me")).to_contain_text("1 other device is signed in now.")
    has_no_barriers(alice)

    alice.locator("#not-me button").click()
    confirm_by_password(alice, tenant)

    alice.wait_for_url("**/security/password/")
    expect(said(alice)).to_contain_text("You are signed out everywhere else.")
    mail = newest_mail_to(tenant, "alice@example.com")
    assert mail.startswith("Your other devices were signed out\n")
    phone.goto("/profile/")
    expect(phone.locator("h1")).to_have_text("You are signed out")
    phone.get_by_role("link", name="Sign in").click()
    expect(phone.locator("#password")).to_be_visible()
    open_activity(alice)
    expect(entries(alice)).to_have_count(3)
    expect(entries(alice).first).to_contain_text("Your other devices were signed out.")


@with_and_without_javascript
def test_the_link_in_a_mail_leads_to_it_after_signing_in(
    alice: Page, visit: Callable[..., Page], tenant: Any
) -> None:
    change_name(alice, "Alice P. Liddell")
    open_activity(alice)
    entries(alice).first.locator("a").click()
    alice.get_by_role("link", name="This wasn’t me").click()
    alice.locator("#not-me button").click()
    confirm_by_password(alice, tenant)
    alice.wait_for_url("**/security/password/")
    found = NOT_ME.search(newest_mail_to(tenant, "alice@example.com"))
    assert found
    browser = visit()

    browser.goto(found[0])
    enter_password(browser, tenant, "alice")

    expect(browser.locator("h1")).to_have_text("Your other devices were signed out")
    assert browser.url == found[0]


@with_and_without_javascript
def test_another_person_can_t_open_it(alice: Page, visit: Callable[..., Page], tenant: Any) -> None:
    change_name(alice, "Alice P. Liddell")
    open_activity(alice)
    path = entries(alice).first.locator("a").get_attribute("href")
    other = visit()
    sign_in(other, tenant, "dave")

    answer = other.goto(str(path))

    assert answer
    assert answer.status == 404


@with_and_without_javascript
@in_both_languages
def test_five_hundred_hostile_ones_are_read_page_by_page(
    alice: Page, site: Any, tenant: Any
) -> None:
    much = MUCH.format(id=tenant.user("alice")["id"])
    site.manage("shell", "--verbosity=0", "-c", much)

    open_activity(alice)
    shoot(alice, f"activity-much-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"activity-dark-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
    expect(entries(alice)).to_have_count(30)
    first = entries(alice).first.locator("a").get_attribute("href")
    alice.locator(".pager [rel=next]").click()
    expect(alice.locator(".pager a")).to_have_count(2)
    has_no_barriers(alice)
    expect(entries(alice)).to_have_count(30)
    assert entries(alice).first.locator("a").get_attribute("href") != first
    entries(alice).nth(3).locator("a").click()
    expect(alice.locator("#change-1")).to_be_visible()
    expect(alice.locator("main img")).to_have_count(0)
    shoot(alice, f"activity-event-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
    alice.locator(".button--danger").click()
    expect(alice.locator("#not-me")).to_be_visible()
    shoot(alice, f"activity-not-me-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
