"""A browser without JavaScript, which notes every answer of the site."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from requests.adapters import HTTPAdapter

from tests.chaos.records import CLIENT_ERROR, Answer, Record

PATIENCE = 90.0  # seconds; the proxy gives up before
MOST_REDIRECTS = 12
INVALID = 422
UNSENT = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass(frozen=True, slots=True)
class Page:
    """Where a browser is. `first` is the status of the first answer on the way there.

    `way` has the paths of the site that it was at on that way, this one too.
    """

    url: str
    status: int
    first: int
    html: BeautifulSoup
    content: bytes = b""
    way: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def is_good(self) -> bool:
        return 0 < self.status < CLIENT_ERROR

    def has(self, selector: str) -> bool:
        """Whether there is such an element."""
        return self.html.select_one(selector) is not None

    def texts(self, selector: str) -> list[str]:
        """What such elements say."""
        return [" ".join(found.get_text().split()) for found in self.html.select(selector)]

    def form(self, action: str) -> Tag | None:
        """The form that is sent to this path."""
        return next(
            (
                form
                for form in self.html.find_all("form", method="post")
                if urlsplit(urljoin(self.url, str(form.get("action", "")))).path == action
            ),
            None,
        )


class _From(HTTPAdapter):
    """Connections from an address of one's own, so that limits see different clients."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, source_address=(self.address, 0))


class Browser:
    """One person's browser. `arrived` and the like are noted in the record for the site alone."""

    def __init__(self, site: str, record: Record, *, person: str, address: str) -> None:
        self.site = site
        self.record = record
        self.person = person
        self.request_ids: list[str] = []
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers.update(
            {
                "Accept": "text/html",
                "Accept-Language": "en",
                "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            }
        )
        self.http.mount("http://", _From(address))

    def open(self, url: str) -> Page:
        """Go to an address, or a path of the site, and where it leads."""
        return self._follow("GET", urljoin(self.site, url))

    def send(
        self,
        page: Page,
        form: Tag,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> Page:
        """Send a form of the page with these fields filled in."""
        data = {**fields_of(form), **(values or {})}
        url = urljoin(page.url, str(form["action"]))
        return self._follow("POST", url, data=data, files=files)

    def _follow(self, method: str, url: str, **options: Any) -> Page:
        first, way = 0, []
        for _turn in range(MOST_REDIRECTS):
            response = self._ask(method, url, **options)
            if self._is_of_the_site(url):
                way.append(urlsplit(url).path)
            first = first or (response.status_code if response is not None else 0)
            if response is None:
                return Page(url, 0, first, BeautifulSoup("", "html.parser"), way=tuple(way))
            if not response.is_redirect:
                is_html = response.headers.get("Content-Type", "").startswith("text/html")
                html = BeautifulSoup(response.text if is_html else "", "html.parser")
                status, content = response.status_code, response.content
                return Page(url, status, first, html, content, tuple(way))
            url = urljoin(url, response.headers["Location"])
            method, options = "GET", {}
        raise AssertionError(f"{url} leads nowhere")

    def _ask(self, method: str, url: str, **options: Any) -> requests.Response | None:
        began = time.monotonic()
        try:
            response = self.http.request(
                method, url, allow_redirects=False, timeout=PATIENCE, **options
            )
        except requests.RequestException:
            response = None
        if self._is_of_the_site(url):
            self._note(method, url, began, response)
        return response

    def _is_of_the_site(self, url: str) -> bool:
        return url.startswith(f"{self.site}/")

    def _note(
        self, method: str, url: str, began: float, response: requests.Response | None
    ) -> None:
        request_id = response.headers.get("X-Request-ID", "") if response is not None else ""
        if request_id:
            self.request_ids.append(request_id)
        self.record.answers.append(
            Answer(
                person=self.person,
                method=method,
                path=urlsplit(url).path,
                status=response.status_code if response is not None else 0,
                began=began,
                ended=time.monotonic(),
                request_id=request_id,
                words=words_of(response) if response is not None else "",
            )
        )


def words_of(response: requests.Response) -> str:
    """What a page of the site that refuses something tells; empty if it is not one of its pages.

    A proxy's page has no id of a request, and Django's own have no style sheet of ours. A form that
    is shown again has to say what is wrong with it.
    """
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code < CLIENT_ERROR or not is_html:
        return ""
    if not response.headers.get("X-Request-ID"):
        return ""
    html = BeautifulSoup(response.text, "html.parser")
    if html.find("link", rel="stylesheet") is None or html.find("main") is None:
        return ""
    places = ["[role=alert]", ".errors", *([] if response.status_code == INVALID else ["main p"])]
    texts = (" ".join(found.get_text().split()) for each in places for found in html.select(each))
    return next((text for text in texts if text), "")


def fields_of(form: Tag) -> dict[str, str]:
    """What a form would send as it stands."""
    values: dict[str, str] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name", "")), str(field.get("type", "text"))
        if not name or (field.name == "input" and kind in UNSENT):
            continue
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values[name] = str(chosen.get("value", "")) if chosen else ""
        elif field.name == "textarea":
            values[name] = field.get_text().removeprefix("\n")
        else:
            values[name] = str(field.get("value", "on" if kind == "checkbox" else ""))
    return values
