"""The tenant's own pages of a sign-in: password, code, second factor, consent. No JavaScript."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect

from accountsite.demo import connectors, pages, providers, state
from accountsite.demo.api import errors
from accountsite.demo.oidc import clients, flow, sign_in, store
from accountsite.demo.oidc.authorization import redirect, sender
from accountsite.demo.oidc.endpoints import locked

type Page = Callable[..., HttpResponse]

SCOPE_TEXTS = {
    "profile": "Your name, picture and profile",
    "email": "Your email address",
    "phone": "Your phone number",
    "address": "Your postal address",
    "custom_data": "What applications keep with your account",
    "identities": "Which accounts elsewhere you have linked",
    "roles": "Your roles",
    "urn:logto:scope:organizations": "Your organizations",
    "urn:logto:scope:organization_roles": "Your roles in your organizations",
    "offline_access": "All this while you are away, too",
}


def in_interaction(page: Page) -> Page:
    """A page of a sign-in under way, which is named in the query and belongs to this browser."""

    @locked("GET", "POST")
    @csrf_protect
    @wraps(page)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        interaction = flow.current(request, request.GET.get("interaction", ""))
        if interaction is None:
            return flow.lost(request)
        if "cancel" in request.POST:
            return flow.cancel(interaction)
        return page(request, interaction, **kwargs)

    return wrapped


@in_interaction
def password(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """Sign in with a password, or choose another way."""
    error = None
    if request.method == "POST":
        try:
            identifier = request.POST.get("identifier", "")
            sign_in.with_password(interaction, identifier, request.POST.get("password", ""))
            return _go_on(request, interaction)
        except errors.Refused as refusal:
            error = refusal.message
    return _page(request, interaction, "sign_in", error=error, providers=_providers())


@in_interaction
def code(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """Sign in with a code that is sent to an email address or phone."""
    error = None
    if request.method == "POST":
        try:
            if "code" in request.POST:
                sign_in.with_code(interaction, request.POST["code"].strip())
                return _go_on(request, interaction)
            sign_in.send_code(interaction, request.POST.get("identifier", ""))
        except errors.Refused as refusal:
            error = refusal.message
    address = interaction.code_address if request.method == "POST" else None
    return _page(request, interaction, "code", error=error, address=address)


@in_interaction
def one_time_token(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """Sign in with the token that the application brought along, from a link in a mail."""
    params = interaction.params
    try:
        email, token = params.get("login_hint", ""), params["one_time_token"]
        sign_in.with_one_time_token(interaction, email, token)
        return _go_on(request, interaction)
    except errors.Refused as refusal:
        found = {"error": refusal.message, "providers": _providers()}
        return _page(request, interaction, "sign_in", **found)


@in_interaction
def second_factor(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """Give the second factor: a passkey, a code of the authenticator app, or a backup code."""
    try:
        factors = sign_in.missing_factors(interaction)
    except errors.Refused:
        return redirect(_address("demo:sign-in", interaction))
    error = None
    if request.method == "POST":
        try:
            if given := request.POST.get("passkey"):
                sign_in.with_passkey(interaction, given, _origin(request))
            elif given := request.POST.get("backup_code"):
                sign_in.with_backup_code(interaction, given)
            else:
                sign_in.with_totp(interaction, request.POST.get("code", ""))
            return _go_on(request, interaction)
        except errors.Refused as refusal:
            error = refusal.message
    question = None
    if "WebAuthn" in factors:
        question = json.dumps(sign_in.passkey_question(interaction, _origin(request)))
    found = {"error": error, "factors": factors, "passkey_question": question}
    return pages.with_script(_page(request, interaction, "second_factor", **found))


@in_interaction
def social(request: HttpRequest, interaction: store.Interaction, target: str) -> HttpResponse:
    """Leave for a provider, to come back at `callback`."""
    if request.method != "POST" or target not in {each["target"] for each in _providers()}:
        return redirect(_address("demo:sign-in", interaction))
    address = providers.authorization_uri(
        target, state=interaction.id, redirect_uri=_callback(target)
    )
    return redirect(address)


@locked("GET")
def callback(request: HttpRequest, target: str) -> HttpResponse:
    """Back from a provider: sign in whoever linked that account here."""
    interaction = flow.current(request, request.GET.get("state", ""))
    if interaction is None:
        return flow.lost(request)
    connector = next((each for each in _providers() if each["target"] == target), None)
    picked = providers.take(request.GET.get("code", ""), target)
    if connector is None or picked is None:
        error = "The other account was not used. Try again, or sign in another way."
        return _page(request, interaction, "sign_in", error=error, providers=_providers())
    try:
        sign_in.with_identity(interaction, connector, picked["id"])
        return _go_on(request, interaction)
    except errors.Refused as refusal:
        found = {"error": refusal.message, "providers": _providers()}
        return _page(request, interaction, "sign_in", **found)


@in_interaction
def consent(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """Let a third party's application in, or not."""
    client = clients.find(interaction.client_id)
    session = store.find_session(request.COOKIES.get(flow.SESSION_COOKIE))
    if client is None or session is None:
        return flow.lost(request)
    if request.method == "POST":
        interaction.has_consented = True
        return redirect(_address("demo:resume", interaction))
    names = flow.scope_for(client, interaction.params).split()
    wanted = [SCOPE_TEXTS[name] for name in names if name in SCOPE_TEXTS]
    person = state.tenant.users[session.user_id].record
    return _page(request, interaction, "consent", wanted=wanted, person=person)


def _go_on(request: HttpRequest, interaction: store.Interaction) -> HttpResponse:
    """After a proof: to the second factor, or back into the flow. Raises errors.Refused."""
    sign_in.identify(interaction)
    if sign_in.missing_factors(interaction):
        return redirect(_address("demo:second-factor", interaction))
    sign_in.complete(interaction, sender(request))
    return redirect(_address("demo:resume", interaction))


def _page(
    request: HttpRequest, interaction: store.Interaction, name: str, **context: Any
) -> HttpResponse:
    application = state.tenant.applications.get(interaction.client_id) or {}
    context |= {
        "application": application,
        "interaction": interaction,
        "hint": request.POST.get("identifier") or interaction.params.get("login_hint", ""),
    }
    status = 422 if context.get("error") else 200
    return render(request, f"demo/{name}.html", context, status=status)


def _address(name: str, interaction: store.Interaction) -> str:
    if name == "demo:resume":
        return reverse(name, args=[interaction.id])
    return reverse(name, query={"interaction": interaction.id})


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _callback(target: str) -> str:
    return state.tenant.endpoint + reverse("demo:callback", args=[target])


def _providers() -> list[state.Json]:
    """The social connectors that have a page to leave for, each target once."""
    targets = state.tenant.sign_in_experience.get("socialSignInConnectorTargets", [])
    found = {each["target"]: each for each in connectors.social()}
    return [found[target] for target in targets if target in found and target in providers.PAGES]
