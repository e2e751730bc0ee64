"""The site as others reach it: by SITE_URL, with a name, a certificate and proxies before it."""

import functools
import json
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

import certifi
import urllib3
from django.conf import settings
from django.urls import reverse

from accountsite.doctor import echo
from accountsite.doctor.echo import Echo
from accountsite.logto import status
from accountsite.logto.status import Trouble

SECONDS = urllib3.Timeout(connect=2.0, read=5.0)
MOST_BYTES = 4096
OK, BAD_REQUEST, NOT_FOUND = 200, 400, 404
PROXY_ERRORS = {502, 503, 504}
REDIRECTS = {301, 302, 307, 308}


class Answer(StrEnum):
    """What kind of answer there was."""

    ECHO = "echo"
    LOOP = "loop"
    STRANGER = "stranger"
    HOST = "host"  # the site takes no other name than its own
    PROXY = "proxy"  # somebody answers for the site, who does not reach it
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What was seen. `trouble` says why nothing was; `echo` is there with `Answer.ECHO` alone."""

    trouble: Trouble | None = None
    answer: Answer = Answer.OTHER
    status: int = 0
    echo: Echo | None = None
    has_hsts: bool = False


def view() -> View:
    """Call the site as a browser would, and have it say what it sees. Raises nothing."""
    query = urlencode({"q": echo.question()})
    address = f"{settings.SITE_URL}{reverse('doctor:echo')}?{query}"
    try:
        response = _pool().request(
            "GET",
            address,
            headers={"X-Forwarded-For": echo.FORGED, "User-Agent": "accountsite-doctor"},
            timeout=SECONDS,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        body = response.read(MOST_BYTES)
        response.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        return View(trouble=status.trouble(error))
    return _view(address, response, body)


def _view(address: str, response: urllib3.BaseHTTPResponse, body: bytes) -> View:
    said = _echo(body) if response.status == OK else None
    answer = Answer.ECHO if said else Answer.OTHER
    if response.status in REDIRECTS and _is_same(response.headers.get("location", ""), address):
        answer = Answer.LOOP
    elif response.status == NOT_FOUND:
        answer = Answer.STRANGER
    elif response.status == BAD_REQUEST:
        answer = Answer.HOST
    elif response.status in PROXY_ERRORS:
        answer = Answer.PROXY
    return View(
        answer=answer,
        status=response.status,
        echo=said,
        has_hsts="strict-transport-security" in response.headers,
    )


def _is_same(location: str, address: str) -> bool:
    """Whether it leads to where it came from. Proxies leave the port out of the Host header."""
    there, here = urlsplit(location), urlsplit(address)
    return (there.scheme, there.hostname, there.path, there.query) == (
        here.scheme,
        here.hostname,
        here.path,
        here.query,
    )


def _echo(body: bytes) -> Echo | None:
    try:
        said = json.loads(body)
        return Echo(
            believes_forged=bool(said["believes_forged"]),
            proxies=int(said["proxies"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


@functools.cache
def _pool() -> urllib3.PoolManager:
    """It trusts whom the calls to Logto trust."""
    return urllib3.PoolManager(ca_certs=settings.CA_BUNDLE or certifi.where(), num_pools=1)
