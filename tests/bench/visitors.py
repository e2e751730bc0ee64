"""People who sign in as people do, and the requests that they then send over and over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from bs4 import BeautifulSoup

from tests.demo_process import Tenant

BROWSER = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/156.0.0.0 Safari/537.36"
    ),
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.9",
}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGES = {
    "overview": "/",
    "profile": "/profile/",
    "security": "/security/",
    "devices": "/devices/",
    "activity": "/activity/",
}
CHANGED = "/profile/name/"
NAMES = ("Ada", "Grace")


@dataclass
class Visitor:
    """A browser in which somebody is signed in."""

    origin: str
    http: requests.Session

    def get(self, path: str, **options: Any) -> requests.Response:
        """A page of the site, which comes."""
        response = self.http.get(self.origin + path, timeout=60, **options)
        assert response.ok, response
        return response

    def request(
        self, path: str, *, form: Mapping[str, str] | None = None, keeps_alive: bool = True
    ) -> str:
        """What goes over the wire for a page, or for a form that is sent by htmx."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        headers = {"Host": urlsplit(self.origin).netloc, **BROWSER, "Cookie": cookies}
        headers["Connection"] = "keep-alive" if keeps_alive else "close"
        body = ""
        if form is not None:
            body = urlencode(form)
            headers |= HTMX | {
                "Origin": self.origin,
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(body)),
            }
        lines = [f"{name}: {value}" for name, value in headers.items()]
        method = "GET" if form is None else "POST"
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", body])

    def changes(self) -> list[dict[str, str]]:
        """Two forms that change the own name, each of which undoes the other."""
        return [self._change(name) for name in (NAMES[1], NAMES[0])]

    def send(self, form: Mapping[str, str]) -> requests.Response:
        """Make such a change."""
        headers = HTMX | {"Origin": self.origin}
        sent = self.http.post(self.origin + CHANGED, data=form, headers=headers, timeout=60)
        assert sent.ok, sent.text
        return sent

    def _change(self, name: str) -> dict[str, str]:
        """The form that gives this name in place of the one there is, once it was sent."""
        shown = self._form()
        assert shown["value"] != name, "nothing would change"
        form = shown | {"value": name}
        self.send(form)
        return form

    def _form(self) -> dict[str, str]:
        page = BeautifulSoup(self.get(CHANGED).text, "html.parser")
        fields = page.select("form.edit input[name]")
        return {str(field["name"]): str(field.get("value", "")) for field in fields}


def sign_in(origin: str, tenant: Tenant, username: str, password: str) -> Visitor:
    """Go to the site, and through the tenant's pages back to it."""
    http = requests.Session()
    http.trust_env = False
    http.headers.update(BROWSER)
    asked = http.get(origin, timeout=60)
    assert asked.url.startswith(tenant.endpoint), asked.url
    form = BeautifulSoup(asked.text, "html.parser").find("form")
    assert form is not None
    token = form.find("input", {"name": "csrfmiddlewaretoken"})
    assert token is not None
    home = http.post(
        tenant.endpoint + re.sub(r"^https?://[^/]+", "", str(form["action"])),
        data={
            "csrfmiddlewaretoken": token["value"],
            "identifier": username,
            "password": password,
        },
        headers={"Referer": asked.url},
        timeout=60,
    )
    assert home.url.rstrip("/") == origin, (home.url, home.text)
    return Visitor(origin, http)


def newcomers(origin: str, tenant: Tenant, count: int) -> list[Visitor]:
    """So many people whom the tenant did not know before, each in a browser of their own."""
    found = []
    for number in range(count):
        who = {"username": f"visitor_{number}", "password": "Drizzle-Cobalt-58", "name": NAMES[0]}
        answer = tenant.management("POST", "/users", json=who)
        assert answer.ok or answer.status_code == 422, answer.text  # they are known already
        found.append(sign_in(origin, tenant, who["username"], who["password"]))
    return found
