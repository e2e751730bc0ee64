"""The documents that Logto shows to everybody: for the doctor, who wonders if they are right."""

from dataclasses import dataclass
from typing import Any, Self

from accountsite.logto import reading, transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What the discovery document says. `addresses` are by their names in it."""

    issuer: str
    addresses: dict[str, str]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """OpenID Connect Discovery 1.0, section 3."""
        answer = reading.obj(data)
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")
        return cls(
            issuer=reading.text(answer, "issuer"),
            addresses={name: reading.text(answer, name) for name in names},
        )


def provider() -> Provider:
    """The discovery document. Raises LogtoError."""
    answer = transport.send("GET", "/oidc/.well-known/openid-configuration")
    return answer.read(Provider.from_json)


def related_origins() -> tuple[str, ...]:
    """The origins that browsers let use passkeys of Logto's host (WebAuthn Level 3, section 5.11).

    Raises LogtoError; NotOffered where the address does not lead to Logto.
    """
    return transport.send("GET", "/.well-known/webauthn").read(_origins)


def _origins(data: Any) -> tuple[str, ...]:
    return reading.texts(reading.obj(data), "origins")
