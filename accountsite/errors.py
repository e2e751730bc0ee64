"""The pages for when something is not as it should be, whole or as a fragment for htmx."""

import sys
from typing import cast

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect, reswap

from accountsite.appearance import brand
from accountsite.pages import SiteRequest
from accountsite.refusals import Refusal, told

PAUSE_SECONDS = 10  # after which to try again; most databases are back from a restart by then


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. A session that ended while its request was under way is asked to sign in again."""
    if isinstance(exception, SessionInterrupted):
        url = reverse("signin:start", query={"next": request.path})
        return HttpResponseClientRedirect(url) if _is_htmx(request) else HttpResponseRedirect(url)
    return _answer(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, "errors/403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not ours, is old, or cookies are off."""
    return _answer(request, "errors/403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _answer(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The fault is ours, so the page asks nobody anything: not even the tenant's brand.

    503 where our own database is away, restarts or is too busy. That can show in any middleware
    before the view, so it is told here, in the one place that all of it leads to.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _without_database(request)
    return _answer(request, "errors/500.html", 500, brand=brand.Brand())


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: Logto does not answer. What the person typed stays in their form."""
    return _answer(request, "errors/503.html", 503)


def busy(request: HttpRequest, *, wait: int | None) -> HttpResponse:
    """503: Logto asks us to slow down. `wait` is in seconds, if it said how long."""
    response = _answer(request, "errors/503.html", 503, wait=wait)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def too_many(request: HttpRequest, refusal: Refusal, *, wait: int) -> HttpResponse:
    """429: one of our own limits, where no form could say it. `wait` is in seconds."""
    response = _answer(request, "errors/429.html", 429, refusal=told(refusal))
    response["Retry-After"] = str(wait)
    return response


def _without_database(request: HttpRequest) -> HttpResponse:
    if not hasattr(request, "LANGUAGE_CODE"):  # nobody came so far as to ask for the person's
        translation.activate(translation.get_language_from_request(request))
    response = _answer(request, "errors/503_database.html", 503, brand=brand.Brand())
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


def _answer(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    context["reference"] = getattr(request, "id", "")
    if not _is_htmx(request):
        return render(request, template, context, status=status)
    # A notice for the message region; the card that asked stays as it is, with what was typed.
    return reswap(render(request, f"{template}#card", context, status=status), "none")


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(cast("SiteRequest", request), "htmx", False))
