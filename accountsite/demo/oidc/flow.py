"""The way through sign-in: from an authorization request to a code, and from a session to its end.

An authorization request that needs the person becomes an interaction and waits, while the browser
is at the sign-in or consent page; `resume` takes it up. An interaction belongs to one browser, by
a cookie, so that nobody can finish what another one began.
"""

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    UnsupportedResponseTypeError,
)
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from joserfc.errors import JoseError

from accountsite.demo import state
from accountsite.demo.oidc import authorization, backchannel, clients, keys, store
from accountsite.demo.oidc.authorization import InvalidRedirectUriError, redirect
from accountsite.demo.oidc.endpoints import locked, server
from accountsite.demo.state import Json

BROWSER_COOKIE = "demo_browser"
SESSION_COOKIE = "demo_session"


@locked("GET", "POST")
def authorize(request: HttpRequest) -> HttpResponse:
    """The authorization endpoint: to the sign-in page, or straight back to the application."""
    asked = server.create_oauth2_request(request)
    params: dict[str, str] = dict(asked.payload.data)
    try:
        check_addressee(params)
        session = _fresh_session(request, params)
        user = state.tenant.users.get(session.user_id) if session else None
        _check_request(params)
        grant = server.get_consent_grant(asked, end_user=user)
        if params.get("one_time_token"):
            return ask(request, params, "demo:one-time-token")
        if session is None or grant.prompt == "login":
            return ask(request, params, "demo:sign-in")
        return proceed(request, params, session)
    except OAuth2Error as error:
        return refuse(request, params, error)


@locked("GET")
def resume(request: HttpRequest, interaction_id: str) -> HttpResponse:
    """Go on with a request, now that the person has signed in or agreed."""
    interaction = current(request, interaction_id)
    if interaction is None:
        return lost(request)
    session = store.find_session(request.COOKIES.get(SESSION_COOKIE))
    if interaction.login_at:
        session = _sign_in(session, interaction)
    elif session is None or not interaction.has_consented:
        return redirect(_page("demo:sign-in", interaction))
    del store.interactions[interaction.id]
    try:
        response = proceed(
            request, interaction.params, session, has_consented=interaction.has_consented
        )
    except OAuth2Error as error:
        response = refuse(request, interaction.params, error)
    set_cookie(response, SESSION_COOKIE, session.id, max_age=store.SESSION_LIFETIME)
    return response


@locked("GET", "POST")
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out as an application asks (RP-initiated): the session ends, every application is told.

    Logto does not ask the person either; its page sends itself off.
    """
    params = request.POST.dict() if request.method == "POST" else request.GET.dict()
    try:
        client = _signing_out(params)
        target = params.get("post_logout_redirect_uri") if client else None
        if target and client and target not in client.metadata["postLogoutRedirectUris"]:
            raise InvalidRequestError(
                "the application did not register this post_logout_redirect_uri"
            )
    except OAuth2Error as error:
        return refuse(request, params, error)
    if session := store.find_session(request.COOKIES.get(SESSION_COOKIE)):
        end(session)
    if target:
        extra = [("state", params["state"])] if "state" in params else []
        response = redirect(add_params_to_uri(target, extra))
    else:
        response = render(request, "demo/signed_out.html")
    response.delete_cookie(SESSION_COOKIE)
    return response


def proceed(
    request: HttpRequest,
    params: dict[str, str],
    session: store.Session,
    *,
    has_consented: bool = False,
) -> HttpResponse:
    """A code for the application, or first the consent page: third parties need it once."""
    client = clients.find(params["client_id"])
    assert client is not None  # noqa: S101 - checked when the request came in
    scope = scope_for(client, params)
    if client.is_third_party and not has_consented and _needs_consent(client, params, session):
        if params.get("prompt") == "none":
            raise ConsentRequiredError(redirect_uri=params["redirect_uri"])
        return ask(request, params, "demo:consent")
    asked = authorization.StoredRequest(params | {"scope": scope})
    asked.session = session
    asked.grant_id = _authorize(client, session, scope).id
    user = state.tenant.users[session.user_id]
    response: HttpResponse = server.create_authorization_response(
        asked, grant_user=user, grant=server.get_authorization_grant(asked)
    )
    return response


def ask(request: HttpRequest, params: dict[str, str], page: str) -> HttpResponse:
    """Let the request wait, and send the browser to a page about it."""
    browser = request.COOKIES.get(BROWSER_COOKIE) or store.new_value()
    interaction = store.Interaction(browser=browser, params=params, client_id=params["client_id"])
    store.add_interaction(interaction)
    response = redirect(_page(page, interaction))
    set_cookie(response, BROWSER_COOKIE, browser)
    return response


def current(request: HttpRequest, interaction_id: str | None = None) -> store.Interaction | None:
    """The interaction with this id if it is this browser's; without an id the newest one of it."""
    browser, now = request.COOKIES.get(BROWSER_COOKIE), store.seconds()
    if not browser:
        return None
    found = (
        reversed(store.interactions.values())
        if interaction_id is None
        else filter(None, [store.interactions.get(interaction_id)])
    )
    return next((one for one in found if one.browser == browser and one.expires_at > now), None)


