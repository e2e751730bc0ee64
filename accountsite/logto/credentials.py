"""The access token of this site's machine-to-machine application.

Every process uses the same token from the shared cache, where it lies sealed. Some minutes before
it expires one caller fetches the next while the others go on with the old one. Source: RFC 6749
section 4.4, and RFC 8707 for `resource`.
"""

import base64
import hashlib
import json
import logging
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from urllib.parse import quote_plus

from django.conf import settings
from django.core.cache import cache

from accountsite import encryption
from accountsite.logto import errors, reading, recollection, transport

logger = logging.getLogger(__name__)

PURPOSE = "logto-management-token"
RENEW_SECONDS = 300  # this long before it expires, or after four fifths of a shorter life
LEEWAY_SECONDS = 10  # a token this near its end may expire on the way
LOCK_SECONDS = 15  # longer than any request: after a failure, the pause before the next try

_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token for the Management API. Times are seconds since 1970."""

    value: str = field(repr=False)
    scopes: tuple[str, ...]
    renew_at: float
    expires_at: float

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The token endpoint's answer, RFC 6749 section 5.1."""
        answer = reading.obj(data)
        seconds = reading.whole(answer, "expires_in")
        now = time.time()
        return cls(
            value=reading.text(answer, "access_token"),
            scopes=tuple((reading.text_or_none(answer, "scope") or "").split()),
            renew_at=now + max(seconds - RENEW_SECONDS, seconds * 0.8),
            expires_at=now + seconds - LEEWAY_SECONDS,
        )


def token() -> str:
    """A token that is good now.

    Raises Unauthorized if the tenant refuses our credentials, and Unavailable.
    """
    kept = _kept()
    if kept is None:
        return _replace(None)
    if time.time() >= kept.renew_at and cache.add(_key("lock"), 1, LOCK_SECONDS):
        try:
            return _keep(fetch()).value
        except errors.LogtoError as error:
            logger.warning("the Management API token was not renewed: %s", error)
    return kept.value


def renewed(rejected: str) -> str:
    """Another token than the one that the Management API just refused. Raises as `token` does."""
    return _replace(rejected)


def fetch() -> Token:
    """Ask the token endpoint. The answer is not kept; the doctor looks at its scopes.

    Raises Unauthorized if the tenant refuses our id, secret or resource, and Unavailable.
    """
    try:
        answer = transport.send(
            "POST",
            "/oidc/token",
            headers={
                "Authorization": _basic(settings.LOGTO_M2M_APP_ID, settings.LOGTO_M2M_APP_SECRET)
            },
            form={
                "grant_type": "client_credentials",
                "resource": settings.LOGTO_MANAGEMENT_API_RESOURCE,
                "scope": "all",
            },
        )
    except errors.TooManyRequests:
        raise
    except errors.Rejected as error:
        raise errors.Unauthorized(
            status=error.status, code=error.code, reason=_explanation(error.code)
        ) from error
    return answer.read(Token.from_json)


def check_application() -> None:
    """Whether the application that people sign in with is the one that the tenant knows.

    Asks for the tokens of a code that nobody has: who is known is told that the code is wrong, and
    who is not, who they are not (RFC 6749 section 5.2). Raises Rejected with that refusal:
    `oidc.invalid_client` with status 400 for an unknown id, 401 for a wrong secret. Raises
    Unavailable.
    """
    try:
        transport.send(
            "POST",
            "/oidc/token",
            headers={"Authorization": _basic(settings.LOGTO_APP_ID, settings.LOGTO_APP_SECRET)},
            form={
                "grant_type": "authorization_code",
                "code": "none",
                "redirect_uri": f"{settings.SITE_URL}/",
            },
        )
    except errors.GrantNotFound:  # `oidc.invalid_grant`
        return


def _replace(rejected: str | None) -> str:
    """One thread of this process fetches; those that waited for it take what it brought."""
    with _lock:
        recollection.forget(_key("token"))
        kept = _kept()
        if kept is not None and kept.value != rejected:
            return kept.value
        return _keep(fetch()).value


def _kept() -> Token | None:
    """The token in the cache, unless it is about to expire or was sealed with a retired key."""
    kept = recollection.of(_key("token"), _unsealed)
    return kept if kept is not None and time.time() < kept.expires_at else None


def _unsealed() -> Token | None:
    sealed = cache.get(_key("token"))
    if not isinstance(sealed, bytes):
        return None
    try:
        return Token(**json.loads(encryption.unseal(sealed, purpose=PURPOSE)))
    except (encryption.Unreadable, ValueError, TypeError):
        return None


def _keep(fresh: Token) -> Token:
    sealed = encryption.seal(json.dumps(asdict(fresh)).encode(), purpose=PURPOSE)
    cache.set(_key("token"), sealed, max(1, round(fresh.expires_at - time.time())))
    cache.delete(_key("lock"))
    recollection.forget(_key("token"))
    return fresh


def _key(what: str) -> str:
    """One key for each application of each tenant: changed settings never meet an old token."""
    whose = (
        settings.LOGTO_ENDPOINT,
        settings.LOGTO_M2M_APP_ID,
        settings.LOGTO_MANAGEMENT_API_RESOURCE,
    )
    return f"logto:{what}:{hashlib.sha256('\n'.join(whose).encode()).hexdigest()[:16]}"


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 section 2.3.1: both halves are form-encoded before they are joined."""
    pair = ":".join(map(quote_plus, (client_id, secret)))
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _explanation(code: str) -> str:
    match code:
        case "oidc.invalid_client":
            return "the tenant refuses LOGTO_M2M_APP_ID with LOGTO_M2M_APP_SECRET"
        case "oidc.invalid_target":
            return "the tenant does not know LOGTO_MANAGEMENT_API_RESOURCE"
        case _:
            return "the tenant gives our machine-to-machine application no token"
