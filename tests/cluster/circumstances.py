"""What must be there before it can be changed."""

import time
from collections.abc import Callable
from typing import Any

import requests

from tests.cluster import beginnings
from tests.cluster.people import Someone, told
from tests.cluster.visitor import Visitor

DAY = 24 * 60 * 60 * 1000  # milliseconds


def has(method: str, path: str, **body: Any) -> Callable[[Someone], object]:
    """Something that Logto is told about them."""

    def arrange(someone: Someone) -> object:
        given = {
            name: told(value, someone) if isinstance(value, str) else value
            for name, value in body.items()
        }
        return someone.ask(method, told(path, someone), given)

    return arrange


def both(*steps: Callable[[Someone], object]) -> Callable[[Someone], object]:
    return lambda someone: [step(someone) for step in steps]


def will_be(subject: str) -> Callable[[Someone], None]:
    """Who they are at the provider."""

    def arrange(someone: Someone) -> None:
        someone.kept["at the provider"] = subject

    return arrange


def has_another_device(someone: Someone) -> None:
    other = Visitor(
        someone.site, someone.tenant, someone.username, someone.password, someone.address
    )
    other.sign_in()


def has_passkey(someone: Someone) -> None:
    assert someone.send(beginnings.touch(someone)).path == "/security/"


def role(someone: Someone, name: str) -> str:
    roles = someone.ask("GET", "/organization-roles")
    return str(next(each["id"] for each in roles if each["name"] == name))


def belongs(someone: Someone) -> str:
    """To a club with another admin."""
    club = str(someone.ask("POST", "/organizations", {"name": f"Club {someone.number}"})["id"])
    someone.ask("POST", f"/organizations/{club}/users", {"userIds": [someone.id]})
    path = f"/organizations/{club}/users/{someone.id}/roles"
    someone.ask("PUT", path, {"organizationRoleIds": [role(someone, "member")]})
    return club


def is_invited(someone: Someone) -> None:
    club = someone.ask("POST", "/organizations", {"name": f"Club {someone.number}"})["id"]
    body = {
        "organizationId": club,
        "invitee": someone.email,
        "expiresAt": int(time.time() * 1000) + 7 * DAY,
        "organizationRoleIds": [role(someone, "member")],
        "messagePayload": False,
    }
    someone.ask("POST", "/organization-invitations", body)


def lets_in(*, is_third_party: bool) -> Callable[[Someone], None]:
    """An app that they signed in to, with a token that it can use."""

    def arrange(someone: Someone) -> None:
        # Kept here: these import the site, which not everybody who reads this file needs.
        from tests.demo.oidc.visitor import Browser, new_application  # noqa: PLC0415

        app = new_application(
            someone.tenant, name=f"Prints {someone.number}", isThirdParty=is_third_party
        )
        browser = Browser(someone.tenant)
        browser.open(app.address(prompt="consent"))
        page = browser.submit("", identifier=someone.username, password=someone.password)
        if page.status != requests.codes.see_other:
            page = browser.submit("Let it in")
        app.redeem(page)

    return arrange


A_SECRET = "KVKFKRCPNZQUYMLXOVYDSQKJKZDTSRLD"
has_authenticator = has("POST", "mfa-verifications", type="Totp", secret=A_SECRET)
has_codes = both(has_authenticator, has("POST", "mfa-verifications", type="BackupCode"))
has_token = has("POST", "personal-access-tokens", name="Old printer")
has_github = has("PUT", "identities/github", userId="old-{number}", details={"id": "1"})


def has_item(find: Callable[[Someone], str]) -> Callable[[Someone], None]:
    """The one of their things that it is about."""

    def arrange(someone: Someone) -> None:
        someone.kept["item"] = find(someone)

    return arrange


def session(someone: Someone) -> str:
    return str(someone.ask("GET", "sessions")["sessions"][0]["payload"]["uid"])


def factor(someone: Someone) -> str:
    return str(someone.ask("GET", "mfa-verifications")[0]["id"])


def app(someone: Someone) -> str:
    grants = someone.ask("GET", "grants?appType=thirdParty")["grants"]
    return str(grants[0]["payload"]["clientId"])


def new_club(someone: Someone) -> str:
    """One that they do not belong to."""
    made = someone.ask("POST", "/organizations", {"name": f"Club {someone.number}"})
    return str(made["id"])


def has_club_to_join(someone: Someone) -> None:
    someone.kept["club"] = new_club(someone)


def tenant_role(someone: Someone) -> list[str]:
    roles = someone.ask("GET", "/roles?type=User")
    return [next(each["id"] for each in roles if not each["name"].startswith("accountsite"))]