def refuse(request: HttpRequest, params: dict[str, str], error: OAuth2Error) -> HttpResponse:
    """Tell the application at its callback, or, where nobody may be sent there, the person."""
    error.state = params.get("state")
    if error.redirect_uri:
        response: HttpResponse = server.handle_error_response(None, error)
        return response
    body = authorization.explained(dict(error.get_body())) | {"iss": authorization.issuer()}
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "demo/problem.html", {"error": body}, status=400)
    return server.handle_response(400, body, [])


def lost(request: HttpRequest) -> HttpResponse:
    """The page for a sign-in that is over, or that another browser began."""
    error = {"error": "session_not_found", "error_description": "This sign-in has expired."}
    return render(request, "demo/problem.html", {"error": error}, status=400)


def cancel(interaction: store.Interaction) -> HttpResponse:
    """Back to the application with access_denied: the person does not want to."""
    del store.interactions[interaction.id]
    params = interaction.params
    error = authorization.access_denied(params["redirect_uri"], params.get("state"))
    response: HttpResponse = server.handle_error_response(None, error)
    return response


def end(session: store.Session) -> None:
    """End a session. Tokens with offline_access outlive it; each application is told."""
    store.sessions.pop(session.id, None)
    for authorized in session.authorizations.values():
        if not authorized.get("persistsLogout"):
            store.revoke_grant(authorized["grantId"])
    backchannel.announce_end(session)


def check_addressee(params: dict[str, str]) -> None:
    """Raises an OAuth2Error for the person unless the application and its callback are known."""
    if not params.get("client_id"):
        raise InvalidRequestError("client_id is missing")
    client = clients.find(params["client_id"])
    if client is None:
        raise InvalidClientError(description="no application has this client_id")
    if not params.get("redirect_uri"):
        raise InvalidRequestError("redirect_uri is missing")
    if not client.check_redirect_uri(params["redirect_uri"]):
        raise InvalidRedirectUriError


def scope_for(client: clients.Client, params: dict[str, str]) -> str:
    """The scopes that are granted. offline_access counts only beside the prompt consent."""
    names = client.get_allowed_scope(params.get("scope")).split()
    asks = "consent" in params.get("prompt", "").split()
    return " ".join(name for name in names if asks or name != "offline_access")


def set_cookie(response: HttpResponse, name: str, value: str, **options: Any) -> None:
    """A cookie that scripts and other sites' forms don't get."""
    response.set_cookie(name, value, httponly=True, samesite="Lax", **options)


def _page(name: str, interaction: store.Interaction) -> str:
    return reverse(name, query={"interaction": interaction.id})


