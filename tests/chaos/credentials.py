"""Changing what proves who one is, or stands for one elsewhere."""

import re
from collections.abc import Mapping

import pyotp

from tests.chaos.browser import Page
from tests.chaos.people import DONE, TRIES, USER, Person, said_by
from tests.chaos.records import CLIENT_ERROR, SERVER_ERROR, Said

# Those that a site can link without the person's own token.
PROVIDERS = ("github", "google")
# Where the site has the person's own proof it binds by the Account API, which keeps more.
BINDING = rf"(POST {USER}|(POST|PUT) /api/my-account)/identities$"
CALLBACK = "/connections/callback/"


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
        done=f"{DONE}, #backup-codes",
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


def use_a_connection(person: Person) -> None:
    """Connect an account elsewhere, and disconnect it again."""
    provider = person.dice.choice(PROVIDERS)
    said = Said.NOT_ASKED
    for turn in range(TRIES):
        said = _connect(person, provider)
        if said in {Said.DONE, Said.REFUSED}:
            break
        person.wait(turn)
    if said is Said.DONE:
        person.change(
            "connection, removal",
            f"/connections/removal/{provider}/",
            writes=rf"DELETE {USER}/identities/",
        )


def _connect(person: Person, provider: str) -> Said:
    """Go there, be somebody whom nobody has linked, and come back."""
    with person.act("connection", writes=BINDING) as act:
        page = person.open(f"/connections/link/{provider}/")
        link = page.html.find("a", href=re.compile("^/connections/leave/"))
        there = person.browser.open(str(link["href"])) if link else page
        form = there.html.find("form", action=re.compile("^/demo/provider/"))
        if form is not None:
            act.said = Said.UNCERTAIN
            back = person.browser.send(there, form, {"account": "new"})
            back = person.stayed(CALLBACK, back)
            act.said = said_by(back, done=DONE)
            if back.path.startswith(CALLBACK) and CLIENT_ERROR <= back.status < SERVER_ERROR:
                act.said = Said.REFUSED
    return act.said
