"""Changing what one signs in with: refused, proved, done, told, and used at the next sign-in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    form,
    has_no_barriers,
    in_four_ways,
    in_two_ways,
    is_plain,
    refused,
    row,
    said,
    save,
    shoot,
)


@pytest.fixture(autouse=True)
def attempts_begin_anew(site: Any) -> None:
    """Nobody has tried anything yet: the tests would otherwise use up each other's attempts."""
    site.forget_attempts()


def open_row(page: Page, tenant: Any, name: str) -> None:
    """Open a row of the sign-in methods, and confirm by password that it's oneself."""
    page.locator(".navigation a[href='/sign-in-methods/']").click()
    row(page, name).locator(".row__action").click()
    page.locator("#confirmation [name=password]").fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()
    expect(form(page, name)).to_be_visible()


def waiting(page: Page, name: str) -> Locator:
    """A row while it waits for the code."""
    return page.locator(f"section#row-{name}")


def enter(page: Page, name: str, code: str) -> None:
    """Type the code and go on."""
    waiting(page, name).locator("[name=code]").fill(code)
    waiting(page, name).get_by_role("button").first.click()


def mails_to(tenant: Any, address: str) -> list[str]:
    """The subjects and texts of what came to an address, newest first."""
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params={"address": address})
    return [f"{mail['subject']}\n{mail['text']}" for mail in answer.json()["messages"]]


@in_four_ways
def test_a_new_email_address(
    alice: Page, tenant: Any, way: str, language: str, words: Callable[..., str]
) -> None:
    open_row(alice, tenant, "email")
    shoot(alice, f"email-{way}")
    has_no_barriers(alice)
    form(alice, "email").locator("[name=address]").fill("alice@example.com")
    save(form(alice, "email"))
    expect(refused(form(alice, "email"))).to_have_text(words("This is your address already."))
    form(alice, "email").locator("[name=address]").fill("new@example.org")
    save(form(alice, "email"))
    expect(waiting(alice, "email")).to_contain_text("new@example.org")
    shoot(alice, f"email-code-{way}")
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"email-code-{way}-dark")
    has_no_barriers(alice)

    enter(alice, "email", "000000")
    expect(refused(waiting(alice, "email"))).to_have_text(
        words("That is not the code. Check the newest message.")
    )
    code = tenant.newest_code("new@example.org")
    enter(alice, "email", f"{code[:3]} {code[3:]}")

    expect(row(alice, "email")).to_contain_text("new@example.org")
    expect(said(alice)).to_contain_text(
        words("%(what)s changed.") % {"what": words("Email address")}
    )
    assert tenant.user("alice")["primaryEmail"] == "new@example.org"
    heading = words("Your email address was changed.").rstrip(".")
    for address in ("alice@example.com", "new@example.org"):
        mails = mails_to(tenant, address)
        assert any(mail.startswith(heading) and "/activity/" in mail for mail in mails)
    assert alice.locator("html").get_attribute("lang") == language


