"""Keeping others out: what is set up here is asked for, and works, at the next sign-in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
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
    shoot,
    sign_in,
)

NEW = "Lantern-Maple-32"


@pytest.fixture(autouse=True)
def attempts_begin_anew(site: Any) -> None:
    """Nobody has tried anything yet: the tests would otherwise use up each other's attempts."""
    site.forget_attempts()


def open_row(page: Page, tenant: Any, name: str, action: str = "") -> Locator:
    """Open a row of this section, and confirm that it's oneself where that is asked."""
    page.locator(".navigation a[href='/security/']").click()
    expect(page.locator("h1")).to_be_visible()
    links = row(page, name).locator(".row__action")
    (links.filter(has_text=action) if action else links).first.click()
    question = page.locator("#confirmation [name=password]")
    expect(form(page, name).or_(question)).to_be_visible()
    if question.is_visible():
        question.fill(tenant.password_of("alice"))
        page.locator("#confirmation button").first.click()
    expect(form(page, name)).to_be_visible()
    return form(page, name)


def send(opened: Locator) -> None:
    """Press the button that sends the form."""
    opened.locator(".edit__actions button").first.click()


def add_an_app(page: Page, tenant: Any) -> str:
    """Set an authenticator app up. Gives its secret."""
    opened = open_row(page, tenant, "authenticator")
    secret = setup_key(opened)
    opened.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    send(opened)
    expect(row(page, "authenticator").locator(".row__action")).to_have_count(2)
    return secret


def setup_key(opened: Locator) -> str:
    return (opened.locator("#setup-key").text_content() or "").replace(" ", "")


def come_again(visit: Callable[..., Page], password: str) -> Page:
    """Go to the site in a new browser, with the name and a password of alice."""
    page = visit()
    page.goto("/")
    page.locator("#identifier").fill("alice")
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    return page


def mails(tenant: Any) -> list[str]:
    """The subjects of what came to alice."""
    where = {"address": "alice@example.com"}
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params=where)
    return [mail["subject"] for mail in answer.json()["messages"]]


# The password


@in_four_ways
def test_a_new_password_works_and_the_old_one_does_not(
    alice: Page, visit: Callable[..., Page], tenant: Any, way: str, words: Callable[..., str]
) -> None:
    other = visit()
    sign_in(other, tenant)
    opened = open_row(alice, tenant, "password")
    shoot(alice, f"password-{way}")
    has_no_barriers(alice)
    show = opened.get_by_role("button", name=words("Show"))
    expect(show).to_have_count(int("JavaScript" not in way))
    change_password(opened, "abc", way)
    expect(refused(form(alice, "password"))).to_contain_text(
        words(
            "It is too short: use at least %(count)d character.",
            "It is too short: use at least %(count)d characters.",
            8,
        )
    )
    shoot(alice, f"password-refused-{way}")
    has_no_barriers(alice)

    change_password(form(alice, "password"), NEW, way)

    expect(said(alice).first).to_contain_text(words("Password changed."))
    expect(said(alice).last).to_contain_text(words("You are signed out everywhere else."))
    assert mails(tenant) == [words("Your password was changed.").rstrip(".")]
    alice.goto("/profile/")
    expect(alice.locator("h1")).to_have_text(words("Profile"))
    other.goto("/profile/")
    expect(other.locator("h1")).not_to_have_text(words("Profile"))
    old = come_again(visit, tenant.password_of("alice"))
    expect(old.locator("#error")).to_be_visible()
    new = come_again(visit, NEW)
    expect(new.locator(".identity__name")).to_have_text("Alice Liddell")


def change_password(opened: Locator, password: str, way: str) -> None:
    opened.locator("[name=password]").fill(password)
    if "no JavaScript" in way:
        opened.locator("[name=again]").fill(password)
    send(opened)


def test_the_rules_are_ticked_while_one_types(alice: Page, tenant: Any) -> None:
    opened = open_row(alice, tenant, "password")
    length, kinds = (opened.locator(f"[data-rule={kind}]") for kind in ("length", "types"))

    opened.locator("[name=password]").press_sequentially("maple")
    expect(length).to_have_attribute("data-state", "unmet")
    expect(kinds).to_contain_text("not met yet")

    opened.locator("[name=password]").press_sequentially("-31")
    expect(length).to_have_attribute("data-state", "met")
    expect(kinds).to_have_attribute("data-state", "met")
    shoot(alice, "password-rules-met")
    has_no_barriers(alice)


def test_the_password_can_be_looked_at_and_is_hidden_when_it_is_sent(
    alice: Page, tenant: Any
) -> None:
    opened = open_row(alice, tenant, "password")
    field = opened.locator("[name=password]")
    field.fill("abc")
    toggle = opened.get_by_role("button", name="Show")

    toggle.click()
    expect(field).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    shoot(alice, "password-shown")
    field.press("Enter")

    expect(refused(form(alice, "password"))).to_be_visible()
    expect(form(alice, "password").locator("[name=password]")).to_have_attribute("type", "password")


