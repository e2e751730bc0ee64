"""Ways to begin a change: as far as its form, filled in and not sent."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urljoin

import pyotp

from tests.cluster.people import Someone, told
from tests.cluster.visitor import Page, Sending, code_for, sending
from tests.demo.account.authenticator import Passkey
from tests.demo.account.owner import pick


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
    others = [
        str(link["href"])
        for link in page.html.select("main li a[href^='/devices/']")
        if "This device" not in link.find_parent("li").get_text()
    ]
    assert others, f"there is no other device: {page.text[:300]}"
    page = someone.open_confirmed(others[0])
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


def add_somebody(someone: Someone) -> Sending:
    """What an admin does to make an account: somebody like this one, with another address."""
    assert someone.admin is not None
    page = someone.admin.open_confirmed("/admin/directory/user/add/")
    given = {
        "email": f"made-{someone.email}",
        "name": f"Made {someone.number}",
        "begins": "code",
        "reason": "They asked for it",
    }
    return sending(page, page.form(), given)
