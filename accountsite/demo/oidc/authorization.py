"""The authorization server: authlib's, taught what Logto does otherwise.

Logto says no with `{code, message, error, error_description}`, redirects with 303 and names itself
in every redirect to an application (`iss`, RFC 9207).
"""

import base64
import binascii
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from authlib.common.urls import add_params_to_uri
from authlib.integrations import django_oauth2
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AccessDeniedError,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from django.http import HttpRequest, HttpResponse

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.oidc import bearer, clients, keys, store
from accountsite.demo.state import Json

MESSAGES = {
    "access_denied": "The person did not agree.",
    "invalid_grant": "This grant gives nothing, or nothing any more.",
    "invalid_request": "Something in this request is missing or wrong.",
    "invalid_target": "There is no such resource.",
    "invalid_token": "Send an access token that is still good.",
}


LOGGED = {
    "authorization_code": "ExchangeTokenBy.AuthorizationCode",
    "refresh_token": "ExchangeTokenBy.RefreshToken",
    "client_credentials": "ExchangeTokenBy.ClientCredentials",
    clients.TOKEN_EXCHANGE: "ExchangeTokenBy.TokenExchange",
}
TOLD = ("grant_type", "scope", "subject_token_type")


class InvalidTargetError(OAuth2Error):  # type: ignore[misc]
    """A resource that the tenant does not know (RFC 8707)."""

    error = "invalid_target"
    description = "no resource of the tenant is named"


class InvalidRedirectUriError(OAuth2Error):  # type: ignore[misc]
    """A redirect URI that the application did not register: nobody is sent there."""

    error = "invalid_redirect_uri"
    description = "the application did not register this redirect_uri"


class StoredRequest(OAuth2Request):  # type: ignore[misc]
    """An authorization request that waited for the person, taken up again."""

    def __init__(self, params: dict[str, str]) -> None:
        super().__init__("GET", f"{issuer()}/auth")
        self.payload = BasicOAuth2Payload(params)
        self.session: store.Session | None = None
        self.grant_id = ""


class AuthorizationServer(django_oauth2.AuthorizationServer):  # type: ignore[misc]
    """authlib's server over the tenant's applications and `store`."""

    def __init__(self) -> None:
        super().__init__(client_model=None, token_model=None)

    def query_client(self, client_id: str) -> clients.Client | None:
        return clients.find(client_id)

    def create_oauth2_request(self, request: HttpRequest | OAuth2Request) -> OAuth2Request:
        if isinstance(request, OAuth2Request):
            return request
        return super().create_oauth2_request(request)

    def save_token(self, token: Json, request: OAuth2Request) -> None:
        """Nothing: the grants keep the tokens, since they know what they hang on."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nothing listens."""

    def authenticate_client(
        self, request: OAuth2Request, methods: Any, endpoint: str = "token"
    ) -> clients.Client:
        """Which application calls, by Basic or the form; a public one by its id alone.

        Raises InvalidRequestError without any credentials, InvalidClientError with status 400 for
        an unknown application and 401 for a wrong secret, InvalidRedirectUriError for one that has
        none registered, whatever it asks for: measured on Logto 1.42.
        """
        client_id, secret, method = _credentials(request)
        client = clients.find(client_id)
        if client is None:
            raise InvalidClientError(
                description=f"no application has the id {_printable(client_id)}"
            )
        if client.lacks_redirect_uri:
            raise InvalidRedirectUriError(description="redirect_uris must contain members")
        if not client.is_public and not client.check_client_secret(secret or ""):
            raise InvalidClientError("this is not a secret of the application", status_code=401)
        request.auth_method = "none" if client.is_public else method
        return client

    def get_token_grant(self, request: OAuth2Request) -> Any:
        """Find the grant, after who asks and whether they may ask for it."""
        client = self.authenticate_client(request, None)
        grant_type = request.payload.grant_type
        if not grant_type:
            raise InvalidRequestError("grant_type is missing")
        grant = super().get_token_grant(request)
        if not client.check_grant_type(grant_type):
            raise InvalidRequestError("the application may not ask for this grant_type")
        return grant

    def create_token_response(self, request: HttpRequest) -> HttpResponse:
        """The token endpoint's answer, with every refusal told; the audit log gets a row."""
        asked = self.create_oauth2_request(request)
        try:
            grant = self.get_token_grant(asked)
            grant.validate_token_request()
            response = self.handle_response(*grant.create_token_response())
        except OAuth2Error as error:
            response = self.handle_error_response(asked, error)
        if key := LOGGED.get(asked.payload.grant_type or ""):
            _log(key, request, asked, response)
        return response

    def handle_response(
        self, status: int, payload: Any, headers: list[tuple[str, str]]
    ) -> HttpResponse:
        """Logto's way to answer: 303, errors with a code, nothing stored on the way."""
        given = dict(headers)
        if location := given.get("Location"):
            return redirect(location)
        if isinstance(payload, dict) and "error" in payload:
            payload = explained(payload)
        response = errors.json_response(payload, status)
        response["Cache-Control"] = "no-store"
        if "WWW-Authenticate" in given:
            response["WWW-Authenticate"] = given["WWW-Authenticate"]
        return response

    def handle_error_response(self, request: Any, error: OAuth2Error) -> HttpResponse:
        """An error for the application, at its callback with `iss`, or for whoever asks."""
        if error.redirect_uri:
            params = {"error_description": message_of(error.error)} | dict(error.get_body())
            params["iss"] = issuer()
            return redirect(add_params_to_uri(error.redirect_uri, list(params.items())))
        return self.handle_response(*error(None))


