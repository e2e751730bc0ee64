"""Personal access tokens: what is created here works at the tenant, and is seen once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.steps import (
    has_no_barriers,
    in_four_ways,
    in_two_ways,
    is_plain,
    refused,
    said,
    shoot,
    sign_in,
)

NAMES = ("<b>deploy</b> & co", "🧪" * 128, "\u05e9\u05dc\u05d5\u05dd ci/1", "n" * 256)
Words = Callable[..., str]


@pytest.fixture(autouse=True)
def attempts_begin_anew(site: Any) -> None:
    """Nobody has tried anything yet: the tests would otherwise use up each other's attempts."""
    site.forget_attempts()


def exchange(tenant: Any, value: str) -> Any:
    """What the command line of the demo gets for a token."""
    form = {
        "client_id": "demo-command-line",
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:logto:token-type:personal_access_token",
        "subject_token": value,
        "scope": "openid profile",
    }
    return tenant.http.post(f"{tenant.endpoint}/oidc/token", data=form)


def path_of(tenant: Any) -> str:
    return f"/users/{tenant.user('alice')['id']}/personal-access-tokens"


def held(tenant: Any) -> list[str]:
    return [token["name"] for token in tenant.management("GET", path_of(tenant)).json()]


def empty(tenant: Any) -> None:
    """Take the tokens of the seed from alice."""
    for name in held(tenant):
        tenant.management("POST", f"{path_of(tenant)}/delete", json={"name": name})


def prove(page: Page, tenant: Any) -> None:
    """Give the password where it is asked for."""
    question = page.locator("#confirmation [name=password]")
    expect(question).to_be_visible()
    question.fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()


def goes_back_without(page: Page, value: str) -> None:
    """The answer to a form is not kept: the browser would have to send it again, and asks first."""
    if is_plain(page):
        with pytest.raises(Error, match="ERR_CACHE_MISS"):
            page.go_back()
        page.wait_for_url("chrome-error://**")
    else:
        page.go_back()
    assert value not in page.content()


def mails(tenant: Any) -> int:
    where = {"address": "alice@example.com"}
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params=where)
    return len(answer.json()["messages"])


@in_four_ways
def test_a_token_is_created_seen_once_used_renamed_and_removed(
    alice: Page, tenant: Any, way: str, language: str, words: Words
) -> None:
    empty(tenant)
    alice.locator(".navigation a[href='/tokens/']").click()
    expect(alice.locator(".empty")).to_be_visible()
    shoot(alice, f"tokens-none-{way}-{language}")
    has_no_barriers(alice)

    alice.locator(".empty a").click()
    prove(alice, tenant)
    form = alice.locator("form#row-token")
    expect(form).to_be_visible()
    shoot(alice, f"tokens-new-{way}-{language}")
    has_no_barriers(alice)
    form.locator("[name=name]").fill("deploy")
    form.locator(".edit__actions button").click()

    secret = alice.locator("#new-token")
    expect(secret).to_be_visible()
    shoot(alice, f"tokens-created-{way}-{language}")
    has_no_barriers(alice)
    value = (secret.text_content() or "").strip()
    token = exchange(tenant, value).json()
    me = {"Authorization": f"Bearer {token['access_token']}"}
    assert (
        tenant.http.get(f"{tenant.endpoint}/oidc/me", headers=me).json()["name"] == "Alice Liddell"
    )

    alice.locator("#row-token .edit__actions a").click()
    item = alice.locator(".item")
    expect(item).to_contain_text("deploy")
    shoot(alice, f"tokens-one-{way}-{language}")
    has_no_barriers(alice)
    goes_back_without(alice, value)
    alice.goto("/tokens/")

    item.locator("a").first.click()
    alice.locator(".edit [name=name]").fill("release")
    alice.locator(".edit__actions button").click()
    expect(said(alice)).to_contain_text(words("Token renamed."))
    expect(item.locator("bdi").first).to_have_text("release")
    assert exchange(tenant, value).ok

    item.locator("a").last.click()
    expect(alice.locator(".edit")).to_contain_text("release")
    shoot(alice, f"tokens-removal-{way}-{language}")
    has_no_barriers(alice)
    alice.locator(".edit__actions button").click()
    expect(said(alice)).to_contain_text(words("Token removed."))
    expect(alice.locator(".empty")).to_be_visible()
    assert exchange(tenant, value).json()["error"] == "invalid_grant"
    assert mails(tenant) == 3


@in_two_ways
def test_what_is_refused_is_explained_and_a_new_one_stands_in_the_list(
    stranger: Page, tenant: Any, way: str, language: str, words: Words
) -> None:
    sign_in(stranger, tenant, path="/tokens/")
    page = stranger
    expect(page.locator(".item")).to_have_count(3)
    shoot(page, f"tokens-some-{way}-{language}")
    has_no_barriers(page)
    taken = page.locator(".item bdi").first.text_content() or ""
    page.locator("#row-token a").click()
    prove(page, tenant)

    form = page.locator("form#row-token")
    day = form.locator("[name=day]")
    expect(day).to_be_hidden()
    form.locator("[name=name]").fill(taken)
    form.locator("[value=date]").check()
    expect(day).to_be_visible()
    form.locator(".edit__actions button").click()
    expect(refused(form)).to_contain_text(words("Choose the last day on which it is to work."))
    shoot(page, f"tokens-refused-{way}-{language}")
    has_no_barriers(page)
    last = date.today() + timedelta(days=10)  # noqa: DTZ011 - as the browser's own calendar says
    day.fill(last.isoformat())
    form.locator(".edit__actions button").click()
    expect(form.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
    form.locator("[name=name]").fill(NAMES[0])
    form.locator(".edit__actions button").click()

    expect(page.locator("#new-token")).to_be_visible()
    if not is_plain(page):
        expect(page.locator("#command")).to_be_visible()  # the list stands below still
    assert NAMES[0] in held(tenant)


@pytest.mark.parametrize("way", ["phone"])
def test_many_tokens_with_any_names_are_shown_in_pages(alice: Page, tenant: Any, way: str) -> None:
    for name in (*(f"token {number}" for number in range(20)), *NAMES):
        tenant.management("POST", path_of(tenant), json={"name": name})

    alice.goto("/tokens/")

    expect(alice.locator(".item")).to_have_count(20)
    for name in NAMES:
        expect(alice.locator(".item bdi", has_text=name).first).to_be_visible()
    shoot(alice, f"tokens-many-{way}")
    has_no_barriers(alice)
    alice.locator(".pager a").click()
    expect(alice.locator(".item")).to_have_count(7)
    has_no_barriers(alice)


def test_a_token_is_copied_and_does_not_come_back_from_the_browser_s_memory(
    visit: Callable[..., Page], tenant: Any
) -> None:
    alice = visit(color_scheme="dark")
    sign_in(alice, tenant, path="/tokens/")
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.locator("#row-token a").click()
    prove(alice, tenant)
    alice.locator("form#row-token [name=name]").fill("deploy")
    alice.locator("form#row-token .edit__actions button").click()
    value = (alice.locator("#new-token").text_content() or "").strip()

    alice.locator("[data-copies=new-token]").click()
    expect(alice.locator("[data-copies=new-token]")).to_have_text("Copied")
    assert alice.evaluate("navigator.clipboard.readText()") == value
    alice.locator("#row-token summary").click()
    shoot(alice, "tokens-usage-dark")
    has_no_barriers(alice)

    # What a page that is kept in memory does when it is left.
    alice.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(alice.locator("#new-token")).to_be_empty()
    alice.reload()
    assert value not in alice.content()
