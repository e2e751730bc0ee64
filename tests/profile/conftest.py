"""Logto as the profile meets it: one person, one tenant, and every write it gets."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.test import Client

from tests.conftest import ALICE, API, HTMX, inspected
from tests.signin.conftest import user

OK = {"status": 200, "content_type": "application/json"}


class Logto:
    """The wire's other end. A test changes the person, the fields or the center beforehand."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.person = user(profile={})
        self.fields: list[dict[str, Any]] = []
        self.center: dict[str, Any] = {
            "tenantId": "default",
            "id": "default",
            "enabled": False,
            "fields": {},
            "webauthnRelatedOrigins": [],
            "deleteAccountUrl": None,
            "customCss": None,
            "profileFields": None,
        }
        self.writes: list[tuple[str, dict[str, Any]]] = []
        self.refusal: dict[str, Any] | None = None
        self.reads_fail = self.writes_fail = False
        person = f"{API}/users/{ALICE}"
        for path, answer in {
            "sign-in-exp": lambda _request: (200, {}, json.dumps(SIGN_IN_EXPERIENCE)),
            "account-center": lambda _request: (200, {}, json.dumps(self.center)),
            "custom-profile-fields": lambda _request: (200, {}, json.dumps(self.fields)),
        }.items():
            wire.add_callback(responses.GET, f"{API}/{path}", answer)
        wire.add_callback(responses.GET, person, self._read)
        wire.add_callback(responses.PATCH, person, self._write("user"))
        wire.add_callback(responses.PATCH, f"{person}/profile", self._write("profile"))
        wire.add_callback(responses.PATCH, f"{person}/custom-data", self._write("customData"))
        wire.get(f"{API}/user-assets/service-status", json={"status": "not_configured"})

    def lets(self, *names: str, **areas: str) -> None:
        """Switch the account center on, with these fields; areas not named are Edit."""
        every = ("name", "avatar", "profile", "customData")
        self.center |= {
            "enabled": True,
            "fields": dict.fromkeys(every, "Edit") | areas,
            "profileFields": [{"name": name} for name in names],
        }

    def asks(self, name: str, kind: str, **more: Any) -> None:
        """Add a custom profile field."""
        self.fields.append(
            {
                "tenantId": "default",
                "id": f"field-{name}",
                "name": name,
                "type": kind,
                "label": f"The {name}",
                "description": None,
                "required": False,
                "config": {},
                "createdAt": 1795229680917,
                "sieOrder": len(self.fields) + 1,
            }
            | more
        )

    def refuses(self, status: int, code: str, **headers: str) -> None:
        """Answer every write with this."""
        self.refusal = {"status": status, "code": code, "headers": headers}

    def _read(self, _request: Any) -> Any:
        if self.reads_fail:
            return 503, {}, ""
        return 200, {}, json.dumps(self.person)

    def _write(self, what: str) -> Callable[[Any], Any]:
        def write(request: Any) -> Any:
            if self.writes_fail:
                return 503, {}, ""
            if self.refusal:
                answer = {"code": self.refusal["code"], "message": "no"}
                return self.refusal["status"], self.refusal["headers"], json.dumps(answer)
            body = json.loads(request.body)
            self.writes.append((what, body))
            if what == "user":
                self.person |= body
                return 200, {}, json.dumps(self.person)
            self.person[what] |= body[what]
            return 200, {}, json.dumps(self.person[what])

        return write


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


class Row:
    """A row's page as a person uses it: read it, fill it in, send it."""

    def __init__(self, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self.page = self.open()

    def open(self) -> BeautifulSoup:
        response = self.client.get(self.path)
        assert response.status_code == 200, response
        self.page = inspected(response.content.decode())
        return self.page

    @property
    def form(self) -> Tag:
        return self.page.find("form", {"action": self.path})

    def field(self, name: str = "value") -> Tag:
        return self.form.find(attrs={"name": name})

    def send(self, *, htmx: bool = False, **values: Any) -> Any:
        """Send it with what stands in its hidden fields, and these values."""
        hidden = {tag["name"]: tag.get("value", "") for tag in self.form.find_all(type="hidden")}
        headers = HTMX if htmx else {}
        return self.client.post(self.path, hidden | values, headers=headers)


def html(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


def says(response: Any) -> str:
    """The text of an answer, in one line."""
    return " ".join(html(response).get_text(" ").split())


def forget_tenant() -> None:
    """As if a minute had passed, and the tenant been asked anew."""
    cache.clear()


SIGN_IN_EXPERIENCE = {
    "color": {"primaryColor": "#6139F6", "isDarkModeEnabled": False, "darkPrimaryColor": "#8768F8"},
    "branding": {},
    "languageInfo": {"autoDetect": True, "fallbackLanguage": "en"},
    "signIn": {"methods": []},
    "signUp": {"identifiers": ["username"], "password": True, "verify": False},
    "socialSignIn": {},
    "socialSignInConnectorTargets": [],
    "signInMode": "SignInAndRegister",
    "passwordPolicy": {},
    "mfa": {"factors": [], "policy": "NoPrompt"},
    "adaptiveMfa": {},
    "singleSignOnEnabled": False,
    "termsOfUseUrl": None,
    "privacyPolicyUrl": None,
    "supportEmail": None,
    "supportWebsiteUrl": None,
    "sentinelPolicy": {},
    "emailBlocklistPolicy": {},
    "verificationCodePolicy": {},
    "forgotPasswordMethods": [],
    "passkeySignIn": {},
    "signUpProfileFields": [],
    "passwordExpiration": {},
    "usernamePolicy": {},
}
