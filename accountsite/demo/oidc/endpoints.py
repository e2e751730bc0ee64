"""The OIDC addresses that programs call: discovery, keys, tokens, userinfo."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from authlib.integrations.django_oauth2 import ResourceProtector
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenValidator, InvalidTokenError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from django.http import HttpRequest, HttpResponse

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.oidc import authorization, claims, clients, grants, keys, store
from accountsite.demo.oidc.authorization import issuer
from accountsite.demo.state import Json

type View = Callable[..., HttpResponse]

server = authorization.AuthorizationServer()


def locked(*methods: str) -> Callable[[View], View]:
    """Run under the tenant's lock; with another method than these it is no address of ours."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return unknown(request)
            with state.tenant.lock:
                return view(request, **kwargs)

        return wrapped

    return decorate


class HeldToken:
    """A token from the store, as authlib asks about it; expired ones are not found at all."""

    def __init__(self, proof: store.Proof) -> None:
        self.proof = proof

    def check_client(self, client: clients.Client) -> bool:
        return client.client_id == self.proof.client_id

    def get_scope(self) -> str:
        return self.proof.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class Tokens:
    """How the endpoints about tokens find one."""

    CLIENT_AUTH_METHODS = grants.METHODS

    def query_token(self, token: str, _hint: str | None) -> HeldToken | None:
        """The opaque access or refresh token with this value."""
        proof = store.find_proof(token, "access", "refresh")
        return HeldToken(proof) if proof else None


class Introspection(Tokens, IntrospectionEndpoint):  # type: ignore[misc]
    """What a token is good for (RFC 7662)."""

    def check_permission(self, token: HeldToken, client: clients.Client, request: Any) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: HeldToken) -> Json:
        proof = token.proof
        return {
            "active": True,
            "sub": proof.user_id,
            "client_id": proof.client_id,
            "exp": proof.expires_at,
            "iat": proof.issued_at,
            "iss": issuer(),
            "scope": proof.scope,
            "token_type": "Bearer",
        }


class Revocation(Tokens, RevocationEndpoint):  # type: ignore[misc]
    """The end of a token; with a refresh token goes all that hangs on its grant (RFC 7009)."""

    def revoke_token(self, token: HeldToken, request: Any) -> None:
        if token.proof.kind == "refresh":
            store.revoke_tokens(token.proof.grant_id)
        else:
            del store.proofs[token.proof.value]


class UserToken(BearerTokenValidator):  # type: ignore[misc]
    """The opaque access token of a person."""

    def authenticate_token(self, token_string: str) -> HeldToken | None:
        proof = store.find_proof(token_string, "access")
        return HeldToken(proof) if proof else None


grants.register(server)
server.register_endpoint(Introspection)
server.register_endpoint(Revocation)
protector = ResourceProtector()
protector.register_token_validator(UserToken())


@locked("GET", "HEAD")
def discovery(request: HttpRequest) -> HttpResponse:
    """What a relying party reads before anything else."""
    base = issuer()
    return errors.json_response(
        {
            "authorization_endpoint": f"{base}/auth",
            "claims_parameter_supported": False,
            "claims_supported": [
                *("sub", "name", *claims.PROFILE_CLAIMS, "preferred_username", "picture"),
                *("updated_at", "username", "created_at", "email", "email_verified"),
                *("phone_number", "phone_number_verified", "address", "custom_data"),
                *("identities", "sso_identities", "roles", "organizations"),
                *("organization_data", "organization_roles", "sid", "auth_time", "iss"),
            ],
            "code_challenge_methods_supported": ["S256"],
            "end_session_endpoint": f"{base}/session/end",
            "grant_types_supported": list(authorization.LOGGED),
            "issuer": base,
            "jwks_uri": f"{base}/jwks",
            "authorization_response_iss_parameter_supported": True,
            "response_modes_supported": ["query"],
            "response_types_supported": ["code"],
            "scopes_supported": clients.SCOPES,
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": grants.METHODS,
            "token_endpoint": f"{base}/token",
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "request_uri_parameter_supported": False,
            "userinfo_endpoint": f"{base}/me",
            "introspection_endpoint": f"{base}/token/introspection",
            "revocation_endpoint": f"{base}/token/revocation",
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "claim_types_supported": ["normal"],
        }
    )


@locked("GET", "HEAD")
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys."""
    response = errors.json_response(keys.public())
    response["Content-Type"] = "application/jwk-set+json; charset=utf-8"
    return response


@locked("POST")
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code, a refresh token, a secret or a personal access token."""
    return server.create_token_response(request)


@locked("GET", "HEAD", "POST")
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims of the person whose access token it is."""
    try:
        held: HeldToken = protector.acquire_token(request, "openid")
    except OAuth2Error as error:
        refusal = error if error.status_code == HTTPStatus.FORBIDDEN else InvalidTokenError()
        return server.handle_error_response(None, refusal)
    user = state.tenant.users[held.proof.user_id]
    return errors.json_response(claims.of(user, held.proof.scope, for_userinfo=True))


@locked("POST")
def introspection(request: HttpRequest) -> HttpResponse:
    """Whether a token is active, and whose."""
    response: HttpResponse = server.create_endpoint_response("introspection", request)
    return response


@locked("POST")
def revocation(request: HttpRequest) -> HttpResponse:
    """The end of a token. The answer is empty, whether there was such a token or not."""
    response = server.create_endpoint_response("revocation", request)
    return HttpResponse() if response.status_code == HTTPStatus.OK else response


def unknown(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any other path under /oidc, or method: a JSON 404."""
    method = request.method or ""
    error = {
        "error": "invalid_request",
        "error_description": f"nothing answers {method} at {request.path}",
    }
    return errors.json_response(authorization.explained(error), 404)
