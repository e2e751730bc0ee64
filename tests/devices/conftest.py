"""Where alice is signed in, and Logto as her pages meet it."""

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from bs4 import BeautifulSoup
from django.test import Client

from accountsite.confirmation import proofs
from tests.conftest import ALICE, API, inspected
from tests.elsewhere.conftest import SID
from tests.elsewhere.conftest import Logto as Sessions
from tests.elsewhere.conftest import session as plain_session
from tests.logto import answers
from tests.signin.conftest import user

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
IN_ENGLISH = {"autoDetect": True, "fallbackLanguage": "en"}
LATENCY = 0.2  # seconds; so much later than its call comes the answer, where trips are counted


class Logto(Sessions):
    """The person, the tenant, where she is signed in, and what is trusted."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        self.sessions = [session("here", sid=SID)]
        self.person = user()
        self.center = answers.account_center(enabled=False)
        self.trusted: list[dict[str, Any]] | None = None
        self.spans: list[tuple[float, float]] = []
        self.latency = 0.0
        self._lock = threading.Lock()
        person = f"{API}/users/{ALICE}"
        for path, answer in {
            person: lambda: self.person,
            f"{API}/sign-in-exp": lambda: answers.sign_in_experience(languageInfo=IN_ENGLISH),
            f"{API}/account-center": lambda: self.center,
            f"{API}/custom-profile-fields": list,
        }.items():
            wire.add_callback(responses.GET, path, self._of(answer))
        wire.add_callback(responses.GET, f"{person}/trusted-devices", self._trusted)
        every = re.compile(rf"{re.escape(person)}/trusted-devices/.+")
        wire.add_callback(responses.DELETE, every, self._end)

    def lets(self, access: str) -> None:
        """Say what people may do with their sessions."""
        self.center = answers.account_center(enabled=True, fields={"session": access})

    def slows(self) -> None:
        """From now on, let answers take a while, for `round_trips`."""
        self.latency = LATENCY
        self.spans.clear()

    @property
    def round_trips(self) -> int:
        """How many of the calls since then had to wait for one another."""
        trips, until = 0, 0.0
        for began, ended in sorted(self.spans):
            if began >= until:
                trips, until = trips + 1, ended
        return trips

    def _of(self, answer: Callable[[], Any]) -> Callable[[Any], Any]:
        return lambda _request: self._answer("", answer())

    def _trusted(self, _request: Any) -> Any:
        if self.trusted is None:
            return 404, {"Content-Type": "text/plain"}, "Not Found"
        return self._answer("trusted", self.trusted)

    def _answer(self, name: str, body: Any) -> Any:
        began = time.monotonic()
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            self.spans.append((began, time.monotonic()))
        return super()._answer(name, body)


def session(
    name: str,
    *,
    sid: str = "",
    app: str = "",
    day: int = 20,
    proofs: tuple[str, ...] = ("Password",),
    seen: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A session that began at noon of one of these days of November, on an iPhone."""
    made = plain_session(name, sid=sid, app=app)
    at = int(datetime(2026, 11, day, 12, tzinfo=UTC).timestamp())
    made["payload"] |= {"loginTs": at, "iat": at}
    made["expiresAt"] = (at + 14 * 86_400) * 1000
    made["lastSubmission"] = {
        **made["lastSubmission"],
        "verificationRecords": [{"id": kind, "type": kind, "verified": True} for kind in proofs],
        "signInContext": {"ip": "192.0.2.1", "userAgent": IPHONE} if seen is None else seen,
    }
    return made


def also(made: dict[str, Any], app: str) -> dict[str, Any]:
    """The same session with another app in it."""
    held = made["payload"]["authorizations"]
    held[app] = {"sid": f"sid-{app}", "grantId": f"grant-{app}"}
    return made


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def sure(alice: Client) -> Client:
    """Alice, who has just proved that it's her."""
    return confirmed(alice)


def confirmed(client: Client) -> Client:
    """The same browser, after its person proved who they are."""
    kept = client.session
    proofs.note(kept)
    kept.save()
    return client


def html(response: Any) -> BeautifulSoup:
    """An answer to look around in; a whole page is held to our rules."""
    text = response.content.decode()
    return inspected(text) if "<!doctype" in text else BeautifulSoup(text, "html.parser")


def text_of(tag: Any) -> str:
    """What is to be read, in one line."""
    return " ".join(tag.get_text(" ").replace("\u202f", " ").split())
