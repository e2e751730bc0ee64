"""Logto slow, wrong or down: said in words, and nothing that was typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    edit,
    form,
    has_no_barriers,
    row,
    said,
    save,
    with_and_without_javascript,
)

OUTAGES: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "503 to reads too": {"status": 503, "path": "/api/"},
    "connection dropped": {"drop": True},
    "connection dropped on reads too": {"drop": True, "path": "/api/"},
    "busy": {"status": 429},
}


@pytest.mark.parametrize(
    ("way", "outage"),
    [
        *(("desktop", outage) for outage in OUTAGES.values()),
        ("phone, no JavaScript", OUTAGES["connection dropped"]),
        ("phone, no JavaScript", OUTAGES["busy"]),
    ],
)
def test_a_change_that_does_not_arrive_keeps_what_was_typed_and_works_later(
    alice: Page, tenant: Any, outage: dict[str, Any]
) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    tenant.faults.add(**{"path": "/api/users/.*/profile", "method": None, **outage})

    save(form(alice, "nickname"))

    expect(form(alice, "nickname").locator("[role=alert]")).to_contain_text(" moment")
    expect(form(alice, "nickname").locator("[name=value]")).to_have_value("Skipper")
    has_no_barriers(alice)
    tenant.faults.reset()
    save(form(alice, "nickname"))
    expect(row(alice, "nickname")).to_contain_text("Skipper")
    assert tenant.user("alice")["profile"]["nickname"] == "Skipper"


@with_and_without_javascript
def test_a_slow_answer_is_waited_for(alice: Page, tenant: Any) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    tenant.faults.add(path="/api/users/.*/profile", delay_ms=2000)

    save(form(alice, "nickname"))

    expect(row(alice, "nickname")).to_contain_text("Skipper")


def test_the_button_rests_while_an_answer_is_awaited(alice: Page, tenant: Any) -> None:
    edit(alice, "nickname").locator("[name=value]").fill("Skipper")
    tenant.faults.add(path="/api/users/.*/profile", delay_ms=500)

    save(form(alice, "nickname"))

    expect(form(alice, "nickname").locator("button")).to_be_disabled()
    expect(row(alice, "nickname")).to_contain_text("Skipper")


@with_and_without_javascript
@pytest.mark.parametrize("path", ["/", "/profile/nickname/"])
def test_a_page_that_can_show_nothing_says_so_and_offers_another_try(
    alice: Page, tenant: Any, path: str
) -> None:
    tenant.faults.everywhere(down=True)

    answer = alice.goto(path)

    assert answer is not None
    assert answer.status == 503
    expect(alice.locator("h1")).to_have_text("Your account can’t be reached")
    tenant.faults.reset()
    alice.get_by_role("link", name="Try again").click()
    expect(alice.locator("h1")).not_to_have_text("Your account can’t be reached")


def test_opening_a_row_during_an_outage_leaves_the_page_as_it_is(alice: Page, tenant: Any) -> None:
    alice.goto("/profile/")
    tenant.faults.everywhere(down=True)

    row(alice, "nickname").locator(".row__action").click()

    expect(said(alice)).to_contain_text("does not answer")
    expect(row(alice, "nickname")).to_be_visible()


@with_and_without_javascript
def test_a_tenant_that_is_down_at_sign_in_says_so(stranger: Page, tenant: Any) -> None:
    tenant.faults.add(path="/oidc/token", drop=True)
    stranger.goto("/")
    stranger.locator("#identifier").fill("alice")
    stranger.locator("#password").fill(tenant.password_of("alice"))
    stranger.locator("#password").press("Enter")

    expect(stranger.locator("h1")).to_have_text("Your account can’t be reached")
    has_no_barriers(stranger)
    tenant.faults.reset()
    stranger.get_by_role("link", name="Try again").click()
    expect(stranger.locator("h1")).to_have_text("Overview")
