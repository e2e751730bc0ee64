"""The person's own access token, for the few calls that only they may make (the Account API)."""

import time

from django.http import HttpRequest

from accountsite.signin import oidc, services

SOON = 60  # seconds: a token that ends this soon could end on its way


class SignInNeeded(Exception):
    """There is no token, and none to be had: the person has to sign in again."""


def of_person(request: HttpRequest) -> str:
    """An access token that is good for a minute at least. It is opaque, and never logged.

    Renewed with the refresh token when it is about to end. Raises SignInNeeded, and Unavailable
    if Logto does not answer.
    """
    kept = request.session.get(services.TOKENS, {})
    if "access_token" in kept and kept.get("expires_at", 0) - time.time() > SOON:
        return str(kept["access_token"])
    if "refresh_token" not in kept:
        raise SignInNeeded
    try:
        renewed = oidc.renew(kept["refresh_token"])
    except oidc.Refused as refusal:
        raise SignInNeeded from refusal
    # What the answer leaves out stays: Logto need not send a new refresh or ID token.
    request.session[services.TOKENS] = {**kept, **services.kept_of(renewed)}
    return str(renewed["access_token"])