def test_in_an_outage_the_form_stays_as_it_was(alice: Page, tenant: Any) -> None:
    opened = open_row(alice, tenant, "password")
    opened.locator("[name=password]").fill(NEW)
    path = r"/api/users/.+/password"
    tenant.faults.add(path=path, method="PATCH", status=503, times=2)

    send(opened)

    expect(said(alice)).to_contain_text("does not answer")
    expect(opened.locator("[name=password]")).to_have_value(NEW)


def test_a_password_manager_finds_the_page(alice: Page, tenant: Any) -> None:
    alice.goto("/.well-known/change-password")
    alice.locator("#confirmation [name=password]").fill(tenant.password_of("alice"))
    alice.locator("#confirmation button").first.click()

    expect(alice.locator("form#row-password")).to_be_visible()


@in_two_ways
def test_one_can_sign_out_everywhere_else(
    alice: Page, visit: Callable[..., Page], tenant: Any, words: Callable[..., str]
) -> None:
    other = visit()
    sign_in(other, tenant)

    send(open_row(alice, tenant, "elsewhere"))

    expect(said(alice)).to_contain_text(words("You are signed out everywhere else."))
    other.goto("/profile/")
    expect(other.locator("h1")).not_to_have_text(words("Profile"))
    alice.goto("/profile/")
    expect(alice.locator("h1")).to_have_text(words("Profile"))


# The second step


@in_four_ways
def test_an_app_that_is_added_is_asked_for_and_works(
    alice: Page, visit: Callable[..., Page], tenant: Any, way: str, words: Callable[..., str]
) -> None:
    opened = open_row(alice, tenant, "authenticator")
    shoot(alice, f"authenticator-{way}")
    has_no_barriers(alice)
    secret = setup_key(opened)
    opened.locator("[name=code]").fill("000 000")
    send(opened)
    expect(refused(form(alice, "authenticator"))).to_contain_text(
        words(
            "That is not the code. Enter the newest one of your app. If none works, check that "
            "the clock of your device is right."
        )
    )
    assert setup_key(form(alice, "authenticator")) == secret

    form(alice, "authenticator").locator("[name=code]").fill(pyotp.TOTP(secret).now())
    send(form(alice, "authenticator"))

    expect(said(alice)).to_contain_text(words("Authenticator app added."))
    expect(row(alice, "two-step")).to_contain_text(words("You are asked for a second step"))
    shoot(alice, f"security-with-app-{way}")
    has_no_barriers(alice)
    added = words("An authenticator app was added to your account.")
    assert mails(tenant) == [added.rstrip(".")]
    again = come_again(visit, tenant.password_of("alice"))
    again.locator("#code").fill(pyotp.TOTP(secret).now())
    again.locator("#code").press("Enter")
    expect(again.locator(".identity__name")).to_have_text("Alice Liddell")


@in_four_ways
def test_a_backup_code_lets_one_in_once(
    alice: Page, visit: Callable[..., Page], tenant: Any, way: str, words: Callable[..., str]
) -> None:
    add_an_app(alice, tenant)
    opened = open_row(alice, tenant, "backup-codes")
    shoot(alice, f"backup-codes-{way}")
    has_no_barriers(alice)
    send(opened)

    shown = alice.locator("section#row-backup-codes")
    expect(shown.locator("li code")).to_have_count(10)
    shoot(alice, f"backup-codes-shown-{way}")
    has_no_barriers(alice)
    codes = shown.locator("li code").all_text_contents()
    with alice.expect_download() as download:
        shown.get_by_role("link", name=words("Download")).click()
    assert download.value.suggested_filename == f"{words('backup-codes')}.txt"
    assert Path(download.value.path()).read_text().split()[-10:] == codes
    shown.get_by_role("link", name=words("I have kept them")).click()
    expect(row(alice, "backup-codes")).to_contain_text(
        words("%(count)d left", "%(count)d left", 10)
    )
    assert not any(code in alice.content() for code in codes)

    again = come_again(visit, tenant.password_of("alice"))
    again.locator("#backup-code").fill(codes[3])
    again.locator("#backup-code").press("Enter")
    expect(again.locator(".identity__name")).to_have_text("Alice Liddell")
    once_more = come_again(visit, tenant.password_of("alice"))
    once_more.locator("#backup-code").fill(codes[3])
    once_more.locator("#backup-code").press("Enter")
    expect(once_more.locator("#error")).to_be_visible()


def test_codes_can_be_copied_and_printed(alice: Page, tenant: Any) -> None:
    add_an_app(alice, tenant)
    send(open_row(alice, tenant, "backup-codes"))
    shown = alice.locator("section#row-backup-codes")
    expect(shown.locator("li code")).to_have_count(10)
    codes = shown.locator("li code").all_text_contents()
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])

    shown.get_by_role("button", name="Copy").click()
    expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    assert alice.evaluate("navigator.clipboard.readText()").split() == codes

    alice.emulate_media(media="print")
    expect(shown.locator("li code").first).to_be_visible()
    for hidden in (".navigation", ".edit__actions", ".notice", "h1", "div.row"):
        expect(alice.locator(hidden).first).to_be_hidden()
    shoot(alice, "backup-codes-printed")


