"""Faults on request, so that tests can see what the site does when Logto is slow, wrong or down.

    POST   /demo/faults  {"path": "/api/users", "method": "GET", "status": 503, "times": 2}
    PUT    /demo/faults  {"delay": 20, "down": false}
    GET    /demo/faults
    DELETE /demo/faults
    DELETE /demo/faults?name=errors

A fault strikes requests whose path starts with the regular expression `path` (default: all) and
whose method is `method` (default: any); of those, with `chance`, one in so many at random, the same
ones for the same `seed`. It waits `delay` milliseconds, then answers `status` with the JSON `body`,
and with `retry_after` in seconds where that is given, or closes the connection without an answer if
`drop` is true, or else lets the request through. With `after` the request takes effect first, and
only its answer is lost; one that only lets requests through counts them. After `times` strikes it is spent. `delay` and `down` of PUT are for every
request; the addresses under /demo/ are never struck. DELETE with a `name` ends the faults that were
given it, and without ends all. All answer what is set then, with the `hits` of each fault and how
many requests were `turned_away` while the tenant was down.
"""

import json
import random
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods

from accountsite.demo import pages
from accountsite.demo.state import Json

EXEMPT = "/demo/"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault, as POST describes it; `hits` counts its strikes."""

    name: str = ""
    path: str = ""
    method: str | None = None
    chance: float = 1  # from 0 to 1
    seed: int | None = None
    delay: float = 0  # milliseconds
    status: int | None = None
    body: Any = None
    retry_after: int | None = None  # seconds
    drop: bool = False
    after: bool = False
    times: int | None = None
    hits: int = 0
    dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - nobody must not guess it

    def strikes(self, request: HttpRequest) -> bool:
        """Whether this request is one of its."""
        return (
            (self.times is None or self.hits < self.times)
            and self.method in (None, request.method)
            and re.match(self.path, request.path) is not None
            and (self.chance >= 1 or self.dice.random() < self.chance)
        )

    def as_json(self) -> Json:
        """The fault as GET shows it."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "dice"}


@dataclass(slots=True)
class Everywhere:
    """What every request meets. It is read without a lock, so that a benchmark waits for none."""

    delay: float = 0  # milliseconds
    down: bool = False
    turned_away: int = 0  # while it was down


everywhere = Everywhere()
_faults: list[Fault] = []
_guard = threading.Lock()  # of the counts


def clear() -> None:
    """Be a tenant in good health."""
    everywhere.delay, everywhere.down, everywhere.turned_away = 0, False, 0
    _faults.clear()


class Faults:
    """The middleware that strikes. It comes first, so that no request gets by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(EXEMPT):
            return self.get_response(request)
        if everywhere.down:
            with _guard:
                everywhere.turned_away += 1
            return _drop(request)
        if everywhere.delay:
            time.sleep(everywhere.delay / 1000)
        if _faults and (fault := _next_fault(request)):
            return self._strike(request, fault)
        return self.get_response(request)

    def _strike(self, request: HttpRequest, fault: Fault) -> HttpResponseBase:
        done = self.get_response(request) if fault.after else None
        time.sleep(fault.delay / 1000)
        if fault.drop:
            return _drop(request)
        if fault.status is None:
            return done or self.get_response(request)
        body = {"message": "A fault on request."} if fault.body is None else fault.body
        wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return JsonResponse(body, status=fault.status, safe=False, headers=wait)


def _next_fault(request: HttpRequest) -> Fault | None:
    with _guard:
        fault = next((fault for fault in _faults if fault.strikes(request)), None)
        if fault:
            fault.hits += 1
        return fault


def _drop(request: HttpRequest) -> HttpResponse:
    """Close the connection under gunicorn, which then finds nobody to answer."""
    connection: socket.socket = request.META["gunicorn.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse(status=444, headers={"Connection": "close"})


@pages.for_programs
@require_http_methods(["GET", "POST", "PUT", "DELETE"])
def control(request: HttpRequest) -> HttpResponse:
    """Show, add or remove faults. Answers what then is set; 400 with `message` for what is not."""
    match request.method:
        case "POST":
            _add(**json.loads(request.body))
        case "PUT":
            _set(**json.loads(request.body))
        case "DELETE" if name := request.GET.get("name"):
            _faults[:] = [fault for fault in _faults if fault.name != name]
        case "DELETE":
            clear()
    return JsonResponse(
        {
            "delay": everywhere.delay,
            "down": everywhere.down,
            "turned_away": everywhere.turned_away,
            "faults": [fault.as_json() for fault in _faults],
        }
    )


def _add(**options: Any) -> None:
    fault = Fault(**options)
    try:
        re.compile(fault.path)
    except re.error as error:
        raise ValueError(f"path is no regular expression: {error}") from error
    _faults.append(fault)


def _set(*, delay: float = 0, down: bool = False) -> None:
    everywhere.delay, everywhere.down = float(delay), bool(down)
