"""Logto as this section meets it: alice, and the tokens that she has."""

import json
from datetime import timedelta
from typing import Any

import pytest
import responses
from django.test import Client
from django.utils import timezone

from accountsite.confirmation import proofs
from tests.conftest import ALICE, API
from tests.logto import answers
from tests.round_trips import RoundTrips
from tests.signin.conftest import user

VALUE = "pat_0123456789abcdef0123456789abcdef"
TOKENS = f"{API}/users/{ALICE}/personal-access-tokens"


class Logto:
    """What it holds, and what it was told to change."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.person = user(primaryEmail="alice@example.com")
        self.tokens: list[dict[str, Any]] = []
        self.writes: list[Any] = []
        self.answers: list[Any] = []
        """How to answer the next writes instead: a status, or (status, code)."""
        self.meanwhile: Any = lambda: None
        """What happens elsewhere before the next write."""
        self.trips = RoundTrips()
        for method, url, answer in (
            ("GET", f"{API}/users/{ALICE}", lambda _r: self._told(self.person)),
            ("GET", TOKENS, lambda _r: self._told(self.tokens)),
            ("POST", TOKENS, self._writing(self._create)),
            ("PATCH", TOKENS, self._writing(self._rename)),
            ("POST", f"{TOKENS}/delete", self._writing(self._delete)),
            ("POST", f"{API}/users/{ALICE}/password/verify", lambda _r: (204, {}, "")),
        ):
            wire.add_callback(method, url, self.trips.of(answer))

    def has(self, *names: str, **more: Any) -> dict[str, Any]:
        """Let alice have tokens of these names, each newer than the one before."""
        for name in names:
            created = answers.NOW + len(self.tokens)
            made = answers.personal_access_token(name=name, createdAt=created, value=VALUE)
            self.tokens.append(made | more)
        return self.tokens[-1]

    @property
    def names(self) -> list[str]:
        return [token["name"] for token in self.tokens]

    def _told(self, what: Any) -> Any:
        return 200, {}, json.dumps(what)

    def _writing(self, change: Any) -> Any:
        def answer(request: Any) -> Any:
            body = json.loads(request.body)
            self.meanwhile()
            self.writes.append((request.method, body))
            if self.answers:
                status, code = self.answers.pop(0)
                return status, {}, json.dumps({"code": code, "message": "no"}) if code else ""
            status, made = change(body)
            return status, {}, json.dumps(made) if made is not None else ""

        return answer

    def _create(self, body: Any) -> Any:
        if body["name"] in self.names:
            return 422, _no("user.personal_access_token_name_exists")
        self.has(body["name"], expiresAt=body.get("expiresAt"))
        return 201, self.tokens[-1]

    def _rename(self, body: Any) -> Any:
        if body["currentName"] not in self.names:
            return 404, _no("entity.not_exists")
        if body["name"] in self.names:
            return 422, _no("user.personal_access_token_name_exists")
        token = next(each for each in self.tokens if each["name"] == body["currentName"])
        token["name"] = body["name"]
        return 200, token

    def _delete(self, body: Any) -> Any:
        if body["name"] not in self.names:
            return 404, _no("entity.not_found")
        self.tokens = [each for each in self.tokens if each["name"] != body["name"]]
        return 204, None


def in_days(days: float) -> int:
    """So many days from now, in Logto's milliseconds."""
    return int((timezone.now() + timedelta(days=days)).timestamp() * 1000)


def _no(code: str) -> Any:
    return {"code": code, "message": "no"}


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def alice(alice: Client) -> Client:
    """Alice, who has just proved that it's her."""
    session = alice.session
    proofs.note(session)
    session.save()
    return alice