@in_two_ways
def test_a_new_phone_number(alice: Page, tenant: Any, words: Callable[..., str]) -> None:
    open_row(alice, tenant, "phone")
    expect(form(alice, "phone").locator("[name=country]")).to_have_value("US")
    form(alice, "phone").locator("[name=country]").select_option("KR")
    if not is_plain(alice):
        expect(form(alice, "phone")).to_contain_text("010-2000-0000")
    form(alice, "phone").locator("[name=address]").fill("010-12")
    save(form(alice, "phone"))
    expect(refused(form(alice, "phone"))).to_contain_text("010-2000-0000")
    shoot(alice, f"phone-refused-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)

    form(alice, "phone").locator("[name=address]").fill("010-1234-5678")
    save(form(alice, "phone"))
    expect(waiting(alice, "phone")).to_contain_text("+82 10-1234-5678")
    enter(alice, "phone", tenant.newest_code("821012345678"))

    expect(row(alice, "phone")).to_contain_text("+82 10-1234-5678")
    assert tenant.user("alice")["primaryPhone"] == "821012345678"
    assert any(
        words("Your phone number was changed.") in mail
        for mail in mails_to(tenant, "alice@example.com")
    )


@in_two_ways
def test_a_new_username(alice: Page, tenant: Any, words: Callable[..., str]) -> None:
    taken = words("Somebody else has this username. Choose another one.")
    open_row(alice, tenant, "username")
    username = form(alice, "username").locator("[name=username]")
    username.fill("bob")
    if not is_plain(alice):
        username.press("Tab")
        hint = alice.locator("#username-availability")
        expect(hint).to_contain_text(taken)
        username.fill("alice_liddell")
        username.press("Tab")
        expect(hint).to_contain_text(words("Nobody else has this username."))
        shoot(alice, "username-free")
        has_no_barriers(alice)
        username.fill("bob")
    save(form(alice, "username"))
    expect(refused(form(alice, "username"))).to_contain_text(taken)
    shoot(alice, f"username-taken-{'plain' if is_plain(alice) else 'rich'}")

    form(alice, "username").locator("[name=username]").fill("alice_liddell")
    save(form(alice, "username"))

    expect(row(alice, "username")).to_contain_text("alice_liddell")
    assert tenant.user("alice_liddell")["primaryEmail"] == "alice@example.com"
    assert any(
        words("Your username was changed.") in mail
        for mail in mails_to(tenant, "alice@example.com")
    )


def test_the_new_username_works_at_the_next_sign_in_and_the_old_one_does_not(
    alice: Page, tenant: Any, visit: Callable[..., Page]
) -> None:
    open_row(alice, tenant, "username")
    form(alice, "username").locator("[name=username]").fill("alice_liddell")
    save(form(alice, "username"))
    expect(row(alice, "username")).to_contain_text("alice_liddell")
    other = visit()

    other.goto("/")
    for identifier in ("alice", "alice_liddell"):
        other.locator("#identifier").fill(identifier)
        other.locator("#password").fill(tenant.password_of("alice"))
        other.locator("#password").press("Enter")
        if identifier == "alice":
            expect(other.locator("#identifier")).to_be_visible()

    expect(other.locator(".identity")).to_contain_text("alice_liddell")


@in_two_ways
def test_another_code_another_address_and_no_change_after_all(
    alice: Page, tenant: Any, words: Callable[..., str]
) -> None:
    open_row(alice, tenant, "email")
    form(alice, "email").locator("[name=address]").fill("one@example.org")
    save(form(alice, "email"))
    again = waiting(alice, "email").get_by_role("button", name=words("Send another code"))
    if is_plain(alice):
        again.click()
        expect(waiting(alice, "email").locator("[role=alert]")).to_be_visible()
    else:
        expect(again).to_be_disabled()
        expect(waiting(alice, "email").locator("[data-seconds]")).to_contain_text("5")

    waiting(alice, "email").get_by_role("link", name=words("Use another address")).click()
    expect(form(alice, "email").locator("[name=address]")).to_have_value("one@example.org")
    form(alice, "email").locator("[name=address]").fill("two@example.org")
    save(form(alice, "email"))
    expect(waiting(alice, "email")).to_contain_text("two@example.org")

    waiting(alice, "email").get_by_role("button", name=words("Cancel")).click()

    expect(row(alice, "email")).to_contain_text("alice@example.com")
    assert tenant.user("alice")["primaryEmail"] == "alice@example.com"
    row(alice, "email").locator(".row__action").click()
    expect(form(alice, "email").locator("[name=address]")).to_have_value("")


@in_two_ways
def test_going_without_a_phone_number(alice: Page, tenant: Any, words: Callable[..., str]) -> None:
    open_row(alice, tenant, "phone")
    form(alice, "phone").get_by_role("link", name=words("Remove")).click()
    expect(alice.locator(".remaining")).to_contain_text(
        words("%(label)s, with your password") % {"label": "alice"}
    )
    expect(alice.locator(".remaining")).to_contain_text(
        words("%(provider)s, as %(label)s") % {"provider": "GitHub", "label": "Alice Liddell"}
    )
    alice.emulate_media(color_scheme="dark")
    shoot(alice, f"phone-removal-{'plain' if is_plain(alice) else 'rich'}-dark")
    has_no_barriers(alice)

    form(alice, "phone").get_by_role("button", name=words("Remove")).click()

    expect(row(alice, "phone")).to_contain_text(words("Not set"))
    assert tenant.user("alice")["primaryPhone"] is None


@in_two_ways
def test_what_everybody_must_have_stays(
    alice: Page, tenant: Any, words: Callable[..., str]
) -> None:
    open_row(alice, tenant, "username")

    form(alice, "username").get_by_role("link", name=words("Remove")).click()

    expect(alice.locator("#row-username [role=alert]")).to_contain_text(
        words("Everybody here has a username. Change it instead of removing it.")
    )
    shoot(alice, f"username-stays-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)
    alice.locator("#row-username").get_by_role("link", name=words("Back")).click()
    expect(row(alice, "username")).to_contain_text("alice")


@in_two_ways
def test_nothing_is_lost_while_logto_is_down(
    alice: Page, tenant: Any, words: Callable[..., str]
) -> None:
    open_row(alice, tenant, "email")
    form(alice, "email").locator("[name=address]").fill("new@example.org")
    tenant.faults.add(path="/api/users/", status=503)
    save(form(alice, "email"))
    expect(form(alice, "email").locator("[role=alert]")).to_contain_text(
        words(
            "Your account could not be reached, so this may not have been saved. "
            "What you entered is still here: try again in a moment."
        )
    )
    expect(form(alice, "email").locator("[name=address]")).to_have_value("new@example.org")
    tenant.faults.reset()

    save(form(alice, "email"))

    expect(waiting(alice, "email")).to_be_visible()


def test_saving_does_not_wait_for_the_look_at_the_username(alice: Page, tenant: Any) -> None:
    """A look that is still under way when its form is gone is nothing to complain of."""
    open_row(alice, tenant, "username")
    tenant.faults.add(path="/api/users", method="GET", delay_ms=700, times=1)
    form(alice, "username").locator("[name=username]").fill("alice_liddell")

    save(form(alice, "username"))

    expect(row(alice, "username")).to_contain_text("alice_liddell")
    alice.wait_for_timeout(1_000)
    expect(said(alice)).to_contain_text("Username changed.")


@in_four_ways
def test_the_page_of_rows(alice: Page, tenant: Any, way: str) -> None:
    alice.goto("/sign-in-methods/")

    expect(row(alice, "email")).to_contain_text("alice@example.com")
    expect(row(alice, "phone")).to_contain_text("+1 202-555-0123")
    has_no_barriers(alice)
    shoot(alice, f"sign-in-methods-{way}")
