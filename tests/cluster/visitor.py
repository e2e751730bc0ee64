"""Somebody with a browser that draws nothing: opens pages, fills forms in, and sends them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from requests.adapters import HTTPAdapter

from tests.demo_process import Tenant

PATIENCE = 30.0  # seconds
NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass(frozen=True, slots=True)
class Page:
    """Where a visitor is."""

    url: str
    status: int
    html: BeautifulSoup

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        """What people read on it."""
        return " ".join((self.html.find("main") or self.html).get_text(" ").split())

    def form(self, action: str = "") -> Tag:
        """The form that goes to this path, or to where the page is; the last, if there are more."""
        forms = self.html.find_all("form", method="post")
        wanted = action or self.path
        found = [form for form in forms if self._path(form.get("action", "")) == wanted]
        assert found, f"{self.path} has no form for {wanted}, {self.status}: {self.text[:600]}"
        return found[-1]

    def link(self, start: str, end: str = "") -> str:
        """The path of the first link in the page's own part that begins and ends so."""
        links = self.html.select("main a[href]")
        paths = [self._path(str(link["href"])) for link in links]
        found = [
            path
            for path in paths
            if path.startswith(start) and path.endswith(end) and path != start
        ]
        assert found, f"{self.path} has no link to {start}…{end}: {paths}"
        return found[0]

    def _path(self, address: str) -> str:
        return urlsplit(urljoin(self.url, address)).path


@dataclass(frozen=True, slots=True)
class Sending:
    """A form, filled in, that can be sent at any moment; without data, an address to go to."""

    url: str
    data: dict[str, Any] | None
    files: Mapping[str, Any] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.data is None else "POST"


class From(HTTPAdapter):
    """Connections from an address of one's own: limits see different people."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, source_address=(self.address, 0))


@dataclass
class Visitor:
    """One person at one browser."""

    site: str
    tenant: Tenant
    username: str
    password: str
    address: str = "127.0.0.1"
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False
        self.http.mount("http://", From(self.address))
        self.http.headers.update(
            {
                "Accept": "text/html",
                "Accept-Language": "en",
                "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            }
        )

    def at(self, number: int) -> Self:
        """From now on it is this site of the stack that answers them, as long as it is there."""
        self.http.headers["X-Site"] = str(number)
        return self

    def in_another_tab(self) -> Self:
        """The same browser, which can wait for two pages at the same time."""
        tab = replace(self, http=requests.Session())
        tab.http.cookies.update(self.http.cookies)
        return tab

    def sign_in(self) -> None:
        """By username and password, at the tenant."""
        page = self.open("/")
        form = page.form("/sign-in")
        filled = {"identifier": self.username, "password": self.password}
        page = self.send(sending(page, form, filled))
        if page.html.find("input", attrs={"name": "decision"}) or "/consent" in page.path:
            page = self.send(sending(page, page.html.find("form")))
        assert page.url == f"{self.site}/", f"{page.url}: {page.text[:600]}"

    def open(self, path: str) -> Page:
        """A page of the site, or where it leads."""
        return self._arrive(self.http.get(urljoin(self.site, path), timeout=PATIENCE))

    def open_confirmed(self, path: str) -> Page:
        """The same, proving that it's them where that is asked, by password."""
        page = self.open(path)
        if page.path != "/confirm/":
            return page
        form = page.form("/confirm/password/")
        return self.send(sending(page, form, {"password": self.password}))

    def send(self, sending: Sending, **headers: str) -> Page:
        """Send a form, and go where it leads."""
        return self._arrive(
            self.http.request(
                sending.method,
                sending.url,
                data=sending.data,
                files=sending.files,
                headers=headers,
                timeout=PATIENCE,
            )
        )

    def _arrive(self, response: requests.Response) -> Page:
        return Page(response.url, response.status_code, BeautifulSoup(response.text, "html.parser"))


def sending(
    page: Page,
    form: Tag,
    filled: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
) -> Sending:
    """A form as it stands, with these fields filled in; None leaves one out."""
    data = {**_fields(form), **(filled or {})}
    data = {name: value for name, value in data.items() if value is not None}
    return Sending(urljoin(page.url, str(form.get("action", ""))), data, files)


def code_for(tenant: Tenant, address: str) -> str:
    """The code that was sent to an address just now, or is about to be."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if code := tenant.newest_code(address):
            return code
        time.sleep(0.05)
    raise AssertionError(f"no code came to {address}")


def _fields(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in form.find_all(["input", "textarea", "select"]):
        name, kind = each.get("name"), each.get("type", "text")
        if not name or (each.name == "input" and kind in NOT_SENT):
            continue
        if each.name == "select":
            values[name] = _chosen(each)
        elif each.name == "textarea":
            values[name] = each.get_text().removeprefix("\n")
        elif kind not in {"checkbox", "radio"}:
            values[name] = each.get("value", "")
        elif each.has_attr("checked"):
            values.setdefault(name, []).append(each.get("value", "on"))
    return values


def _chosen(select: Tag) -> Any:
    chosen = [option.get("value", "") for option in select.find_all("option", selected=True)]
    if select.has_attr("multiple"):
        return chosen
    first = select.find("option")
    return [*chosen, first.get("value", "") if first else ""][0]
