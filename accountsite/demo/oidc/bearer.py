"""Who may call the Management API: the check of its bearer tokens, with Logto's answers."""

import hashlib
import threading
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.oidc import keys

UNAUTHORIZED = "This token opens nothing here."
CACHE_LIMIT = 1_000
SCHEME = "Bearer "  # Logto refuses it in lower case (measured)


class _Known(NamedTuple):
    scope: str
    expires_at: int


@dataclass(slots=True)
class _Revoked:
    refused: int = 0


# Verifying ES384 costs milliseconds, and a site sends one token for an hour.
_known: dict[bytes, _Known] = {}
_issued: set[str] = set()  # by `jti`; what is not in it any more was revoked
_revoked = _Revoked()
_guard = threading.Lock()


def authenticate(request: HttpRequest) -> None:
    """Let a call with a good Management API token pass.

    Raises errors.Refused: 401 auth.unauthorized, 403 auth.forbidden, and as token_of() does.
    """
    if "all" not in _scope_of(token_of(request)).split():
        raise errors.Refused(403, "auth.forbidden", "This token may not do that.")


def token_of(request: HttpRequest) -> str:
    """The bearer token that came with a call, whatever it may be good for.

    Raises errors.Refused: 401 auth.authorization_header_missing or
    auth.authorization_token_type_not_supported.
    """
    header = request.headers.get("Authorization")
    if header is None:
        raise errors.Refused(
            401, "auth.authorization_header_missing", "Send an Authorization header."
        )
    if not header.startswith(SCHEME):
        raise errors.Refused(
            401,
            "auth.authorization_token_type_not_supported",
            "Send a bearer token.",
            data={"supportedTypes": [SCHEME.strip()]},
        )
    return header.removeprefix(SCHEME)


def issued(token_id: str) -> None:
    """Accept the token with this `jti`, from now on."""
    _issued.add(token_id)


def revoke() -> None:
    """Accept none of the tokens of applications that were issued so far."""
    _issued.clear()
    _revoked.refused = 0
    forget()


def refused() -> int:
    """How many calls came with a token that was revoked, since the last time that some were."""
    return _revoked.refused


def forget() -> None:
    """Verify every token anew, as after a change of keys."""
    with _guard:
        _known.clear()


def _scope_of(token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    known = _known.get(digest)
    if known is None:
        known = _verify(token)
        with _guard:
            if len(_known) >= CACHE_LIMIT:
                _known.clear()
            _known[digest] = known
    if known.expires_at <= state.now() / 1000:
        raise _unauthorized("JWTExpired", "ERR_JWT_EXPIRED")
    return known.scope


def _verify(token: str) -> _Known:
    try:
        claims: dict[str, Any] = keys.verified(token)
    except (BadSignatureError, InvalidKeyIdError) as error:
        raise _unauthorized(
            "JWSSignatureVerificationFailed", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
        ) from error
    except (JoseError, ValueError) as error:
        raise _unauthorized("JWSInvalid", "ERR_JWS_INVALID") from error
    if claims.get("jti") not in _issued:
        with _guard:
            _revoked.refused += 1
        raise _unauthorized(
            "JWSSignatureVerificationFailed", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
        )
    issuer = f"{state.tenant.endpoint}/oidc"
    if claims.get("iss") != issuer or claims.get("aud") != state.tenant.resource:
        raise _unauthorized("JWTClaimValidationFailed", "ERR_JWT_CLAIM_VALIDATION_FAILED")
    return _Known(scope=claims.get("scope") or "", expires_at=int(claims["exp"]))


def _unauthorized(name: str, code: str) -> errors.Refused:
    return errors.Refused(401, "auth.unauthorized", UNAUTHORIZED, data={"code": code, "name": name})
