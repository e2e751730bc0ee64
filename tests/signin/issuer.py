"""An OpenID provider on the faked wire, whose every answer a test can spoil."""

import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = f"{settings.LOGTO_ENDPOINT}/oidc"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Issuer:
    """Signs tokens, publishes keys, and answers the code exchange.

    A test changes `claims`, `header`, `signing_key` or `token_answer` before the callback.
    """

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.key = new_key()
        self.signing_key = self.key
        self.header: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.left_out: set[str] = set()
        self.token_answer: dict[str, Any] | None = None
        self.exchanges: list[dict[str, list[str]]] = []
        self.key_fetches = 0
        self.metadata = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "end_session_endpoint": f"{ISSUER}/session/end",
            "jwks_uri": f"{ISSUER}/jwks",
            "id_token_signing_alg_values_supported": ["ES384"],
        }
        self.nonce = ""
        wire.remove(responses.POST, f"{ISSUER}/token")
        wire.add_callback(
            responses.GET, f"{ISSUER}/.well-known/openid-configuration", self._discovery
        )
        wire.add_callback(responses.GET, f"{ISSUER}/jwks", self._keys)
        wire.add_callback(responses.POST, f"{ISSUER}/token", self._token)

    def begin(self, client: Client, *, path: str = "/sign-in/", **query: str) -> dict[str, str]:
        """Start a sign-in. Gives the parameters that Logto was sent."""
        response = client.get(path, query)
        assert response.status_code == 302, response
        sent = {
            key: values[0] for key, values in parse_qs(urlsplit(response["Location"]).query).items()
        }
        self.nonce = sent["nonce"]
        return sent

    def call_back(self, client: Client, **changes: str | None) -> Any:
        """Sign in up to the callback's answer; a change of None leaves a parameter out."""
        sent = self.begin(client)
        query = {"code": "code-1", "state": sent["state"], "iss": ISSUER} | changes
        return client.get(
            "/sign-in/callback/",
            {name: value for name, value in query.items() if value is not None},
        )

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": "alice0000001",
            "aud": settings.LOGTO_APP_ID,
            "iat": now,
            "exp": now + 3600,
            "auth_time": now,
            "nonce": self.nonce,
            "sid": "sid-1",
            "name": "Alice Kim",
        } | self.claims
        return self.sign(
            {name: value for name, value in claims.items() if name not in self.left_out}
        )

    def logout_token(self, **changes: Any) -> str:
        """A good logout token, or with changes a bad one; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": settings.LOGTO_APP_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "sub": "alice0000001",
            "sid": "sid-1",
            "events": {EVENT: {}},
        } | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return self.sign(kept, typ="logout+jwt")

    def sign(self, claims: dict[str, Any], **header: str) -> str:
        key = self.signing_key
        head = {"alg": "ES384", "kid": key.kid, **header, **self.header}
        return jwt.encode(head, claims, key, algorithms=[head["alg"]])

    def rotate(self) -> None:
        """A new key takes the place of the old one, which is published no longer."""
        self.key = self.signing_key = new_key()

    def _discovery(self, _request: Any) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps(self.metadata)

    def _keys(self, _request: Any) -> tuple[int, dict[str, str], str]:
        self.key_fetches += 1
        return 200, {}, json.dumps(KeySet([self.key]).as_dict(private=False))

    def _token(self, request: Any) -> tuple[int, dict[str, str], str]:
        form = parse_qs(request.body)
        if form["grant_type"] == ["client_credentials"]:
            return 200, {}, json.dumps({"access_token": "m2m", "expires_in": 3600, "scope": "all"})
        self.exchanges.append(form)
        if self.token_answer is not None:
            return 400 if "error" in self.token_answer else 200, {}, json.dumps(self.token_answer)
        answer = {
            "access_token": "opaque",
            "refresh_token": "refresh",
            "expires_in": 3600,
            "token_type": "Bearer",
            "id_token": self.id_token(),
        }
        return 200, {}, json.dumps(answer)


def new_key() -> ECKey:
    key = ECKey.generate_key("P-384", private=True, auto_kid=True)
    key.ensure_kid()
    return key
