"""Health, answered before anything that could fail: probes know no host name and no session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from accountsite.operations import readiness


def health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`/healthz`: the process answers. `/readyz`: so does what it needs, part by part."""
    answers = {"/healthz": _alive, "/readyz": _ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        if answer is None:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def _alive() -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def _ready() -> HttpResponse:
    report = readiness.report()
    status = 200 if report.is_ready else 503
    return JsonResponse({"ready": report.is_ready, "parts": report.parts}, status=status)
