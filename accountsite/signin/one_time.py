"""Signing in with the one-time token of a mail."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accountsite.signin import oidc, services


def begin(request: HttpRequest, *, token: str, email: str) -> HttpResponse:
    """Send the person to Logto with the token, from where they come back signed in.

    The names are those of Logto's guide to magic links; whether the token is good is seen there.
    Raises Unavailable.
    """
    response = oidc.begin(request, prompt=oidc.CONSENT, one_time_token=token, login_hint=email)
    [state] = parse_qs(urlsplit(response["Location"]).query)["state"]
    services.remember_attempt(request, state=state, path=reverse("overview:overview"))
    return response
