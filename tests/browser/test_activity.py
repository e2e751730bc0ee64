"""Looking through what happened, and shutting out who else did it."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    edit,
    form,
    has_no_barriers,
    in_two_ways,
    is_plain,
    row,
    said,
    save,
    shoot,
    sign_in,
)
from tests.browser.test_grants import let_in

Words = Callable[[str], str]

FORGET = """
from datetime import UTC, datetime
from accountsite.audit import pruning
from accountsite.limits.models import Counter
from accountsite.recognition.models import KnownDevice
pruning.forget(before=datetime.max.replace(tzinfo=UTC))
KnownDevice.objects.all().delete()
Counter.objects.all().delete()
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
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0"
EVENT = re.compile(r"http\S+/activity/\d+/")
LOOPBACK = {"127.0.0.1", "::1"}
NO_SUCH_KIND = "?kind=organizations"


@pytest.fixture(autouse=True)
def nothing_happened_yet(site: Any, tenant: Any) -> None:
    """What earlier tests did is forgotten."""
    site.manage("shell", "--verbosity=0", "-c", FORGET)


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


def mails_to(tenant: Any, address: str) -> list[str]:
    """The newest first, each with its subject on top."""
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params={"address": address})
    return [f"{mail['subject']}\n{mail['text']}" for mail in answer.json()["messages"]]


