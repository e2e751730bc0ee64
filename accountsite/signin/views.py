"""Signing in and out, as the person's browser sees it."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accountsite import measurements
from accountsite.links import visits
from accountsite.logto import errors
from accountsite.pages import AccountRequest, SiteRequest
from accountsite.signin import guards, oidc, services
from accountsite.signin.models import EndReason

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def start(request: SiteRequest) -> HttpResponse:
    """Send the person to Logto, and remember the page they wanted."""
    target = path_of_ours(request.GET.get("next", ""))
    if request.account is not None:
        return HttpResponseRedirect(target)
    response = oidc.begin(request, prompt=oidc.CONSENT)
    visits.keep(request)  # for the page that tells of a sign-in that failed
    services.remember_attempt(request, state=_state_of(response), path=target)
    _count("begun")
    return response


@require_safe
def again(request: AccountRequest) -> HttpResponse:
    """Have the person sign in once more at Logto, as a proof that it is still them.

    `prompt=login` brings whatever the tenant asks for, its second step too.
    """
    target = path_of_ours(request.GET.get("next", ""))
    response = oidc.begin(request, prompt=f"login {oidc.CONSENT}", max_age="0")
    services.remember_attempt(
        request, state=_state_of(response), path=target, again_since=time.time()
    )
    _count("begun")
    return response


@login_not_required
@require_GET  # no HEAD, which would use the sign-in up
def callback(request: SiteRequest) -> HttpResponse:
    """Sign the person in with what Logto sent them back with, or say why not."""
    try:
        target = services.complete(request)
    except oidc.Refused as refusal:
        logger.info("sign-in refused: %s (%s)", refusal.kind, refusal)
        _count(refusal.kind)
        return _failed(request, refusal.kind)
    except (errors.LogtoError, guards.AccountEnded) as error:
        _count("unavailable" if isinstance(error, errors.LogtoError) else "ended")
        raise
    _count("done")
    return HttpResponseRedirect(path_of_ours(target or ""))


@require_http_methods(["GET", "POST"])
def sign_out(request: AccountRequest) -> HttpResponse:
    """End the session here, then at Logto. A GET asks first."""
    if request.method == "GET":
        return render(request, "signin/sign_out.html")
    tokens = request.session.get(services.TOKENS, {})
    services.end_this(request, EndReason.SIGNED_OUT)
    try:
        return oidc.end_session(id_token=tokens.get("id_token"))
    except errors.Unavailable:
        # Out here at least; Logto's own session can't be reached now.
        logger.warning("signed out here, but not at Logto", exc_info=True)
        return HttpResponseRedirect(reverse("signin:signed_out", query={"reason": "only_here"}))


@login_not_required
@require_safe
def signed_out(request: SiteRequest) -> HttpResponse:
    """Say that, and why, the session ended, and offer the way back in."""
    if request.account is not None:
        return HttpResponseRedirect(reverse("overview:overview"))
    reason = request.GET.get("reason", EndReason.SIGNED_OUT)
    target = path_of_ours(request.GET.get("next", ""))
    return render(request, "signin/signed_out.html", {"reason": reason, "next": target})


def _state_of(response: HttpResponse) -> str:
    return parse_qs(urlsplit(response["Location"]).query)["state"][0]


def path_of_ours(target: str) -> str:
    """The target if it is a page of this site, else the overview: nobody is sent elsewhere."""
    home = reverse("overview:overview")
    is_path = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_path and not target.startswith(reverse("signin:start")) else home


def _count(outcome: str) -> None:
    measurements.tell(measurements.SignIn(outcome=outcome))


def _failed(request: SiteRequest, kind: str) -> HttpResponse:
    """The page for a callback that signed nobody in: what happened, and what to do."""
    title, explanation, what_to_do = _explained(kind, is_signed_in=request.account is not None)
    context = {
        "title": title,
        "explanation": explanation,
        "what_to_do": what_to_do,
        "retry_url": reverse("overview:overview" if request.account else "signin:start"),
        "reference": request.id,
    }
    return render(request, "signin/failed.html", context, status=403 if kind == "denied" else 400)


def _explained(kind: str, *, is_signed_in: bool) -> tuple[str, str, str]:
    """Title, what happened and what to do next, for each way that a callback can fail."""
    if kind in {"person", "stale"}:
        return (
            _("You are not confirmed"),
            _("The sign-in was another person’s, or it was not a new one."),
            _("Go back, and sign in again as yourself."),
        )
    if is_signed_in:
        return (
            _("You are already signed in"),
            _("This sign-in was already used, or you signed in in another tab meanwhile."),
            _("Go on to your account."),
        )
    title = _("You are not signed in")
    again = _("Sign in again.")
    if kind == "denied":
        return title, _("The sign-in was cancelled, or access was not allowed."), again
    if kind == "state":
        return (
            title,
            _("This sign-in was begun too long ago, in another browser, or was already used."),
            _("Sign in again, and stay in this browser until you are back here."),
        )
    if kind == "provider":
        return (
            title,
            _("The sign-in service could not finish your sign-in."),
            _("Wait a minute, then sign in again."),
        )
    return (
        title,
        _("What the sign-in service sent back can’t be trusted, so it was not used."),
        _(
            "Sign in again. If this comes back, tell the support, and give them the reference below."
        ),
    )
