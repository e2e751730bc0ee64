"""Browsers, and Logto as it is asked about alice."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from tests.conftest import ALICE, API
from tests.logto import answers
from tests.signin.conftest import user

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/{version}.0.0.0 Safari/537.36"
)
CHROME = WINDOWS.format(version=156)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0"


class Logto:
    """Alice, and her sign-ins as the log has them, newest first."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.log: list[dict[str, Any]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.is_down = False
        wire.add_callback(responses.GET, f"{API}/users/{ALICE}", self._person)
        wire.add_callback(responses.GET, f"{API}/logs", self._logs)
        self.person = user()

    def also(self, account_id: str) -> None:
        """Know somebody else, too."""
        self.wire.get(f"{API}/users/{account_id}", json=user(id=account_id))

    def signed_in(self, *, user_agent: str, address: str, at: Any, **payload: Any) -> None:
        """Let the log tell of a sign-in before the others."""
        told = {"ip": address, "userAgent": user_agent, "userId": ALICE, "result": "Success"}
        created_at = int(at.timestamp() * 1000)
        row = answers.log(id=f"l{len(self.log)}", payload=told | payload, createdAt=created_at)
        self.log.append(row)

    def _person(self, _request: Any) -> Any:
        return self._answer(self.person)

    def _logs(self, request: Any) -> Any:
        self.asked.append(parse_qs(urlsplit(request.url).query))
        return self._answer(self.log)

    def _answer(self, body: Any) -> Any:
        return (503, {}, "") if self.is_down else (200, {}, json.dumps(body))


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)