@in_two_ways
def test_what_happened_is_listed_filtered_downloaded_and_told_in_detail(
    alice: Page, words: Words, way: str, tmp_path: Path
) -> None:
    change_name(alice, "Alice P. Liddell")
    open_activity(alice)
    expect(alice.locator("main h2").first).to_have_text(words("Today"))
    expect(entries(alice).first).to_contain_text(words("Your profile was changed."))
    expect(entries(alice).nth(1)).to_contain_text(words("your password"))
    shoot(alice, f"activity-{way}")
    has_no_barriers(alice)

    alice.locator("[name=kind]").select_option("sign-ins")
    alice.locator(".filter button").click()
    expect(alice).to_have_url(re.compile(r"kind=sign-ins"))
    expect(entries(alice).first).to_contain_text(words("your password"))
    expect(alice.locator(".filter a")).to_be_visible()
    with alice.expect_download() as download:
        alice.locator("a[download]").click()
    download.value.save_as(tmp_path / "activity.csv")
    with (tmp_path / "activity.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.reader(table))
    assert len(rows) > entries(alice).count() > 1
    assert words("your password") in rows[1][1]
    assert rows[1][-1] in LOOPBACK
    alice.go_back()
    expect(entries(alice).first).to_contain_text(words("Your profile was changed."))

    alice.goto(f"/activity/{NO_SUCH_KIND}")
    expect(alice.locator(".empty")).to_contain_text(words("Nothing like this has happened"))
    shoot(alice, f"activity-nothing-{way}")
    has_no_barriers(alice)
    alice.locator("[name=since]").fill("2026-11-20")
    alice.locator("[name=until]").fill("2026-11-01")
    alice.locator(".filter button").click()
    expect(alice.locator("[name=until]")).to_have_attribute("aria-invalid", "true")
    expect(alice.locator("[name=since]")).to_have_value("2026-11-20")
    shoot(alice, f"activity-refused-{way}")
    has_no_barriers(alice)

    alice.locator(".filter a").click()
    entries(alice).first.locator(".entry__title").click()
    expect(alice.locator("#device")).to_contain_text("Chrome")
    has_no_barriers(alice)
    alice.go_back()
    entries(alice).nth(1).locator(".entry__title").click()
    expect(alice.locator("#ways")).to_contain_text(words("your password"))
    assert alice.locator("#address bdi").inner_text() in LOOPBACK
    shoot(alice, f"activity-logged-{way}")
    has_no_barriers(alice)


@in_two_ways
def test_a_stranger_s_sign_in_is_told_by_mail_and_they_are_shut_out(
    alice: Page, visit: Callable[..., Page], tenant: Any, words: Words, way: str
) -> None:
    stranger = visit(user_agent=FIREFOX)
    sign_in(stranger, tenant)
    prints = let_in(tenant, "Photo <b>Prints</b>", isThirdParty=True)
    person = f"/users/{tenant.user('alice')['id']}"
    tenant.management("POST", f"{person}/personal-access-tokens", json={"name": "\u202estolen"})
    assert prints() == 200
    # What let the app in is no browser of hers either: the tenant may have told of it by now.
    [mail] = [mail for mail in mails_to(tenant, "alice@example.com") if "Firefox" in mail]
    assert mail.startswith(words("You signed in from a new device.").rstrip("."))
    found = EVENT.search(mail)
    assert found

    alice.goto(found[0])
    expect(alice.locator("#device")).to_contain_text("Firefox")
    alice.locator(".button--danger").click()
    expect(alice.locator("#not-me")).to_contain_text("stolen")
    expect(alice.locator("#not-me")).to_contain_text("Photo <b>Prints</b>")
    shoot(alice, f"activity-not-me-{way}")
    has_no_barriers(alice)
    tenant.faults.add(path=r"/api/users/\w+/personal-access-tokens/delete", status=503)
    alice.locator("#not-me button").click()
    confirm_by_password(alice, tenant)

    expect(alice.locator("#not-me [role=alert]")).to_be_visible()
    expect(alice.locator("#not-me .notice")).to_have_count(2)
    shoot(alice, f"activity-not-all-{way}")
    has_no_barriers(alice)
    tenant.faults.reset()
    alice.locator("#not-me button").click()
    alice.wait_for_url("**/security/password/")
    expect(said(alice)).to_have_count(2)
    subjects = [text.partition("\n")[0] for text in mails_to(tenant, "alice@example.com")]
    for sentence in (
        "Your personal access tokens were removed.",
        "The access of apps to your account was revoked.",
        "Your other devices were signed out.",
    ):
        assert words(sentence).rstrip(".") in subjects
    assert prints() == 400
    assert tenant.management("GET", f"{person}/personal-access-tokens").json() == []
    stranger.goto("/profile/")
    expect(stranger).to_have_url(re.compile("/signed-out/"))
    open_activity(alice)
    expect(entries(alice).first).to_contain_text(words("Your personal access tokens were removed."))


def test_another_person_can_t_open_it(alice: Page, visit: Callable[..., Page], tenant: Any) -> None:
    change_name(alice, "Alice P. Liddell")
    open_activity(alice)
    path, of_logto = (
        str(entries(alice).nth(number).locator(".entry__title").get_attribute("href"))
        for number in (0, 1)
    )
    assert "/sign-in-service/" in of_logto
    other = visit()
    sign_in(other, tenant, "dave")

    answers = [other.goto(found) for found in (path, of_logto, f"{of_logto}not-me/")]

    assert [answer and answer.status for answer in answers] == [404, 404, 404]


@in_two_ways
def test_five_hundred_hostile_ones_are_read_page_by_page(
    alice: Page, site: Any, tenant: Any, words: Words, way: str
) -> None:
    much = MUCH.format(id=tenant.user("alice")["id"])
    site.manage("shell", "--verbosity=0", "-c", much)

    open_activity(alice)
    expect(entries(alice)).to_have_count(30)
    shoot(alice, f"activity-much-{way}")
    has_no_barriers(alice)
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"activity-dark-{way}")
    has_no_barriers(alice)
    first = entries(alice).first.locator(".entry__title").get_attribute("href")
    alice.locator(".pager [rel=next]").click()
    expect(alice.locator(".pager a")).to_have_count(2)
    has_no_barriers(alice)
    expect(entries(alice)).to_have_count(30)
    assert entries(alice).first.locator(".entry__title").get_attribute("href") != first
    alice.locator(".entry--refused .entry__title").first.click()
    expect(alice.locator("#change-1")).to_be_visible()
    expect(alice.locator("main img")).to_have_count(0)
    shoot(alice, f"activity-event-{way}")
    has_no_barriers(alice)

    tenant.faults.add(path="/api/logs", status=503)
    open_activity(alice)
    notice = words(
        "The sign-in service does not answer, so your sign-ins and what apps did are missing here."
        " Try again in a moment."
    )
    expect(alice.locator(".notice")).to_contain_text(notice)
    expect(entries(alice)).to_have_count(30)
    shoot(alice, f"activity-partial-{way}")
    has_no_barriers(alice)
    alice.locator("a[href='/activity/not-me/']").click()
    expect(alice.locator("h1")).to_have_text(words("Shut everybody else out"))
    has_no_barriers(alice)
    assert is_plain(alice) is ("JavaScript" in way)