def _check_request(params: dict[str, str]) -> None:
    """Raises an OAuth2Error for the application where authlib would say it otherwise."""
    try:
        if not params.get("response_type"):
            raise InvalidRequestError("response_type is missing")
        if params["response_type"] != "code":
            raise UnsupportedResponseTypeError(None)
        authorization.check_resource(params.get("resource"))
    except OAuth2Error as error:
        error.redirect_uri = params["redirect_uri"]
        raise


def _fresh_session(request: HttpRequest, params: dict[str, str]) -> store.Session | None:
    """The browser's session, unless the sign-in is longer ago than the application likes."""
    session = store.find_session(request.COOKIES.get(SESSION_COOKIE))
    max_age = params.get("max_age")
    if session is None or max_age is None:
        return session
    if not max_age.isdecimal():
        raise InvalidRequestError(
            "max_age is a number of seconds", redirect_uri=params["redirect_uri"]
        )
    is_fresh = store.seconds() - session.signed_in_at <= int(max_age)
    if not is_fresh and params.get("prompt") == "none":
        raise LoginRequiredError(redirect_uri=params["redirect_uri"])
    return session if is_fresh else None


def _sign_in(session: store.Session | None, interaction: store.Interaction) -> store.Session:
    """The session of a sign-in: the same one if the same person signed in again here.

    So does Logto: a repeated sign-in moves `loginTs` and keeps `uid` and every `sid`. Another
    person's session is ended first.
    """
    assert interaction.user_id and interaction.login_at and interaction.submission  # noqa: S101, PT018
    if session and session.user_id == interaction.user_id:
        del store.sessions[session.id]
        session.id = store.new_value()
        session.signed_in_at = interaction.login_at
        session.submission = interaction.submission
        session.client_id = interaction.client_id
    else:
        if session:
            end(session)
        session = store.Session(
            user_id=interaction.user_id,
            client_id=interaction.client_id,
            submission=interaction.submission,
            signed_in_at=interaction.login_at,
        )
    store.sessions[session.id] = session
    return session


def _needs_consent(client: clients.Client, params: dict[str, str], session: store.Session) -> bool:
    authorized = session.authorizations.get(client.client_id, {})
    grant = store.grants.get(authorized.get("grantId", ""))
    granted = set(grant.scope.split()) if grant else set()
    asks = "consent" in params.get("prompt", "").split()
    return asks or not granted.issuperset(scope_for(client, params).split())


def _authorize(client: clients.Client, session: store.Session, scope: str) -> store.Grant:
    """Note in the session that the application was entered; give the grant, new or widened."""
    authorized: Json = session.authorizations.setdefault(
        client.client_id, {"sid": store.new_value()}
    )
    grant = store.grants.get(authorized.get("grantId", ""))
    if grant is None:
        grant = store.Grant(client_id=client.client_id, user_id=session.user_id, scope=scope)
        store.grants[grant.id] = grant
        authorized["grantId"] = grant.id
    grant.scope = " ".join(dict.fromkeys([*grant.scope.split(), *scope.split()]))
    if "offline_access" in scope.split():
        authorized["persistsLogout"] = True
    return grant


def _signing_out(params: dict[str, str]) -> clients.Client | None:
    """The application that asks, as its ID token or id says. Raises an OAuth2Error."""
    client_id = params.get("client_id")
    if hint := params.get("id_token_hint"):
        try:
            audience = keys.verified(hint).get("aud")  # an expired one is good enough
        except (JoseError, ValueError) as error:
            raise InvalidRequestError("id_token_hint is no ID token of this tenant") from error
        if client_id and client_id != audience:
            raise InvalidRequestError("id_token_hint is for another client_id")
        client_id = audience
    if not client_id:
        return None
    client = clients.find(client_id)
    if client is None:
        raise InvalidClientError(description="no application has this client_id")
    return client
