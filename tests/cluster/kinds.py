"""Every kind of change: what is filled in where, and the call to Logto that it comes down to."""

import base64
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

import pyotp
import requests

from accountsite.audit.actions import Action
from tests.cluster.visitor import Page, Sending, Visitor, code_for, sending
from tests.demo.account.authenticator import Passkey
from tests.demo.account.owner import pick

DAY = 24 * 60 * 60 * 1000  # milliseconds
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Someone(Visitor):
    """Somebody with an account that was made for them, and an admin who may be asked to help."""

    id: str = ""
    number: int = 0
    admin: Visitor | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"{self.username}@example.com"

    @property
    def phone(self) -> str:
        return f"1202555{self.number:04}"

    @property
    def other_phone(self) -> str:
        return f"1202556{self.number:04}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Logto itself, about their account, or something else where the path begins with `/`."""
        path = path if path.startswith("/") else f"/users/{self.id}/{path}".rstrip("/")
        answer = self.tenant.management(method, path, json=body)
        assert answer.ok, f"{method} {path}: {answer.text}"
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A change of an account.

    `begin` goes as far as the form that makes it. `call` is what Logto then gets, its method and a
    pattern of its path. `page` has `was` on it before, and `becomes` after; either may be nothing.
    In paths and texts, `{id}` and the like are those of Someone.
    """

    action: Action
    begin: Callable[[Someone], Sending]
    call: tuple[str, str]
    page: str = "/activity/"
    can_repeat: bool = True  # whether the form is still there after it was done
    was: str = ""
    becomes: str = ""
    at_last: str | None = None  # what is on it in the end, if that is something else
    arrange: Callable[[Someone], object] = lambda someone: None
    is_by_admin: bool = False
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.action.value


def told(text: str, someone: Someone) -> str:
    """A text about somebody, filled in."""
    for name in ("id", "username", "email", "phone", "other_phone", "number"):
        text = text.replace(f"{{{name}}}", str(getattr(someone, name)))
    return text


# Ways to begin


def fill(
    path: str, files: Callable[[], dict[str, Any]] | None = None, **fields: Any
) -> Callable[[Someone], Sending]:
    """Open a page, and fill in its form."""

    def begin(someone: Someone) -> Sending:
        page = someone.open_confirmed(told(path, someone))
        given = {
            name: told(value, someone) if isinstance(value, str) else value
            for name, value in fields.items()
        }
        return sending(page, page.form(), given, files() if files else None)

    return begin


def follow(section: str, start: str, end: str = "") -> Callable[[Someone], Sending]:
    """Open a section, go to the first of its links that begins and ends so, and take its form."""

    def begin(someone: Someone) -> Sending:
        page = someone.open_confirmed(someone.open(section).link(start, end))
        return sending(page, page.form())

    return begin


def leave_another_device(someone: Someone) -> Sending:
    """Open the one device of the list that is not this one."""
    page = someone.open("/devices/")
    [path] = [
        str(link["href"])
        for link in page.html.select("main li a[href^='/devices/']")
        if "This device" not in link.find_parent("li").get_text()
    ]
    page = someone.open_confirmed(path)
    return sending(page, page.form())


def rename(section: str, start: str, **fields: str) -> Callable[[Someone], Sending]:
    """The same, with something else to be called."""

    def begin(someone: Someone) -> Sending:
        page = someone.open_confirmed(someone.open(section).link(start, "/name/"))
        return sending(page, page.form(), fields)

    return begin


def prove_address(name: str, address: str) -> Callable[[Someone], Sending]:
    """Have a code sent, and fill it in, unless one was right already."""

    def begin(someone: Someone) -> Sending:
        to = told(address, someone)
        page = someone.open_confirmed(f"/sign-in-methods/{name}/")
        code_path = f"/sign-in-methods/{name}/code/"
        if "Your code for" in page.text:
            return sending(page, page.form(code_path))
        page = someone.send(sending(page, page.form(), {"address": to}))
        code = code_for(someone.tenant, to.lstrip("+"))
        return sending(page, page.form(code_path), {"code": code})

    return begin


def scan(someone: Someone) -> Sending:
    """Add the secret of the page to an app, and fill in its code, unless one was right already."""
    page = someone.open_confirmed("/security/authenticator/")
    if "The code of your app was right" in page.text:
        return sending(page, page.form())
    secret = re.search(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b", page.text)
    assert secret, page.text
    code = pyotp.TOTP(secret[0].replace(" ", "")).now()
    return sending(page, page.form(), {"code": code})


def touch(someone: Someone) -> Sending:
    """Have a device make a passkey."""
    page = someone.open_confirmed("/security/passkeys/add/")
    form = page.form()
    options = json.loads(str(form["data-options"]))
    options = options.get("publicKey", options)
    credential = Passkey(origin=someone.site, id=secrets.token_bytes(16)).create(options)
    return sending(page, form, {"credential": json.dumps(credential), "name": "Pocket key"})


def visit_provider(someone: Someone) -> Page:
    """Go to GitHub, be somebody there, and stop before the way back."""
    page = someone.open_confirmed("/connections/link/github/")
    leave = page.html.find("a", href=re.compile("^/connections/leave/"))
    assert leave, page.text
    to = someone.http.get(
        urljoin(page.url, str(leave["href"])), allow_redirects=False, timeout=30
    ).headers["Location"]
    back = pick(to, someone.kept["at the provider"])
    return Page(f"{someone.site}/connections/callback/github/?{urlencode(back)}", 0, page.html)


def come_back(someone: Someone) -> Sending:
    """Come back from the provider."""
    return Sending(visit_provider(someone).url, None)


def help_with(slug: str, **fields: Any) -> Callable[[Someone], Sending]:
    """What an admin does."""

    def begin(someone: Someone) -> Sending:
        assert someone.admin is not None
        query = {"item": someone.kept["item"]} if "item" in someone.kept else {}
        path = f"/admin/directory/user/{someone.id}/{slug}/"
        page = someone.admin.open_confirmed(f"{path}?{urlencode(query)}" if query else path)
        given = {"reason": "They asked for it", **fields}
        given = {
            name: value(someone)
            if callable(value)
            else told(value, someone)
            if isinstance(value, str)
            else value
            for name, value in given.items()
        }
        return sending(page, page.form(), given)

    return begin


# What must be there first


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
    assert someone.send(touch(someone)).path == "/security/"


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

FACTORS = "/api/users/{id}/mfa-verifications"
USER = "/api/users/{id}$"

OWN = (
    Kind(
        action=Action.PROFILE_CHANGED,
        begin=fill("/profile/name/", value="New name {number}"),
        call=("PATCH", USER),
        page="/profile/",
        was="Old name {number}",
        becomes="New name {number}",
    ),
    Kind(
        name="profile.nickname",
        action=Action.PROFILE_CHANGED,
        begin=fill("/profile/nickname/", value="Nick {number}"),
        call=("PATCH", "/api/users/{id}/profile"),
        page="/profile/",
        becomes="Nick {number}",
    ),
    Kind(
        action=Action.AVATAR_CHANGED,
        begin=fill("/profile/avatar/", files=lambda: {"picture": ("me.png", PICTURE)}),
        call=("PATCH", USER),
        page="/profile/",
        becomes="avatar.webp",
    ),
    Kind(
        action=Action.AVATAR_REMOVED,
        arrange=has("PATCH", "", avatar="https://pictures.example.com/{number}.png"),
        begin=fill("/profile/avatar/removal/"),
        call=("PATCH", USER),
        page="/profile/",
        was="https://pictures.example.com/{number}.png",
    ),
    Kind(
        action=Action.CUSTOM_DATA_CHANGED,
        begin=fill("/privacy/custom-data/", text='{"berth": "Berth {number}"}'),
        call=("PATCH", "/api/users/{id}(/custom-data)?$"),
        page="/privacy/custom-data/",
        becomes="Berth {number}",
    ),
    Kind(
        action=Action.USERNAME_CHANGED,
        begin=fill("/sign-in-methods/username/", username="new_{username}"),
        call=("PATCH", USER),
        page="/sign-in-methods/",
        becomes="new_{username}",
    ),
    Kind(
        action=Action.EMAIL_CHANGE_STARTED,
        begin=fill("/sign-in-methods/email/", address="next-{email}"),
        call=("POST", "/api/verification-codes$"),
    ),
    Kind(
        action=Action.EMAIL_CHANGED,
        begin=prove_address("email", "new-{email}"),
        call=("PATCH", USER),
        page="/sign-in-methods/",
        becomes="<bdi>new-{email}</bdi></p>",
    ),
    Kind(
        action=Action.EMAIL_REMOVED,
        can_repeat=False,
        begin=fill("/sign-in-methods/email/removal/"),
        call=("PATCH", USER),
        page="/sign-in-methods/",
        was="{email}",
    ),
    Kind(
        action=Action.PHONE_CHANGED,
        begin=prove_address("phone", "+{other_phone}"),
        call=("PATCH", USER),
        page="/sign-in-methods/",
    ),
    Kind(
        action=Action.PHONE_REMOVED,
        can_repeat=False,
        arrange=has("PATCH", "", primaryPhone="{phone}"),
        begin=fill("/sign-in-methods/phone/removal/"),
        call=("PATCH", USER),
        page="/sign-in-methods/",
    ),
    Kind(
        action=Action.PASSWORD_CHANGED,
        begin=fill(
            "/security/password/", password="Harbour-Otter-{number}", again="Harbour-Otter-{number}"
        ),
        call=("PATCH", "/api/users/{id}/password"),
    ),
    Kind(
        action=Action.SESSIONS_ENDED,
        arrange=has_another_device,
        begin=fill("/devices/others/"),
        call=("DELETE", "/api/users/{id}/sessions/"),
        page="/devices/",
        # What the device may still do outlives its session, until it is done once more.
        was="/devices/others/",
        becomes="/devices/others/",
        at_last="",
    ),
    Kind(
        action=Action.SESSION_ENDED,
        arrange=has_another_device,
        begin=leave_another_device,
        call=("DELETE", "/api/users/{id}/sessions/"),
        page="/devices/",
        was="/devices/others/",
        becomes="/devices/others/",
        at_last="",
    ),
    Kind(
        action=Action.AUTHENTICATOR_ADDED,
        begin=scan,
        call=("POST", FACTORS),
        page="/security/",
        becomes="/security/authenticator/removal/",
    ),
    Kind(
        action=Action.AUTHENTICATOR_REPLACED,
        arrange=has_authenticator,
        begin=scan,
        call=("PUT", "/api/my-account/mfa-verifications/totp"),
        page="/security/",
        was="/security/authenticator/removal/",
        becomes="/security/authenticator/removal/",
    ),
    Kind(
        action=Action.AUTHENTICATOR_REMOVED,
        can_repeat=False,
        arrange=has_authenticator,
        begin=fill("/security/authenticator/removal/"),
        call=("DELETE", FACTORS),
        page="/security/",
        was="/security/authenticator/removal/",
    ),
    Kind(
        action=Action.BACKUP_CODES_GENERATED,
        arrange=has_authenticator,
        begin=fill("/security/backup-codes/"),
        call=("POST", FACTORS),
        page="/security/",
        becomes="/security/backup-codes/removal/",
    ),
    Kind(
        action=Action.BACKUP_CODES_REMOVED,
        can_repeat=False,
        arrange=has_codes,
        begin=fill("/security/backup-codes/removal/"),
        call=("DELETE", FACTORS),
        page="/security/",
        was="/security/backup-codes/removal/",
    ),
    Kind(
        action=Action.TWO_STEP_TURNED_OFF,
        arrange=has_authenticator,
        begin=fill("/security/two-step/", is_on=None),
        call=("PATCH", "/api/users/{id}/logto-configs"),
    ),
    Kind(
        action=Action.PASSKEY_ADDED,
        begin=touch,
        call=("POST", "/api/my-account/mfa-verifications$"),
        page="/security/",
        becomes="Pocket key",
    ),
    Kind(
        action=Action.PASSKEY_RENAMED,
        arrange=has_passkey,
        begin=rename("/security/", "/security/passkeys/", name="Other key"),
        call=("PATCH", "/api/my-account/mfa-verifications/.*/name"),
        page="/security/",
        was="Pocket key",
        becomes="Other key",
    ),
    Kind(
        action=Action.PASSKEY_REMOVED,
        can_repeat=False,
        arrange=has_passkey,
        begin=follow("/security/", "/security/passkeys/", "/removal/"),
        call=("DELETE", FACTORS),
        page="/security/",
        was="Pocket key",
    ),
    Kind(
        action=Action.CONNECTION_ADDED,
        arrange=will_be("2012"),
        begin=come_back,
        call=("POST", "/api/my-account/identities"),
        page="/connections/",
        becomes="Grace Gryphon",
    ),
    Kind(
        action=Action.CONNECTION_REPLACED,
        arrange=both(has_github, will_be("2011")),
        begin=come_back,
        call=("PUT", "/api/my-account/identities"),
        page="/connections/",
        becomes="Frank Fishfootman",
    ),
    Kind(
        action=Action.CONNECTION_REMOVED,
        can_repeat=False,
        arrange=has_github,
        begin=fill("/connections/removal/github/"),
        call=("DELETE", "/api/users/{id}/identities/github"),
        page="/connections/",
        was="/connections/removal/github/",
    ),
    Kind(
        action=Action.APP_REVOKED,
        can_repeat=False,
        arrange=lets_in(is_third_party=True),
        begin=follow("/apps/", "/apps/", "/"),
        call=("DELETE", "/api/users/{id}/grants/"),
        page="/apps/",
        was="Prints {number}",
    ),
    Kind(
        action=Action.TOKEN_CREATED,
        begin=fill("/tokens/new/", name="New printer"),
        call=("POST", "/api/users/{id}/personal-access-tokens$"),
        page="/tokens/",
        becomes="New printer",
    ),
    Kind(
        action=Action.TOKEN_RENAMED,
        arrange=has_token,
        begin=rename("/tokens/", "/tokens/", name="New printer"),
        call=("PATCH", "/api/users/{id}/personal-access-tokens"),
        page="/tokens/",
        was="Old printer",
        becomes="New printer",
    ),
    Kind(
        action=Action.TOKEN_REMOVED,
        can_repeat=False,
        arrange=has_token,
        begin=follow("/tokens/", "/tokens/", "/removal/"),
        call=("POST", "/api/users/{id}/personal-access-tokens/delete"),
        page="/tokens/",
        was="Old printer",
    ),
    Kind(
        action=Action.ORGANIZATION_LEFT,
        can_repeat=False,
        arrange=belongs,
        begin=follow("/organizations/", "/organizations/", "/leave/"),
        call=("DELETE", "/api/organizations/.*/users/{id}"),
        page="/organizations/",
        was="Club {number}",
    ),
    Kind(
        action=Action.INVITATION_ACCEPTED,
        can_repeat=False,
        arrange=is_invited,
        begin=follow("/organizations/", "/organizations/invitations/", "/accept/"),
        call=("PUT", "/api/organization-invitations/"),
        page="/organizations/",
        was="/accept/",
        becomes="/leave/",
    ),
    Kind(
        action=Action.INVITATION_DECLINED,
        can_repeat=False,
        arrange=is_invited,
        begin=follow("/organizations/", "/organizations/invitations/", "/decline/"),
        call=("PUT", "/api/organization-invitations/"),
        page="/organizations/",
        was="/decline/",
    ),
)


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


PERSON = "/admin/directory/user/{id}/change/"


def by_admin(slug: str, action: Action, call: tuple[str, str], **rest: Any) -> Kind:
    """What an admin does to somebody; fields of its form are in `fields`."""
    return Kind(
        name=f"{action.value}, admin, {slug}",
        action=action,
        call=call,
        begin=help_with(slug, **rest.pop("fields", {})),
        page=rest.pop("page", PERSON),
        is_by_admin=True,
        **rest,
    )


BY_ADMINS = (
    by_admin("reset-password", Action.PASSWORD_RESET, ("PATCH", "/api/users/{id}/password")),
    by_admin(
        "sign-out",
        Action.SESSIONS_ENDED,
        ("DELETE", "/api/users/{id}/sessions/"),
        arrange=has_another_device,
    ),
    by_admin(
        "end-session",
        Action.SESSION_ENDED,
        ("DELETE", "/api/users/{id}/sessions/"),
        arrange=both(has_another_device, has_item(session)),
    ),
    by_admin("unlock", Action.ACCOUNT_UNLOCKED, ("POST", "/api/sentinel-activities/delete")),
    by_admin("invite", Action.ACCOUNT_INVITED, ("POST", "/api/one-time-tokens$")),
    by_admin(
        "edit",
        Action.PROFILE_CHANGED,
        ("PATCH", USER),
        fields={"name": "New name {number}"},
        was="Old name {number}",
        becomes="New name {number}",
    ),
    by_admin(
        "profile",
        Action.PROFILE_CHANGED,
        ("PATCH", "/api/users/{id}/profile"),
        fields={"nickname": "Nick {number}"},
        becomes="Nick {number}",
    ),
    by_admin(
        "email",
        Action.EMAIL_CHANGED,
        ("PATCH", USER),
        fields={"email": "new-{email}"},
        becomes="new-{email}",
    ),
    by_admin("phone", Action.PHONE_CHANGED, ("PATCH", USER), fields={"phone": "+{other_phone}"}),
    by_admin("username", Action.USERNAME_REMOVED, ("PATCH", USER), fields={"username": ""}),
    by_admin(
        "roles",
        Action.ROLES_CHANGED,
        ("PUT", "/api/users/{id}/roles"),
        fields={"roles": tenant_role},
    ),
    by_admin(
        "join",
        Action.ORGANIZATIONS_CHANGED,
        ("POST", "/api/organizations/.*/users$"),
        arrange=has_club_to_join,
        fields={"organization": lambda someone: someone.kept["club"]},
        becomes="Club {number}",
    ),
    by_admin(
        "leave",
        Action.ORGANIZATIONS_CHANGED,
        ("DELETE", "/api/organizations/.*/users/{id}"),
        arrange=has_item(belongs),
        was="Club {number}",
        can_repeat=False,
    ),
    by_admin(
        "organization-roles",
        Action.ORGANIZATIONS_CHANGED,
        ("PUT", "/api/organizations/.*/users/{id}/roles"),
        arrange=has_item(belongs),
        fields={"roles": lambda someone: [role(someone, "admin")]},
    ),
    by_admin(
        "custom-data",
        Action.CUSTOM_DATA_CHANGED,
        ("PATCH", "/api/users/{id}(/custom-data)?$"),
        fields={"document": '{"berth": "Berth {number}"}'},
        becomes="Berth {number}",
    ),
    by_admin(
        "unlink",
        Action.CONNECTION_REMOVED,
        ("DELETE", "/api/users/{id}/identities/"),
        arrange=both(has_github, has_item(lambda someone: "github")),
        was="old-{number}",
    ),
    by_admin(
        "remove-factor",
        Action.AUTHENTICATOR_REMOVED,
        ("DELETE", FACTORS),
        arrange=both(has_authenticator, has_item(factor)),
    ),
    by_admin(
        "revoke-token",
        Action.TOKEN_REMOVED,
        ("POST", "/api/users/{id}/personal-access-tokens/delete"),
        arrange=both(has_token, has_item(lambda someone: "Old printer")),
        was="Old printer",
    ),
    by_admin(
        "revoke-app",
        Action.APP_REVOKED,
        ("DELETE", "/api/users/{id}/grants/"),
        arrange=both(lets_in(is_third_party=True), has_item(app)),
        was="Prints {number}",
    ),
    by_admin(
        "suspend",
        Action.ACCOUNT_SUSPENDED,
        ("PATCH", "/api/users/{id}/is-suspended"),
        was="/{id}/suspend/",
        becomes="/{id}/lift/",
    ),
    by_admin(
        "lift",
        Action.ACCOUNT_RESTORED,
        ("PATCH", "/api/users/{id}/is-suspended"),
        arrange=has("PATCH", "is-suspended", isSuspended=True),
        was="/{id}/lift/",
        becomes="/{id}/suspend/",
    ),
    by_admin(
        "delete",
        Action.ACCOUNT_DELETED,
        ("DELETE", USER),
        fields={"typed": "{email}"},
        page="/admin/directory/user/",
        was="Old name {number}",
        can_repeat=False,
    ),
)
