"""Health, answered before anything that could fail: probes know no host name and no session."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`/healthz`: the process answers. `/readyz`: its database does too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _plain("ok")
        if request.path == "/readyz":
            return _ready()
        return get_response(request)

    return middleware


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _plain("database", status=503)
    return _plain("ok")


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", content_type="text/plain", status=status)
    response["Cache-Control"] = "no-store"
    return response