def test_the_setup_key_can_be_copied(alice: Page, tenant: Any) -> None:
    opened = open_row(alice, tenant, "authenticator")
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])

    opened.get_by_role("button", name="Copy").click()

    expect(opened.get_by_role("button", name="Copied")).to_be_visible()
    assert alice.evaluate("navigator.clipboard.readText()") == setup_key(opened)


def test_what_the_browser_does_not_let_one_copy_is_selected(alice: Page, tenant: Any) -> None:
    alice.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    opened = open_row(alice, tenant, "authenticator")

    opened.get_by_role("button", name="Copy").click()

    alice.wait_for_function("getSelection().toString()")
    assert alice.evaluate("getSelection().toString()").replace(" ", "") == setup_key(opened)


@in_two_ways
def test_an_app_is_replaced_and_the_new_one_works(
    alice: Page, visit: Callable[..., Page], tenant: Any, words: Callable[..., str]
) -> None:
    old = add_an_app(alice, tenant)
    opened = open_row(alice, tenant, "authenticator", words("Replace"))
    secret = setup_key(opened)
    assert secret != old
    opened.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    send(opened)
    expect(said(alice)).to_contain_text(words("Authenticator app replaced."))

    again = come_again(visit, tenant.password_of("alice"))
    again.locator("#code").fill(pyotp.TOTP(old).now())
    again.locator("#code").press("Enter")
    expect(again.locator("#error")).to_be_visible()
    again.locator("#code").fill(pyotp.TOTP(secret).now())
    again.locator("#code").press("Enter")
    expect(again.locator(".identity__name")).to_have_text("Alice Liddell")


@in_two_ways
def test_with_the_app_the_codes_go_and_nothing_is_asked_for_any_more(
    alice: Page, visit: Callable[..., Page], tenant: Any, words: Callable[..., str]
) -> None:
    add_an_app(alice, tenant)
    send(open_row(alice, tenant, "backup-codes"))
    expect(alice.locator("section#row-backup-codes")).to_be_visible()
    opened = open_row(alice, tenant, "authenticator", words("Remove"))
    expect(opened).to_contain_text(
        words(
            "Without it, no code of this app is asked for at sign-in. Delete its entry in the app "
            "yourself. Your backup codes, which stand in for it, are removed too."
        )
    )
    shoot(alice, f"authenticator-removal-{'plain' if is_plain(alice) else 'rich'}")
    has_no_barriers(alice)

    send(opened)

    expect(said(alice)).to_contain_text(words("Authenticator app removed."))
    expect(row(alice, "authenticator")).to_contain_text(words("Not set up"))
    again = come_again(visit, tenant.password_of("alice"))
    expect(again.locator(".identity__name")).to_have_text("Alice Liddell")


@in_two_ways
def test_the_switch_is_obeyed_at_the_next_sign_in(
    alice: Page, visit: Callable[..., Page], tenant: Any, words: Callable[..., str]
) -> None:
    add_an_app(alice, tenant)
    opened = open_row(alice, tenant, "two-step")
    opened.locator("[name=is_on]").uncheck()
    send(opened)
    expect(row(alice, "two-step")).to_contain_text(words("Off"))
    again = come_again(visit, tenant.password_of("alice"))
    expect(again.locator(".identity__name")).to_have_text("Alice Liddell")

    opened = open_row(alice, tenant, "two-step")
    opened.locator("[name=is_on]").check()
    send(opened)

    expect(row(alice, "two-step")).to_contain_text(words("You are asked for a second step"))
    again = come_again(visit, tenant.password_of("alice"))
    expect(again.locator("#code")).to_be_visible()


@pytest.mark.parametrize(("way", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_looks(visit: Callable[..., Page], tenant: Any, scheme: str, way: str) -> None:
    page = visit(color_scheme=scheme)
    sign_in(page, tenant, path="/security/")
    shoot(page, f"security-{way}-{scheme}")
    has_no_barriers(page)
    opened = open_row(page, tenant, "password")
    opened.locator("[name=password]").press_sequentially("maple")
    shoot(page, f"security-password-{way}-{scheme}")
    has_no_barriers(page)
    opened = open_row(page, tenant, "authenticator")
    shoot(page, f"security-authenticator-{way}-{scheme}")
    has_no_barriers(page)
    opened.locator("[name=code]").fill(pyotp.TOTP(setup_key(opened)).now())
    send(opened)
    expect(row(page, "backup-codes").locator("a")).to_be_visible()
    send(open_row(page, tenant, "backup-codes"))
    expect(page.locator("section#row-backup-codes")).to_be_visible()
    shoot(page, f"security-codes-{way}-{scheme}")
    has_no_barriers(page)
