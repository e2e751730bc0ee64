"""What the token endpoint gives tokens for: codes, refresh tokens, secrets, personal tokens."""

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749 import grants as rfc6749
from authlib.oauth2.rfc6749.grants.base import BaseGrant, TokenEndpointMixin
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.core.util import create_half_hash

from accountsite.demo import state
from accountsite.demo.oidc import authorization, claims, clients, keys, store
from accountsite.demo.oidc.authorization import AuthorizationServer, InvalidTargetError
from accountsite.demo.state import Json, User

PERSONAL_ACCESS_TOKEN = "urn:logto:token-type:personal_access_token"  # noqa: S105 - a type
DENIED = "the subject token is good for nobody"
METHODS = ["client_secret_basic", "client_secret_post", "none"]


class StoredProof:
    """A code or token from the store, as authlib asks about it."""

    def __init__(self, proof: store.Proof) -> None:
        self.proof = proof
        self.code_challenge = proof.challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str | None:
        return self.proof.redirect_uri

    def get_scope(self) -> str:
        return self.proof.scope

    def check_client(self, client: clients.Client) -> bool:
        return client.client_id == self.proof.client_id


class AuthorizationCode(rfc6749.AuthorizationCodeGrant):  # type: ignore[misc]
    """A code, good once; a second use kills what the first one gave."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code: str, request: authorization.StoredRequest) -> None:
        session, params = request.session, request.payload.data
        assert session is not None  # noqa: S101 - the endpoint set it
        tells_time = "max_age" in params or "login" in params.get("prompt", "").split()
        authorized = session.authorizations[request.client.client_id]
        proof = store.Proof(
            kind="code",
            value=code,
            client_id=request.client.client_id,
            user_id=session.user_id,
            grant_id=request.grant_id,
            scope=request.scope,
            expires_at=store.seconds() + store.CODE_LIFETIME,
            sid=authorized["sid"] if request.client.knows_sessions else None,
            auth_time=session.signed_in_at if tells_time else None,
            nonce=params.get("nonce"),
            redirect_uri=params["redirect_uri"],
            challenge=params.get("code_challenge"),
        )
        store.add_proof(proof)

    def create_authorization_response(
        self, redirect_uri: str, grant_user: User | None
    ) -> tuple[int, str, list[tuple[str, str]]]:
        """The callback with code and state, and with the issuer (RFC 9207)."""
        status, body, headers = super().create_authorization_response(redirect_uri, grant_user)
        params = [("iss", authorization.issuer())]
        address = add_params_to_uri(dict(headers)["Location"], params)
        return status, body, [("Location", address)]

    def query_authorization_code(self, code: str, client: clients.Client) -> StoredProof | None:
        proof = store.find_proof(code, "code")
        if proof is None or proof.client_id != client.client_id:
            return None
        if proof.is_used:
            store.revoke_tokens(proof.grant_id)
            return None
        return StoredProof(proof)

    def delete_authorization_code(self, authorization_code: StoredProof) -> None:
        authorization_code.proof.is_used = True  # kept, to know it again

    def authenticate_user(self, authorization_code: StoredProof) -> User | None:
        return state.tenant.users.get(authorization_code.proof.user_id)

    def generate_token(self, *args: Any, **kwargs: Any) -> Json:
        """Tokens that hang on the code's grant; a refresh token only with offline_access."""
        proof = self.request.authorization_code.proof
        token = access_token(self.request, proof)
        if "offline_access" in proof.scope.split():
            token["refresh_token"] = _derived(proof, "refresh", store.REFRESH_LIFETIME).value
        return token


class RefreshToken(rfc6749.RefreshTokenGrant):  # type: ignore[misc]
    """A refresh token, which stays the same: measured over four uses."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_refresh_token(self, refresh_token: str) -> StoredProof | None:
        proof = store.find_proof(refresh_token, "refresh")
        return StoredProof(proof) if proof else None

    def authenticate_user(self, refresh_token: StoredProof) -> User | None:
        return state.tenant.users.get(refresh_token.proof.user_id)

    def issue_token(self, user: User, refresh_token: StoredProof) -> Json:
        scope = self.request.payload.scope
        token = access_token(self.request, refresh_token.proof, scope=scope)
        return token | {"refresh_token": refresh_token.proof.value}

    def revoke_old_credential(self, refresh_token: StoredProof) -> None:
        """Nothing: it is not rotated."""


class ClientCredentials(rfc6749.ClientCredentialsGrant):  # type: ignore[misc]
    """A token of an application's own, for the Management API."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        super().validate_token_request()
        resource = self.request.form.get("resource")
        if not resource:
            raise InvalidTargetError("resource is missing")
        authorization.check_resource(resource)

    def generate_token(self, *args: Any, **kwargs: Any) -> Json:
        """A JWT with those of the asked-for scopes that the application's roles give."""
        client = self.request.client
        held = state.tenant.scopes_of(state.tenant.application_roles.get(client.client_id, []))
        asked = (self.request.payload.scope or "").split()
        scope = " ".join(name for name in asked if name in held)
        value = authorization.resource_token(client, subject=client.client_id, scope=scope)
        token = {
            "access_token": value,
            "expires_in": store.ACCESS_LIFETIME,
            "token_type": "Bearer",
        }
        return token | ({"scope": scope} if scope else {})


