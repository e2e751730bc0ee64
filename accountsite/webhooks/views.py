"""The address that Logto sends its events to."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accountsite.webhooks import bodies, services

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
HEADER = "logto-signature-sha-256"


@login_not_required
@csrf_exempt
@never_cache
def logto(request: HttpRequest) -> HttpResponse:
    """Take an event: 204 once it is kept, for a second delivery of it as well.

    404 while no key is set, 405, 413, 401 for a signature that is not ours, 400 for what holds no
    event. Nothing is read before its length is known, or believed before its signature is.
    """
    if not settings.WEBHOOK_SECRETS:
        return _plain("There is no receiver here.", status=404)
    if request.method != "POST":
        response = _plain("POST only.", status=405)
        response["Allow"] = "POST"
        return response
    if _length(request) > MOST_BYTES:
        services.count("", "too_large")
        return _plain("Too large.", status=413)
    raw = request.body
    if not services.is_signed(raw, request.headers.get(HEADER, "")):
        logger.warning("a webhook without a good signature was refused")
        services.count("", "unsigned")
        return _plain("The signature is missing or wrong.", status=401)
    try:
        services.receive(raw)
    except bodies.Malformed:
        services.count("", "malformed")
        return _plain("This is no event.", status=400)
    return HttpResponse(status=204)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")