def issuer() -> str:
    """The issuer of every token, and what all addresses of this half begin with."""
    return f"{state.tenant.endpoint}/oidc"


def redirect(location: str) -> HttpResponse:
    """See other: what a browser asked for by POST it then gets by GET."""
    return HttpResponse(status=303, headers={"Location": location})


def explained(error: Json) -> Json:
    """An OAuth error as Logto tells it: with its own code and message besides."""
    name = error["error"]
    message = message_of(name)
    return {"code": f"oidc.{name}", "message": message, "error_description": message} | error


def message_of(name: str) -> str:
    """A sentence for an OAuth error."""
    return MESSAGES.get(name, f"This could not be done: {name}.")


def access_denied(redirect_uri: str, state_value: str | None) -> OAuth2Error:
    """The person did not want to: told to the application at its callback."""
    return AccessDeniedError(redirect_uri=redirect_uri, state=state_value)


def check_resource(resource: str | None) -> None:
    """Raises InvalidTargetError unless it is the one resource of the tenant, or none."""
    if resource and resource != state.tenant.resource:
        raise InvalidTargetError


def resource_token(client: clients.Client, *, subject: str, scope: str) -> str:
    """An access token for the Management API: a JWT of type at+jwt."""
    now = store.seconds()
    token_id = store.new_value(16)
    bearer.issued(token_id)
    claims = {
        "jti": token_id,
        "sub": subject,
        "iat": now,
        "exp": now + store.ACCESS_LIFETIME,
        "client_id": client.client_id,
        "iss": issuer(),
        "aud": state.tenant.resource,
    }
    return keys.sign(claims | ({"scope": scope} if scope else {}), kind="at+jwt")


def sender(request: HttpRequest) -> Json:
    """Address and user agent of who asks, as logs and sessions keep them."""
    return {
        "ip": request.META.get("REMOTE_ADDR", ""),
        "userAgent": request.headers.get("User-Agent", ""),
    }


def _log(key: str, request: HttpRequest, asked: OAuth2Request, response: HttpResponse) -> None:
    whose = {
        "applicationId": asked.client.client_id if asked.client else None,
        "userId": asked.user.id if asked.user else None,
    }
    known = {name: value for name, value in whose.items() if value is not None}
    result = "Success" if response.status_code == HTTPStatus.OK else "Error"
    # Logto keeps all parameters, with those masked that it knows for secrets (recorded).
    told = {name: value for name in TOLD if (value := request.POST.get(name))}
    state.tenant.log(key, result=result, params=told, **known, **sender(request))


def _credentials(request: OAuth2Request) -> tuple[str, str | None, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidRequestError("the Authorization header can not be read") from error
        client_id, _, secret = text.partition(":")
        return unquote_plus(client_id), unquote_plus(secret), "client_secret_basic"
    if client_id := request.form.get("client_id"):
        return client_id, request.form.get("client_secret"), "client_secret_post"
    raise InvalidRequestError("the application did not say who it is")


def _printable(text: str) -> str:
    """A text that may stand in an error description (RFC 6749 allows little)."""
    return "".join(c for c in text if c.isascii() and c.isprintable() and c not in '"\\')[:64]
