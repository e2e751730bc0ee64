"""Logto's side of the wire, as the tests of its calls want it."""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from tests.conftest import API


class Sent(NamedTuple):
    """A request as Logto would see it. The path stands without `/api`."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class Logto:
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire

    def answers(
        self,
        method: str,
        path: str,
        answer: Any = None,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer a path from now on; text goes as text, anything else as JSON, None as nothing."""
        content: dict[str, Any] = {"json": answer}
        if isinstance(answer, str) or answer is None:
            content = {"body": answer or "", "content_type": "text/plain"}
        self.wire.add(method, f"{API}{path}", status=status, headers=headers, **content)

    def refuses(
        self, method: str, path: str, status: int, code: str, data: Any = None, **kwargs: Any
    ) -> None:
        """Refuse a path as Logto does."""
        extra = {"data": data} if data is not None else {}
        answer = {"code": code, "message": "Logto's own words.", **extra}
        self.answers(method, path, answer, status=status, **kwargs)

    @property
    def requests(self) -> list[Any]:
        """What was sent, but for token requests."""
        return [
            call.request
            for call in self.wire.calls
            if urlsplit(call.request.url).path != "/oidc/token"
        ]

    @property
    def sent(self) -> Sent:
        """The last request."""
        request = self.requests[-1]
        url = urlsplit(request.url)
        is_json = request.headers.get("Content-Type") == "application/json"
        return Sent(
            request.method,
            url.path.removeprefix("/api"),
            dict(parse_qsl(url.query, keep_blank_values=True)),
            json.loads(request.body) if is_json and request.body else request.body,
        )


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    """A Logto that knows nothing yet but how to issue tokens."""
    return Logto(wire)
