"""Health before anything that could fail, and what there is to know of every other request."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from accountsite import measurements
from accountsite.logto import correlation
from accountsite.operations import readiness, work

logger = logging.getLogger("accountsite.requests")

type Answer = Callable[[HttpRequest], HttpResponse]


def health(get_response: Answer) -> Answer:
    """`/healthz`: the process answers. `/readyz`: so does what it needs, part by part.

    Probes know no host name and no session, so this stands before whatever asks for them.
    """
    answers = {"/healthz": _alive, "/readyz": _ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        if answer is None:
            return _apart(get_response, request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def observed(get_response: Answer) -> Answer:
    """One log line and one measurement for each request; it stands below what gives it an id."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        # 500 is for an error that came past all that makes a page of it.
        with work.under_way(work.Work(request=request, status=500)) as done:
            try:
                response = get_response(request)
                done.status = response.status_code
                return response
            finally:
                page = measurements.Page(
                    route=done.route,
                    method=work.method_of(request),
                    status=done.status,
                    seconds=time.perf_counter() - began,
                )
                measurements.tell(page)
                _log(page, done)

    return middleware


def _log(page: measurements.Page, done: work.Work) -> None:
    # The files of a page are worth no line each.
    level = logging.DEBUG if page.route == "static" else logging.INFO
    logger.log(
        level,
        "%s %s %d",
        page.method,
        page.route,
        page.status,
        extra={
            "method": page.method,
            "status": page.status,
            "milliseconds": round(page.seconds * 1000, 1),
            "logto_calls": done.calls,
            "logto_milliseconds": round(done.seconds * 1000, 1),
        },
    )


def _apart(get_response: Answer, request: HttpRequest) -> HttpResponse:
    """What this thread says after a page, such as of a request that is none, is not about it.

    An error that came past everything is: gunicorn tells of it next.
    """
    response = get_response(request)
    correlation.request_id.set("")
    return response


def _alive() -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def _ready() -> HttpResponse:
    report = readiness.report()
    status = 200 if report.is_ready else 503
    return JsonResponse({"ready": report.is_ready, "parts": report.parts}, status=status)
