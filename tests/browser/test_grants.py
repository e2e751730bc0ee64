"""Apps with access: what is revoked here is refused by the tenant."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import has_no_barriers, in_four_ways, in_two_ways, said, shoot
from tests.demo.oidc.test_sign_in import sign_in as sign_in_to
from tests.demo.oidc.visitor import Application, Browser, new_application

Words = Callable[[str], str]


@pytest.fixture(autouse=True)
def attempts_begin_anew(site: Any) -> None:
    """Nobody has tried anything yet: the tests would otherwise use up each other's attempts."""
    site.forget_attempts()


def let_in(tenant: Any, name: str, **fields: Any) -> Callable[[], int]:
    """Have alice sign in to an app. Gives what tells how the tenant answers its refresh token."""
    app: Application = new_application(tenant, name=name, **fields)
    visitor = Browser(tenant)
    callback = sign_in_to(visitor, app, "alice", prompt="consent")
    if callback.status != 303:
        callback = visitor.submit("Let it in")
    token = app.redeem(callback)["refresh_token"]
    return lambda: app.ask(grant_type="refresh_token", refresh_token=token).status_code


def confirm(page: Page, tenant: Any) -> None:
    """Answer the question who one is, which comes before a change."""
    question = page.locator("#confirmation [name=password]")
    expect(question).to_be_visible()
    question.fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()


def entry(page: Page, name: str) -> Any:
    return page.locator(".entry").filter(has_text=name)


@in_four_ways
def test_an_app_that_is_revoked_is_refused_by_the_tenant(
    alice: Page, tenant: Any, words: Words, way: str
) -> None:
    prints = let_in(tenant, "Photo Prints", isThirdParty=True)
    berths = let_in(tenant, "Berths")
    assert (prints(), berths()) == (200, 200)

    alice.locator(".navigation a[href='/apps/']").click()
    expect(alice.locator("h1")).to_have_text(words("Apps with access"))
    expect(alice.locator(".entry")).to_have_count(3)
    has_no_barriers(alice)
    shoot(alice, f"apps-{way}")
    entry(alice, "Photo Prints").last.locator("a").click()
    expect(alice.locator("#scopes")).to_contain_text(words("See your email address"))
    has_no_barriers(alice)
    shoot(alice, f"app-{way}")
    alice.locator("#revoke button").click()
    confirm(alice, tenant)

    expect(said(alice)).to_contain_text("Photo Prints")
    expect(entry(alice, "Photo Prints")).to_have_count(0)
    assert (prints(), berths()) == (400, 200)

    entry(alice, words("This site")).locator("a").click()
    expect(alice.locator("h1 + p")).to_have_text(words("This is the site that you are using now."))
    expect(alice.locator("form#revoke")).to_have_count(0)
    has_no_barriers(alice)
    shoot(alice, f"app-this-site-{way}")
    alice.locator("#revoke a").click()
    expect(alice.locator("h1")).to_have_text(words("Devices"))


@in_two_ways
def test_all_third_party_apps_are_revoked_and_the_tenants_own_stay(
    alice: Page, tenant: Any, words: Words, way: str
) -> None:
    hostile = ["<img src=x onerror=alert(1)>", "\u202eevil", "x" * 128]
    theirs = [let_in(tenant, name, isThirdParty=True) for name in hostile]
    berths = let_in(tenant, "Berths")

    alice.goto("/apps/")
    expect(alice.locator(".entry")).to_have_count(5)
    has_no_barriers(alice)
    shoot(alice, f"apps-hostile-{way}")
    alice.locator("a[href='/apps/third-party/']").click()
    expect(alice.locator("#revoke")).to_contain_text("x" * 128)
    has_no_barriers(alice)
    shoot(alice, f"apps-third-party-{way}")
    alice.locator("#revoke button").click()
    confirm(alice, tenant)

    expect(said(alice)).to_contain_text(words("No third-party app has access any more."))
    assert [refresh() for refresh in theirs] == [400, 400, 400]
    assert berths() == 200
