"""What people come for. A journey is a few of these acts, in an order of their own."""

import io
import json
import re
from collections.abc import Callable, Mapping

import pyotp
from PIL import Image

from tests.chaos.browser import Page
from tests.chaos.people import Person
from tests.chaos.records import Said

SECTIONS = (
    "/",
    "/profile/",
    "/sign-in-methods/",
    "/security/",
    "/connections/",
    "/devices/",
    "/apps/",
    "/tokens/",
    "/organizations/",
    "/activity/",
    "/privacy/",
)
USER = r"/api/users/[^/]+"


def look_around(person: Person) -> None:
    """Every section, once."""
    for path in person.dice.sample(SECTIONS, len(SECTIONS)):
        person.open(path)
        person.pause()


def rename(person: Person) -> None:
    """Another name."""
    name = f"{person.dice.choice(NAMES)} {person.dice.randrange(1000)}"
    person.change(
        "name",
        "/profile/name/",
        writes=f"PATCH {USER}$",
        values=lambda page: in_text(page, "/profile/name/", name),
        fact="name",
        value=name,
    )


def choose_picture(person: Person) -> None:
    """A picture in which no pixel is like its neighbour, so that it takes some room."""
    picture = _picture()
    person.change(
        "picture",
        "/profile/avatar/",
        writes=f"PATCH {USER}$",
        files=lambda: {"picture": ("me.png", picture, "image/png")},
    )


def note(person: Person) -> None:
    """Custom data that are other ones than before."""
    written = json.dumps({"note": person.dice.randrange(10**6)})
    person.change(
        "custom data",
        "/privacy/custom-data/",
        writes=rf"PATCH {USER}(/custom-data)?$",
        values={"text": written},
        fact="customData",
        value=written,
    )


def change_email(person: Person) -> None:
    """Another address, proved by the code that it gets."""
    address = f"{person.name}-{person.dice.randrange(10**6)}@example.net"
    tenant = person.world.tenant

    def code(page: Page) -> Mapping[str, str] | None:
        return {"code": tenant.newest_code(address) or "000000"}

    sent = person.change(
        "email, code",
        "/sign-in-methods/email/",
        writes="POST /api/verification-codes$",
        values={"address": address},
        done="form[action='/sign-in-methods/email/code/']",
    )
    if sent.said is Said.DONE:
        person.change(
            "email",
            "/sign-in-methods/email/code/",
            writes=f"PATCH {USER}$",
            values=code,
            fact="primaryEmail",
            value=address,
        )


def change_username(person: Person) -> None:
    """Another name to sign in with. What they type at sign-in from then on is their address."""
    username = f"{person.name}_{person.dice.randrange(10**6)}"
    act = person.change(
        "username",
        "/sign-in-methods/username/",
        writes=f"PATCH {USER}$",
        values={"username": username},
        fact="username",
        value=username,
    )
    if act.said is Said.DONE or person.is_uncertain_of("username"):
        person.identifiers.insert(0, username)


def change_password(person: Person) -> None:
    """Another password. Where nobody knows whether it holds, they find out as people do."""
    new = f"Chaos {person.dice.randrange(10**9)} is no plan!"
    act = person.change(
        "password",
        "/security/password/",
        writes=f"PATCH {USER}/password$",
        values={"password": new, "again": new},
    )
    if act.said is Said.DONE:
        person.passwords = [new]
    elif person.is_uncertain_of("password"):
        person.passwords.insert(0, new)


def use_an_authenticator(person: Person) -> None:
    """Add an authenticator app, and remove it again."""

    def code(page: Page) -> Mapping[str, str] | None:
        if page.form("/security/authenticator/") and not page.has("input[name=code]"):
            return {}  # proved before, and only not yet written
        secrets = page.texts("#setup-key")
        return {"code": pyotp.TOTP(secrets[0].replace(" ", "")).now()} if secrets else None

    added = person.change(
        "authenticator",
        "/security/authenticator/",
        writes=rf"POST {USER}/mfa-verifications$",
        values=code,
        done=f"{SUCCESS}, #backup-codes",
    )
    if added.said is Said.DONE:
        person.change(
            "authenticator, removal",
            "/security/authenticator/removal/",
            writes=rf"DELETE {USER}/mfa-verifications/",
        )


def use_tokens(person: Person) -> None:
    """Make a token, and remove it again."""
    name = f"script {person.dice.randrange(10**6)}"
    made = person.change(
        "token",
        "/tokens/new/",
        writes=f"POST {USER}/personal-access-tokens$",
        values={"name": name},
        done="#new-token",
    )
    page = person.open("/tokens/")
    link = page.html.find("a", href=re.compile(r"^/tokens/[^/]+/removal/$"))
    if made.said is Said.DONE and link is not None:
        person.change(
            "token, removal",
            str(link["href"]),
            writes=rf"(POST|DELETE) {USER}/personal-access-tokens",
        )


def sign_out_elsewhere(person: Person) -> None:
    """Sign in in another browser, and end that session from this one."""
    other = person.another_browser()
    if person.sign_in_with(other):
        person.change(
            "other sessions",
            "/devices/others/",
            writes=rf"DELETE {USER}/sessions/",
        )


def end_access(person: Person) -> None:
    """Look at the apps, and take back what the first of them may do."""
    page = person.open("/apps/")
    link = page.html.find("a", href=re.compile(r"^/apps/[^/]+/$"))
    if link is not None:
        person.open(str(link["href"]))


def sign_out(person: Person) -> None:
    """Leave."""
    page = person.open("/sign-out/")
    form = page.form("/sign-out/")
    if form is not None:
        person.is_signed_in = False
        person.browser.send(page, form)


SUCCESS = ".message--success"
NAMES = ("Ada", "Bo", "Chae-won", "Dara", "Élodie", "Farah", "Gabriel", "Ha-eun")
ACTS: tuple[Callable[[Person], None], ...] = (
    rename,
    choose_picture,
    note,
    change_email,
    change_username,
    change_password,
    use_an_authenticator,
    use_tokens,
    sign_out_elsewhere,
    end_access,
)


def in_text(page: Page, action: str, text: str) -> Mapping[str, str] | None:
    """This text in the first field of a form in which one can write."""
    form = page.form(action)
    field = form.find("input", type="text") if form else None
    return {str(field["name"]): text} if field else None


def _picture() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((600, 600), 80).convert("RGB").save(written, "PNG")
    return written.getvalue()
