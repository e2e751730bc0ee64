"""Logto as it knows where a person is signed in."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from django.conf import settings

from tests.conftest import ALICE, API
from tests.logto import answers

SID = "sid-1"
"""Of the session that `sign_in` gives."""


class Logto:
    """The sessions and grants of alice; a test sets what stands there, and what fails."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.sessions = [session("here", sid=SID)]
        self.grants: list[dict[str, Any]] = []
        self.ended: list[tuple[str, str]] = []
        self.asked: list[str] = []
        self.failing: dict[str, tuple[int, dict[str, str]]] = {}
        self.failing_once: set[str] = set()
        person = f"{API}/users/{ALICE}"
        wire.add_callback(responses.GET, f"{person}/sessions", self._sessions)
        wire.add_callback(responses.GET, f"{person}/grants", self._grants)
        for kind in ("sessions", "grants"):
            every = re.compile(rf"{re.escape(person)}/{kind}/.+")
            wire.add_callback(responses.DELETE, every, self._end)

    def fails(self, name: str, status: int = 503, code: str = "", *, once: bool = False) -> None:
        """Answer what is asked about this session, grant or list with a failure."""
        self.failing[name] = status, {"code": code, "message": "no"} if code else {}
        if once:
            self.failing_once.add(name)

    def _sessions(self, _request: Any) -> Any:
        return self._answer("sessions", {"sessions": self.sessions})

    def _grants(self, request: Any) -> Any:
        asked = parse_qs(urlsplit(request.url).query).get("appType", [""])[0]
        self.asked.append(asked)
        shown = [each for each in self.grants if asked in ("", each.get("appType", asked))]
        return self._answer("grants", {"grants": shown})

    def _end(self, request: Any) -> Any:
        url = urlsplit(request.url)
        name = url.path.rpartition("/")[2]
        self.ended.append((name, url.query))
        return self._answer(name, None)

    def _answer(self, name: str, body: Any) -> Any:
        if name in self.failing:
            status, refusal = self.failing[name]
            if name in self.failing_once:
                del self.failing[name]
            return status, {}, json.dumps(refusal)
        return (200, {}, json.dumps(body)) if body is not None else (204, {}, "")


def session(name: str, *, sid: str = "", app: str = "", grant: str = "") -> dict[str, Any]:
    """A session in which one app is signed in: this site, where no other is named."""
    made = answers.session()
    held = {"sid": sid or f"sid-of-{name}", "grantId": grant or f"grant-of-{name}"}
    authorizations = {app or settings.LOGTO_APP_ID: held}
    return {**made, "payload": {**made["payload"], "uid": name, "authorizations": authorizations}}


def grant(
    grant_id: str,
    *,
    app: str = "app1",
    is_own: bool = False,
    day: int = 1,
    scope: str = "openid profile",
    name: str = "",
) -> dict[str, Any]:
    """A grant of an app, of the first of these days of November and good for a day."""
    made = answers.grant(id=grant_id)
    at = int(datetime(2026, 11, day, 12, tzinfo=UTC).timestamp())
    return {
        **made,
        "payload": {
            **made["payload"],
            "clientId": app,
            "iat": at,
            "exp": at + 86_400,
            "openid": {"scope": scope},
        },
        "expiresAt": (at + 86_400) * 1000,
        "application": {"id": app, "name": name or app},
        "appType": "firstParty" if is_own else "thirdParty",
    }


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)
