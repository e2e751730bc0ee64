"""What every test can ask for."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import django.test
import hypothesis
import pytest
import responses
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from redis import Redis

from accountsite import origin
from accountsite.logto import correlation
from accountsite.signin import services
from tests import emptying

pytest_plugins = ["tests.demo_process"]

# A busy machine is no failure: how long an example takes says nothing about the code.
hypothesis.settings.register_profile("patient", deadline=None)
# What is typed is cleaned before any database has it: on the second one a few examples will do.
hypothesis.settings.register_profile(
    "again", parent=hypothesis.settings(deadline=None), max_examples=25
)
hypothesis.settings.load_profile("again" if "TEST_SERVICES" in os.environ else "patient")

# What a test committed is deleted in a way of our own, even from the audit trail.
django.test.TransactionTestCase._fixture_teardown = emptying.empty

API = f"{settings.LOGTO_ENDPOINT}/api"
ALICE = "alice0000001"


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option for who runs everything twice, on one database and then on another."""
    parser.addoption(
        "--screen",
        choices=["desktop", "phone"],
        help="run what is the same on both screens on this one alone",
    )


def pytest_collection_finish() -> None:
    """Look for garbage less often: what was imported by now stays, and is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees what another left behind."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def outside_of_requests() -> Iterator[None]:
    """What an earlier test's request left in this thread is gone."""
    with origin.bound(origin.NOWHERE), correlation.bound(""):
        yield


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """The time, which a test may `shift` by seconds or a timedelta; it goes on meanwhile."""
    time_machine.move_to(datetime.now(UTC))
    return (
        time_machine if settings.REDIS_URL == "none" else Clocks(time_machine, settings.REDIS_URL)
    )


@dataclass
class Clocks:
    """The clock of this process and that of Redis, which knows nothing of the first."""

    ours: Any
    redis: str

    def shift(self, delta: timedelta | float) -> None:
        """Let time pass in both: what would have ended in Redis meanwhile has ended."""
        self.ours.shift(delta)
        passed = delta if isinstance(delta, timedelta) else timedelta(seconds=delta)
        with Redis.from_url(self.redis) as redis:
            for key in redis.scan_iter():
                if (left := redis.pttl(key)) >= 0:
                    redis.pexpire(key, timedelta(milliseconds=left) - passed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ours, name)


@pytest.fixture(autouse=True)
def wire() -> Iterator[responses.RequestsMock]:
    """Logto's side of the wire, with a token for the Management API; the rest a test adds.

    A call that no test foresaw fails at once: only this machine can be reached.
    """
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_passthru("http://localhost")
        mock.add_passthru("http://127.0.0.1")
        mock.post(
            f"{settings.LOGTO_ENDPOINT}/oidc/token",
            json={
                "access_token": "m2m",
                "expires_in": 3600,
                "token_type": "Bearer",
                "scope": "all",
            },
        )
        yield mock


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """Signs a client in as alice, as a sign-in would, without Logto."""

    def sign_in(client: Client, **account: Any) -> Client:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[services.ACCOUNT] = {
            "id": ALICE,
            "sid": "sid-1",
            "signed_in": int(time.time()),
            "name": "Alice Kim",
            "username": "alice",
            "email": "alice@example.com",
            "phone": None,
            "avatar": None,
        } | account
        store[services.TOKENS] = {"id_token": "an-id-token"}
        store.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        return client

    return sign_in


@pytest.fixture
def alice(client: Client, sign_in: Callable[..., Client]) -> Client:
    """A browser in which alice is signed in."""
    return sign_in(client)


HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def browse() -> Callable[[Client, str], BeautifulSoup]:
    """Fetches a whole page, as HTML that a test can look around in, and holds it to our rules."""

    def browse(client: Client, path: str, *, status: int = 200, **extra: Any) -> BeautifulSoup:
        response = client.get(path, **extra)
        assert response.status_code == status, response
        return inspected(response.content.decode())

    return browse


def inspected(html: str) -> BeautifulSoup:
    """The page, after a look at what every page of ours keeps."""
    page = BeautifulSoup(html, "html.parser")
    tags = page.find_all(True)
    headings = [tag for tag in tags if tag.name == "h1"]
    assert len(headings) == 1, "one h1"
    title, heading = (" ".join(tag.get_text().split()) for tag in (page.title, headings[0]))
    assert title.startswith(heading), f"{title!r} starts with {heading!r}"
    assert page.html["lang"], "the page names its language"
    ids = {tag["id"]: tag for tag in tags if "id" in tag.attrs}
    assert len(ids) == sum("id" in tag.attrs for tag in tags), "ids are unique"
    for tag in tags:
        assert "style" not in tag.attrs, "no inline style"
        assert tag.name != "style", "no inline style sheet"
        assert tag.name != "script" or tag.get("src"), "no inline script"
        assert not any(name.startswith(("on", "hx-on")) for name in tag.attrs), "no inline handlers"
        if tag.name == "form":
            assert tag.get("action"), "every form says where it goes"
            if tag.get("method", "get").lower() == "post":
                assert tag.find("input", {"name": "csrfmiddlewaretoken"}), "a CSRF token"
        if tag.name in {"input", "select", "textarea"}:
            is_seen = tag.get("type") not in {"hidden", "submit", "button"}
            assert not is_seen or _is_labelled(page, tag), f"a label for {tag}"
        for text in (tag.get("aria-describedby", ""), tag.get("aria-labelledby", "")):
            assert all(name in ids for name in text.split()), f"{text} is on the page"
    return page


def _is_labelled(page: BeautifulSoup, field: Any) -> bool:
    return bool(
        field.get("aria-label")
        or field.get("aria-labelledby")
        or field.find_parent("label")
        or (field.get("id") and page.find("label", {"for": field["id"]}))
    )
