"""Logto as the sign-in methods meet it: one person, one tenant, codes, and every call it gets."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from tests.conftest import ALICE, API, HTMX, inspected
from tests.logto import answers
from tests.signin.conftest import user

RIGHT = "123456"
EMAIL = "/sign-in-methods/email/"
PHONE = "/sign-in-methods/phone/"
USERNAME = "/sign-in-methods/username/"


class Logto:
    """The wire's other end. A test changes the person, the tenant or the answers beforehand."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.person = user(primaryPhone="12025550123", ssoIdentities=[])
        self.experience = answers.sign_in_experience(
            signIn={"methods": [method(each) for each in ("username", "email", "phone")]},
            signUp={"identifiers": [], "password": False, "verify": False},
            languageInfo={"autoDetect": True, "fallbackLanguage": "en"},
            usernamePolicy={},
            emailBlocklistPolicy={},
            socialSignInConnectorTargets=["github"],
        )
        self.center = answers.account_center(enabled=False)
        self.others: list[dict[str, Any]] = []
        self.sent: list[dict[str, str]] = []
        self.tried: list[dict[str, str]] = []
        self.writes: list[dict[str, Any]] = []
        self.searches: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self.reads_fail = self.writes_fail = self.codes_fail = False
        person = self.url(ALICE)
        for path, answer in {
            "sign-in-exp": lambda _request: (200, {}, json.dumps(self.experience)),
            "account-center": lambda _request: (200, {}, json.dumps(self.center)),
            "custom-profile-fields": lambda _request: (200, {}, "[]"),
            "connectors": lambda _request: (200, {}, "[]"),
        }.items():
            wire.add_callback(responses.GET, f"{API}/{path}", answer)
        wire.add_callback(responses.GET, person, self.reads)
        wire.add_callback(responses.PATCH, person, self._write)
        wire.add_callback(responses.GET, f"{API}/users", self._search)
        wire.add_callback(responses.POST, f"{API}/verification-codes", self._send)
        wire.add_callback(responses.POST, f"{API}/verification-codes/verify", self._verify)

    def lets(self, **controls: str) -> None:
        """Switch the account center on; fields that are not named are Edit."""
        every = dict.fromkeys(("email", "phone", "username"), "Edit")
        self.center = answers.account_center(enabled=True, fields=every | controls)

    def refuses(self, status: int, code: str) -> None:
        """Answer every write with this."""
        self.refusal = (status, code)

    def url(self, account_id: str) -> str:
        """Where Logto keeps somebody."""
        return f"{API}/users/{account_id}"

    def has(self, **changes: Any) -> None:
        """Change what the person has."""
        self.person |= changes

    def reads(self, _request: Any) -> Any:
        self.calls.append("read")
        return (503, {}, "") if self.reads_fail else (200, {}, json.dumps(self.person))

    def _write(self, request: Any) -> Any:
        self.calls.append("write")
        if self.writes_fail:
            return 503, {}, ""
        if self.refusal:
            status, code = self.refusal
            return status, {}, json.dumps({"code": code, "message": "no"})
        body = json.loads(request.body)
        self.writes.append(body)
        self.person |= body
        shown = {key: value for key, value in self.person.items() if key != "ssoIdentities"}
        return 200, {}, json.dumps(shown)

    def _search(self, request: Any) -> Any:
        self.calls.append("search")
        if self.reads_fail:
            return 503, {}, ""
        self.searches.append(dict(request.params))
        return 200, {"Total-Number": str(len(self.others))}, json.dumps(self.others)

    def _send(self, request: Any) -> Any:
        self.calls.append("send")
        if self.codes_fail:
            return 503, {}, ""
        self.sent.append(json.loads(request.body))
        return 204, {}, ""

    def _verify(self, request: Any) -> Any:
        self.calls.append("verify")
        if self.codes_fail:
            return 503, {}, ""
        tried = json.loads(request.body)
        self.tried.append(tried)
        code = tried.pop("verificationCode")
        if tried != (self.sent or [None])[-1]:
            return _code_refused("not_found")
        if code != RIGHT:
            return _code_refused("code_mismatch")
        self.sent.append({"used": "up"})
        return 204, {}, ""


def _code_refused(kind: str) -> Any:
    return 400, {}, json.dumps({"code": f"verification_code.{kind}", "message": "no"})


def method(identifier: str, *, password: bool = True, code: bool = True) -> dict[str, Any]:
    """One of a tenant's ways to sign in."""
    return {
        "identifier": identifier,
        "password": password,
        "verificationCode": code and identifier != "username",
        "isPasswordPrimary": True,
    }


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def sure() -> Callable[[Client], Client]:
    """Gives a browser's session the proof that it's still the same person."""

    def sure(client: Client) -> Client:
        session = client.session
        proofs.note(session)
        session.save()
        return client

    return sure


@pytest.fixture
def alice(alice: Client, sure: Callable[[Client], Client]) -> Client:
    """Alice, who has just proved that it's her."""
    return sure(alice)


def html(response: Any) -> BeautifulSoup:
    """An answer to look around in; a whole page is held to our rules."""
    text = response.content.decode()
    return inspected(text) if "<!doctype" in text else BeautifulSoup(text, "html.parser")


def says(response: Any) -> str:
    """The text of an answer, in one line."""
    return " ".join(html(response).get_text(" ").split())


def field(response: Any, name: str) -> Any:
    """A field of the answer's main form."""
    page = html(response)
    return (page.find("main") or page).find(attrs={"name": name})


def refusal(response: Any, name: str) -> str:
    """What is said beside a field."""
    page = html(response)
    refused = page.find(attrs={"name": name, "aria-invalid": "true"})
    assert refused is not None, says(response)
    error = page.find(id=refused["aria-describedby"].split()[-1])
    return " ".join(error.get_text(" ").split())


def trail() -> list[tuple[str, str]]:
    """What the audit trail tells, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", "outcome"))


def told() -> set[str]:
    """Who got a mail."""
    return {address for letter in mail.outbox for address in letter.to}


def begin(client: Client, path: str = EMAIL, *, htmx: bool = False, **given: str) -> Any:
    """Give a new address."""
    given = given or {"address": "new@example.com"}
    return client.post(path, given, headers=HTMX if htmx else {})


def finish(client: Client, path: str = EMAIL, *, code: str = RIGHT, htmx: bool = False) -> Any:
    """Enter the code on the page where the change stands."""
    page = html(client.get(path))
    change = page.find("input", {"name": "change"})["value"]
    return client.post(
        f"{path}code/", {"change": change, "code": code}, headers=HTMX if htmx else {}
    )
