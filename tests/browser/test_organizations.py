"""Organizations: left, joined and declined, as the tenant then knows it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accountsite.appearance.isolation import isolated
from tests.browser.steps import (
    has_no_barriers,
    in_two_ways,
    said,
    shoot,
)

HOSTILE = ("<b>Club</b> & Co", "🧪" * 64, "\u05e9\u05dc\u05d5\u05dd Klub", "n" * 128)
CHOIR = {"name": isolated("Harbour Choir")}
DAY = 24 * 3600 * 1000
Words = Callable[..., str]


class Tenant:
    """What these tests do with organizations at the tenant."""

    def __init__(self, tenant: Any) -> None:
        self.tenant = tenant
        self.alice = tenant.user("alice")["id"]
        self.bob = tenant.user("bob")["id"]
        self.roles = {role["name"]: role["id"] for role in self.ask("GET", "/organization-roles")}

    def ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self.tenant.management(method, path, **options)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def club(self, name: str, **members: str) -> str:
        """An organization with members of a role each. Gives its id."""
        made: str = self.ask("POST", "/organizations", json={"name": name})["id"]
        for who, role in members.items():
            account_id = self.tenant.user(who)["id"]
            self.ask("POST", f"/organizations/{made}/users", json={"userIds": [account_id]})
            self.give(made, account_id, role)
        return made

    def give(self, organization: str, account_id: str, role: str) -> None:
        path = f"/organizations/{organization}/users/{account_id}/roles"
        self.ask("PUT", path, json={"organizationRoleIds": [self.roles[role]]})

    def invite(self, organization: str) -> None:
        """Let alice be invited, as a member."""
        body = {
            "organizationId": organization,
            "invitee": "alice@example.com",
            "expiresAt": int(time.time() * 1000) + 7 * DAY,
            "organizationRoleIds": [self.roles["member"]],
            "messagePayload": False,
        }
        self.ask("POST", "/organization-invitations", json=body)

    @property
    def joined(self) -> dict[str, list[str]]:
        """Alice's organizations, with her roles there."""
        return {
            each["name"]: [role["name"] for role in each["organizationRoles"]]
            for each in self.ask("GET", f"/users/{self.alice}/organizations")
        }


@pytest.fixture
def clubs(tenant: Any) -> Tenant:
    return Tenant(tenant)


def prove(page: Page, tenant: Any) -> None:
    """Give the password where it is asked for."""
    question = page.locator("#confirmation [name=password]")
    expect(question).to_be_visible()
    question.fill(tenant.password_of("alice"))
    page.locator("#confirmation button").first.click()


def mails(tenant: Any) -> int:
    where = {"address": "alice@example.com"}
    answer = tenant.http.get(f"{tenant.endpoint}/demo/inbox.json", params=where)
    return len(answer.json()["messages"])


@in_two_ways
def test_one_joins_and_leaves_but_not_as_the_last_admin(
    alice: Page, tenant: Any, clubs: Tenant, way: str, language: str, words: Words
) -> None:
    choir = clubs.club("Harbour Choir", bob="admin")
    clubs.invite(choir)
    alice.locator(".navigation a[href='/organizations/']").click()
    expect(alice.locator(".item")).to_have_count(2)
    shoot(alice, f"organizations-{way}-{language}")
    has_no_barriers(alice)

    alice.get_by_role("link", name=words("Accept")).click()
    prove(alice, tenant)
    expect(alice.locator("form.edit")).to_contain_text("Harbour Choir")
    shoot(alice, f"organizations-join-{way}-{language}")
    has_no_barriers(alice)
    alice.locator(".edit__actions button").click()
    expect(said(alice)).to_contain_text(words("You joined %(name)s.") % CHOIR)
    assert clubs.joined["Harbour Choir"] == ["member"]

    club = alice.locator(".item", has_text="Northern Sailing Club")
    club.locator("a").click()
    expect(alice.locator("section.edit [role=alert]")).to_contain_text("Northern Sailing Club")
    shoot(alice, f"organizations-last-admin-{way}-{language}")
    has_no_barriers(alice)
    assert "Northern Sailing Club" in clubs.joined
    alice.locator(".edit__actions a").click()

    alice.locator(".item", has_text="Harbour Choir").locator("a").click()
    expect(alice.locator("form.edit")).to_contain_text("Harbour Choir")
    shoot(alice, f"organizations-leave-{way}-{language}")
    has_no_barriers(alice)
    alice.locator(".edit__actions button").click()
    expect(said(alice)).to_contain_text(words("You left %(name)s.") % CHOIR)
    expect(alice.locator(".item")).to_have_count(1)
    assert list(clubs.joined) == ["Northern Sailing Club"]
    assert mails(tenant) == 2


@in_two_ways
def test_an_invitation_is_declined_and_an_admin_leaves_others_with_another(
    alice: Page, tenant: Any, clubs: Tenant, way: str, language: str, words: Words
) -> None:
    clubs.invite(clubs.club("Harbour Choir", bob="admin"))
    [sailing] = clubs.ask("GET", f"/users/{clubs.alice}/organizations")
    clubs.give(sailing["id"], clubs.bob, "admin")
    alice.goto("/organizations/")

    alice.get_by_role("link", name=words("Decline")).click()
    prove(alice, tenant)
    expect(alice.locator("form.edit")).to_contain_text("Harbour Choir")
    has_no_barriers(alice)
    alice.locator(".edit__actions button").click()
    told = words("You declined the invitation of %(name)s.") % CHOIR
    expect(said(alice)).to_contain_text(told)
    expect(alice.locator("#invitations")).to_have_count(0)

    alice.locator(".item", has_text="Northern Sailing Club").locator("a").click()
    alice.locator("form.edit .edit__actions button").click()
    expect(alice.locator(".empty")).to_be_visible()
    shoot(alice, f"organizations-none-{way}-{language}")
    has_no_barriers(alice)
    assert clubs.joined == {}


@pytest.mark.parametrize("way", ["phone"])
def test_many_organizations_with_any_names_are_shown_in_pages(
    alice: Page, clubs: Tenant, way: str
) -> None:
    roles = [
        clubs.ask("POST", "/roles", json={"name": name, "description": name})["id"]
        for name in (*HOSTILE, *(f"role {number}" for number in range(8)))
    ]
    clubs.ask("POST", f"/users/{clubs.alice}/roles", json={"roleIds": roles})
    for name in (*HOSTILE, *(f"Club {number:02}" for number in range(17))):
        clubs.club(name, alice="member")
    clubs.invite(clubs.club(HOSTILE[0], bob="admin"))
    clubs.invite(clubs.club(HOSTILE[3], bob="admin"))

    alice.goto("/organizations/")

    owned = alice.locator("section:has(#memberships) .item")
    expect(owned).to_have_count(20)
    alice.locator("summary").nth(1).click()
    shoot(alice, f"organizations-many-{way}")
    has_no_barriers(alice)
    alice.locator(".pager a").click()
    expect(owned).to_have_count(2)
    has_no_barriers(alice)