class TokenExchange(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """A personal access token, or an admin's subject token, for an access token (RFC 8693)."""

    GRANT_TYPE = clients.TOKEN_EXCHANGE
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        form = self.request.form
        self.request.client = self.authenticate_token_endpoint_client()
        for name in ("subject_token", "subject_token_type"):
            if not form.get(name):
                raise InvalidRequestError(f"{name} is missing")
        value = form["subject_token"]
        is_personal = form["subject_token_type"] == PERSONAL_ACCESS_TOKEN
        user = _owner_of(value) if is_personal else _subject_of(value)
        if user is None or user.is_suspended:
            raise InvalidGrantError(DENIED)
        self.request.user = user

    def create_token_response(self) -> tuple[int, Json, Any]:
        client = self.request.client
        scope = client.get_allowed_scope(self.request.payload.scope)
        grant = store.Grant(client_id=client.client_id, user_id=self.request.user.id, scope=scope)
        store.grants[grant.id] = grant
        proof = store.Proof(
            kind="exchange",
            client_id=client.client_id,
            user_id=grant.user_id,
            grant_id=grant.id,
            scope=scope,
            expires_at=grant.expires_at,
        )
        return 200, access_token(self.request, proof), self.TOKEN_RESPONSE_HEADER


class IdToken(OpenIDCode):  # type: ignore[misc]
    """ID tokens as Logto's: no auth_time unless it was asked for, `sid` for those who can use it."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False  # a nonce is the application's own affair

    def encode_id_token(self, token: Json, request: OAuth2Request) -> str:
        held: StoredProof = request.authorization_code or request.refresh_token
        proof, now = held.proof, store.seconds()
        told = {"nonce": proof.nonce, "sid": proof.sid, "auth_time": proof.auth_time}
        return keys.sign(
            claims.of(request.user, token["scope"])
            | {name: value for name, value in told.items() if value is not None}
            | {
                "at_hash": create_half_hash(token["access_token"], keys.ALGORITHM).decode(),
                "aud": proof.client_id,
                "exp": now + store.ACCESS_LIFETIME,
                "iat": now,
                "iss": authorization.issuer(),
            }
        )


class Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE with S256 only."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)


def access_token(request: OAuth2Request, proof: store.Proof, *, scope: str | None = None) -> Json:
    """The token response that a proof entitles to: opaque, or a JWT where `resource` is named.

    Where the tenant has a default API, a token for none is one for that.
    """
    scope = proof.scope if scope is None else scope
    resource = request.form.get("resource") or state.tenant.default_resource
    authorization.check_resource(resource)
    if resource:
        value = authorization.resource_token(request.client, subject=proof.user_id, scope="")
    else:
        value = _derived(proof, "access", store.ACCESS_LIFETIME, scope=scope).value
    return {
        "access_token": value,
        "expires_in": store.ACCESS_LIFETIME,
        "scope": scope,
        "token_type": "Bearer",
    }


def register(server: AuthorizationServer) -> None:
    """Teach the server these grants."""
    server.register_grant(AuthorizationCode, [IdToken(), Challenge(required=True)])
    server.register_grant(RefreshToken, [IdToken()])
    server.register_grant(ClientCredentials)
    server.register_grant(TokenExchange)


def _derived(
    proof: store.Proof, kind: str, lifetime: int, *, scope: str | None = None
) -> store.Proof:
    """A token that hangs on the same grant."""
    return store.add_proof(
        store.Proof(
            kind=kind,
            client_id=proof.client_id,
            user_id=proof.user_id,
            grant_id=proof.grant_id,
            scope=proof.scope if scope is None else scope,
            expires_at=store.seconds() + lifetime,
            sid=proof.sid,
            auth_time=proof.auth_time,
            nonce=proof.nonce,
        )
    )


def _owner_of(value: str) -> User | None:
    found = state.tenant.find_personal_access_token(value)
    if found is None:
        return None
    user, token = found
    expires_at = token["expiresAt"]  # 0 is never, like null
    return None if expires_at and expires_at <= state.now() else user


def _subject_of(value: str) -> User | None:
    token = state.tenant.subject_tokens.get(value)
    if token is None or token.get("consumedAt") or token["expiresAt"] <= state.now():
        return None
    token["consumedAt"] = state.now()
    return state.tenant.users.get(token["userId"])
