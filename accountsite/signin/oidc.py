"""OpenID Connect with the tenant, by authlib, and the checks that authlib leaves to its caller.

authlib does state, PKCE, nonce, the code exchange and signatures. Added here: the issuer is ours
and not what the discovery document says, the audience is us, an ID token there must be, only
asymmetric algorithms count, keys are fetched anew at most once per call and not too often, and
every request has a time limit.
"""

import threading
import time
from collections import deque
from functools import cache
from typing import Any, cast

from authlib.integrations.django_client import OAuth, OAuthError
from authlib.integrations.django_client.apps import DjangoOAuth2App
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from accountsite.links import visits
from accountsite.logto import errors
from accountsite.signin.connection import Connection

SCOPE = (
    "openid offline_access profile email phone address custom_data identities roles"
    " urn:logto:scope:organizations urn:logto:scope:organization_roles urn:logto:scope:sessions"
)
# Without it there is no refresh token, whatever the scope says: node-oidc-provider, which Logto is
# built on, drops `offline_access` then. Logto shows no consent page for an application of its own.
CONSENT = "consent"
ALGORITHMS = [
    *("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("EdDSA", "Ed25519"),
]
TIMEOUTS = (2.0, 5.0)  # seconds to connect, and to wait for an answer
LEEWAY = 60  # seconds that two clocks may be apart
KEYS_LAST = 3600.0  # seconds; a key that the tenant withdrew is trusted no longer than this
KEYS_MOST = 5  # fetches a minute that tokens with unknown keys can cause, whoever sent them
STATE_PREFIX = "_state_logto_"
MOST_ATTEMPTS = 5  # sign-ins that one browser may have begun at a time

# What may stand in an answer's `error`. Source: RFC 6749, section 4.1.2.1, and OpenID Connect Core,
# section 3.1.2.6
ERRORS = frozenset(
    {
        *("invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type"),
        *("invalid_scope", "server_error", "temporarily_unavailable", "interaction_required"),
        *("login_required", "account_selection_required", "consent_required"),
        *("invalid_request_uri", "invalid_request_object", "request_not_supported"),
        *("request_uri_not_supported", "registration_not_supported", "invalid_target"),
    }
)

Claims = dict[str, Any]


class Refused(Exception):
    """A callback or token that is not good. `kind` says how, its text what for the log.

    The text goes there: it holds nothing that a client can choose.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(detail or kind)
        self.kind = kind


class Tenant(DjangoOAuth2App):  # type: ignore[misc] # authlib has no types
    """authlib's client, pinned to our issuer and stricter about keys."""

    client_cls = Connection

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys_lock = threading.Lock()
        self._keys_fetched = -KEYS_LAST
        self._keys_forced: deque[float] = deque(maxlen=KEYS_MOST)

    def load_server_metadata(self) -> dict[str, Any]:
        """The discovery document, once it is known to be this issuer's own."""
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata.get("issuer") != issuer():
            self.server_metadata.pop("_loaded_at", None)
            raise errors.Unavailable(
                f"the discovery document is of {metadata.get('issuer')!r}, not of {issuer()!r}"
            )
        offered = metadata.get("id_token_signing_alg_values_supported") or ALGORITHMS
        metadata["id_token_signing_alg_values_supported"] = [
            name for name in offered if name in ALGORITHMS
        ]
        return metadata

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - authlib's
        """The public keys: from memory for an hour, fetched again for a key that is new."""
        with self._keys_lock:
            now = time.monotonic()
            wanted = "jwks" not in self.server_metadata or now - self._keys_fetched > KEYS_LAST
            if force and not wanted and self._may_force(now):
                self._keys_forced.append(now)
                wanted = True
            keys: dict[str, Any] = super().fetch_jwk_set(force=wanted)
            if wanted:
                self._keys_fetched = now
            return keys

    def _may_force(self, now: float) -> bool:
        forced = self._keys_forced
        return len(forced) < KEYS_MOST or now - forced[0] > 60  # noqa: PLR2004 - a minute


def issuer() -> str:
    """Logto's issuer is its endpoint with /oidc behind it (measured on 1.42)."""
    return f"{settings.LOGTO_ENDPOINT}/oidc"


def redirect_uri() -> str:
    """Where Logto sends people back to. Register exactly this at the application."""
    return f"{settings.SITE_URL}/sign-in/callback/"


def begin(request: HttpRequest, **parameters: str) -> HttpResponse:
    """Send the person to Logto, in their language. The state stays in their session.

    Logto is given the languages that a link asked for, too, since it may know one that we don't.

    Raises Unavailable if Logto does not answer.
    """
    _forget_old_attempts(request)
    locales = visits.of(request).ui_locales or translation.get_language()
    with _translated():
        return cast(
            "HttpResponse",
            _client().authorize_redirect(request, redirect_uri(), ui_locales=locales, **parameters),
        )


def finish(request: HttpRequest) -> tuple[Claims, dict[str, Any]]:
    """Turn the callback into the ID token's claims and the tokens. Each state works once.

    Raises Refused with a kind of denied, state, issuer, provider, code or token, and Unavailable
    if Logto does not answer.
    """
    state = request.GET.get("state", "")
    if not state or f"{STATE_PREFIX}{state}" not in request.session:
        raise Refused("state")
    # RFC 9207: an answer that names another issuer was mixed up, or was mixed up by someone.
    if request.GET.get("iss", issuer()) != issuer():
        _client().framework.clear_state_data(request.session, state)
        raise Refused("issuer", "another one")
    if error := request.GET.get("error"):
        _client().framework.clear_state_data(request.session, state)
        kind = "denied" if error == "access_denied" else "provider"
        raise Refused(
            kind, error if error in ERRORS else "an error that is none of OpenID Connect's"
        )
    with _translated():
        tokens = _client().authorize_access_token(
            request, claims_options=_claims_wanted(), leeway=LEEWAY
        )
    if "userinfo" not in tokens:
        raise Refused("token", "the answer has no ID token")
    claims: Claims = tokens.pop("userinfo")
    return claims, tokens


def renew(refresh_token: str) -> dict[str, Any]:
    """New tokens for a refresh token.

    Raises Refused if Logto no longer honours it, and Unavailable if it does not answer.
    """
    with _translated():
        tokens: dict[str, Any] = _client().fetch_access_token(
            grant_type="refresh_token", refresh_token=refresh_token
        )
    if "access_token" not in tokens:
        raise Refused("code", "the answer has no access token")
    return tokens


def end_session(*, id_token: str | None) -> HttpResponse:
    """Send the person to Logto's own sign-out, and from there back to us.

    Raises Unavailable if Logto does not answer.
    """
    with _translated():
        parts = _client().create_logout_url(
            post_logout_redirect_uri=f"{settings.SITE_URL}/signed-out/",
            id_token_hint=id_token,
            client_id=settings.LOGTO_APP_ID,
        )
    return HttpResponseRedirect(parts["url"])


def decode(token: str) -> tuple[dict[str, Any], Claims]:
    """Header and claims of a JWT that carries a signature of the tenant's; no claim is checked.

    Raises Refused if it does not, and Unavailable if the keys can't be had.
    """
    client = _client()
    with _translated():
        algorithms = client.load_server_metadata()["id_token_signing_alg_values_supported"]
        registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
        keys = KeySet.import_key_set(cast("KeySetSerialization", client.fetch_jwk_set()))
        try:
            decoded = jwt.decode(token, key=keys, registry=registry)
        except InvalidKeyIdError:
            renewed = client.fetch_jwk_set(force=True)
            keys = KeySet.import_key_set(cast("KeySetSerialization", renewed))
            decoded = jwt.decode(token, key=keys, registry=registry)
    return decoded.header, decoded.claims


def _claims_wanted() -> dict[str, Any]:
    """Issuer and audience: authlib checks the one against what discovery said, the other hardly."""
    return {
        "iss": {"essential": True, "value": issuer()},
        "aud": {"essential": True, "value": settings.LOGTO_APP_ID},
    }


class _translated:  # noqa: N801 - reads as the statement it is
    """Our errors for authlib's, joserfc's and the connection's."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Raise what callers of this module know, from what happened."""
        if isinstance(error, OAuthError):
            raise Refused("code", str(error.error)) from error
        if isinstance(error, JoseError):
            raise Refused("token", error.error) from error
        # requests' errors are OSErrors; an answer that is no JSON is one of them.
        if isinstance(error, OSError):
            raise errors.Unavailable("the tenant's OpenID Connect does not answer") from error
        if isinstance(error, (ValueError, KeyError, TypeError)):
            raise Refused("token", type(error).__name__) from error


def _forget_old_attempts(request: HttpRequest) -> None:
    """Keep the newest few: a browser that begins again and again does not grow its session."""
    attempts = [key for key in request.session.keys() if key.startswith(STATE_PREFIX)]  # noqa: SIM118 - a session iterates by keys()
    attempts.sort(key=lambda key: request.session[key]["exp"])
    for key in attempts[: 1 - MOST_ATTEMPTS]:
        del request.session[key]


@cache
def _client() -> Tenant:
    """One client for the process: it remembers the discovery document and the keys."""
    oauth = OAuth()
    oauth.register(
        "logto",
        client_cls=Tenant,
        client_id=settings.LOGTO_APP_ID,
        client_secret=settings.LOGTO_APP_SECRET,
        server_metadata_url=f"{issuer()}/.well-known/openid-configuration",
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUTS,
            "trust_env": False,
            "verify": settings.CA_BUNDLE or True,
        },
    )
    return cast("Tenant", oauth.logto)
