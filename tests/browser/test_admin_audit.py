"""An admin's look at how things are, what happened, and what the tenant told."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.steps import DESKTOP, has_no_barriers, in_two_ways, shoot, sign_in

Words = Callable[[str], str]

HISTORY = """
from datetime import UTC, datetime, timedelta
from django.utils import timezone
from accountsite.audit import pruning
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
pruning.forget(before=datetime.max.replace(tzinfo=UTC))
actions = list(Action)
AuditEvent.objects.bulk_create(
    AuditEvent(
        account_id="<b>\\u202e" + "W" * 40 if number == 3 else "{id}",
        actor_kind="admin" if number % 5 == 0 else "person",
        actor_id="dave",
        action=actions[number % len(actions)],
        outcome=Outcome.REFUSED if number % 7 == 0 else Outcome.DONE,
        reason="TooMany" if number % 7 == 0 else "",
        started_at=timezone.now() - timedelta(hours=3 * number),
        address="2001:db8:85a3:8d3:1319:8a2e:370:7348",
        user_agent="<b>" + "W" * 200,
        explanation="<img src=x onerror=alert(1)> " + "W" * 100 if number % 5 == 0 else "",
        changes={{"passkey": ["<img src=x onerror=alert(1)>", "W" * 64]}},
    )
    for number in range(1, 120)
)
"""


def soon(check: Callable[[], bool], *, seconds: float) -> None:
    """Wait until it is so, and fail where it is not in time."""
    give_up = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@in_two_ways
def test_an_admin_sees_how_things_are_and_who_did_what(
    stranger: Page, tenant: Any, site: Any, words: Words, tmp_path: Path
) -> None:
    page, alice_id = stranger, tenant.user("alice")["id"]
    site.manage("shell", "--command", HISTORY.format(id=alice_id))

    sign_in(page, tenant, "dave")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name=words("Connection to Logto"))).to_be_visible()
    expect(page.get_by_text(words("works"), exact=True)).to_be_visible()
    shoot(page, "admin-overview")
    page.locator("summary").first.click()
    has_no_barriers(page)

    page.goto("/admin/audit/auditevent/")
    expect(page.locator("#result_list tbody tr")).to_have_count(50)
    shoot(page, "admin-audit")
    page.get_by_role("link", name=words("Older")).click()
    expect(page.get_by_role("link", name=words("Newer"))).to_be_visible()
    page.goto("/admin/audit/auditevent/?outcome__exact=refused")
    outcomes = page.locator("#result_list tbody .field-outcome")
    expect(outcomes.first).to_be_visible()
    assert set(outcomes.all_inner_texts()) == {words("refused")}
    has_no_barriers(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=words("Export as CSV")).click()
    download.value.save_as(tmp_path / "audit.csv")
    assert "TooMany" in (tmp_path / "audit.csv").read_text(encoding="utf-8-sig")

    page.goto(f"/admin/audit/auditevent/?actor_kind__exact=admin&account_id={alice_id}")
    page.locator("#result_list tbody tr a").first.click()
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    shoot(page, "admin-event")
    page.get_by_role("link", name=words("Everything about this person")).click()
    expect(page.get_by_role("heading", name=words("Everything about a person"))).to_be_visible()
    shoot(page, "admin-person")
    has_no_barriers(page)


def test_who_is_suspended_is_out_within_two_seconds(
    visit: Callable[..., Page], tenant: Any
) -> None:
    alice, admin = visit(**DESKTOP), visit(**DESKTOP)
    sign_in(alice, tenant)
    sign_in(admin, tenant, "dave")
    admin.goto("/admin/webhooks/delivery/?event=PostSignIn")
    expect(admin.locator("#result_list tbody tr").first).to_be_visible()

    path = f"/users/{tenant.user('alice')['id']}/is-suspended"
    assert tenant.management("PATCH", path, json={"isSuspended": True}).ok

    soon(lambda: "/signed-out/" in str(alice.goto("/sign-out/").url), seconds=2)  # type: ignore[union-attr]
    admin.goto("/admin/webhooks/delivery/?event=User.SuspensionStatus.Updated")
    expect(admin.locator(".field-effect").first).to_contain_text("Signed out here")
    shoot(admin, "admin-deliveries")
    admin.locator("#result_list tbody tr a").first.click()
    expect(admin.locator(".accountsite-body")).to_contain_text('"isSuspended": true')
    has_no_barriers(admin)
    shoot(admin, "admin-delivery")
    admin.get_by_role("button", name="Process again").click()
    expect(admin.get_by_text("1 delivery is processed.")).to_be_visible()


def test_a_helper_ends_a_session_here(visit: Callable[..., Page], tenant: Any) -> None:
    alice, admin = visit(**DESKTOP), visit(**DESKTOP)
    sign_in(alice, tenant)
    alice_id = tenant.user("alice")["id"]
    sign_in(admin, tenant, "dave")
    admin.goto(f"/admin/signin/session/?q={alice_id}&state=live")

    admin.locator("#result_list tbody tr a").first.click()
    admin.get_by_role("link", name="End this session").click()
    admin.get_by_label("Reason").fill("The phone is lost.")
    has_no_barriers(admin)
    shoot(admin, "admin-end-session")
    admin.get_by_role("button", name="End the session").click()

    expect(admin.get_by_text("The session is ended.")).to_be_visible()
    alice.goto("/profile/")
    expect(alice).to_have_url(re.compile("/signed-out/"))
