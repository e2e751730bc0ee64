"""Logto as passkeys meet it: both APIs, and a browser that made a passkey."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses
from django.test import Client

from accountsite.confirmation import proofs
from accountsite.signin import services as signin
from tests.conftest import API
from tests.security import logto as security
from tests.security.conftest import html

ADD = "/security/passkeys/add/"
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15"
)
CREDENTIAL: dict[str, Any] = {
    "id": "Y3JlZA",
    "rawId": "Y3JlZA",
    "type": "public-key",
    "authenticatorAttachment": "platform",
    "response": {
        "clientDataJSON": "e30",
        "attestationObject": "o2M",
        "authenticatorData": "SZYN",
        "publicKey": "MFkw",
        "publicKeyAlgorithm": -7,
        "transports": ["internal", "hybrid"],
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}


class Logto(security.Logto):
    """With the Account API, whose calls are `start`, `finish`, `bind` and `rename`."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        self.lets(passkey="Edit")
        self.center["webauthnRelatedOrigins"] = ["http://localhost:8000"]
        self.host = "logto.test"
        self.began = 0
        self.sent: dict[str, Any] = {}
        """The last request of each of these calls."""
        for method, path, call, answer in (
            ("POST", "/verifications/password", "prove", self._prove),
            ("POST", "/verifications/web-authn/registration", "start", self._start),
            ("POST", "/verifications/web-authn/registration/verify", "finish", self._finish),
            ("POST", "/my-account/mfa-verifications", "bind", self._bind),
        ):
            wire.add_callback(method, f"{API}{path}", self._answering(call, answer))
        rename = self._answering("rename", self._rename)
        wire.add_callback("PATCH", security.re.compile(rf"{API}/my-account/.*/name$"), rename)

    def passkey(self, name: str | None = "Laptop", **more: Any) -> str:
        """Let the person have a passkey. Gives its id."""
        self.factors.append(security.factor("WebAuthn", agent=SAFARI, **more) | {"name": name})
        return str(self.factors[-1]["id"])

    def body(self, call: str) -> Any:
        """What the last of these calls sent."""
        return json.loads(self.sent[call].body)

    def count(self, call: str) -> int:
        return self.calls.count(call)

    def _prove(self, request: Any) -> Any:
        if json.loads(request.body)["password"] != self.password:
            return 422, {"code": "session.invalid_credentials", "message": "no"}
        return 201, {"verificationRecordId": "proof2", "expiresAt": _in_ten_minutes()}

    def _start(self, _request: Any) -> Any:
        self.began += 1
        options = {"rp": {"id": self.host, "name": "x"}, "challenge": f"challenge-{self.began}"}
        return 200, {
            "verificationRecordId": f"rec{self.began}",
            "expiresAt": _in_ten_minutes(),
            "registrationOptions": options,
        }

    def _finish(self, request: Any) -> Any:
        self.sent["finish"] = request
        return 200, {"verificationRecordId": self.body("finish")["verificationRecordId"]}

    def _bind(self, request: Any) -> Any:
        self.sent["bind"] = request
        self.passkey(self.body("bind")["name"])
        return 204, None

    def _rename(self, request: Any) -> Any:
        self.sent["rename"] = request
        name = request.url.split("/")[-2]
        for each in self.factors:
            if each["id"] == name:
                each["name"] = self.body("rename")["name"]
                return 200, None
        return 400, {"code": "verification_record.not_found", "message": "no"}


def _in_ten_minutes() -> str:
    return (datetime.now(UTC) + timedelta(minutes=10)).isoformat()


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def prove() -> Callable[..., Client]:
    """Gives a browser's session a proof, with Logto's record of it."""

    def prove(client: Client, record: str = "proof1") -> Client:
        session = client.session
        proofs.note(session)
        proofs.keep_record(session, record, until=time.time() + 600)
        session.save()
        return client

    return prove


@pytest.fixture
def with_token() -> Callable[..., Client]:
    """Gives a browser's session the person's own access token."""

    def with_token(client: Client, token: str = "opaque") -> Client:
        session = client.session
        session[signin.TOKENS] |= {"access_token": token, "expires_at": time.time() + 3600}
        session.save()
        return client

    return with_token


@pytest.fixture
def alice(alice: Client, prove: Any, with_token: Any) -> Client:
    """Alice, who has just proved that it's her, in Safari."""
    alice.defaults["HTTP_USER_AGENT"] = SAFARI
    return prove(with_token(alice))


def begin(client: Client) -> str:
    """Open the page. Gives the registration that is in it."""
    return str(html(client.get(ADD)).find("input", {"name": "registration"})["value"])


def answer(client: Client, registration: str, **given: Any) -> Any:
    """Send what the browser made."""
    made = {"name": "Laptop", "credential": json.dumps(CREDENTIAL), "registration": registration}
    return client.post(ADD, made | given)
