"""What was changed here, and by whom: the truth that a test holds against what a site told.

    GET /demo/writes?after=120

Each request to the API that could change something and was not refused is a row, even where a
fault lost its answer on the way back.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from accountsite.demo import state

KEPT = 100_000
READING = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSED = 400  # and above


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request that took effect. `request_id` is what the site calls the page it served."""

    number: int
    at: int  # milliseconds
    method: str
    path: str
    status: int
    request_id: str
    user_agent: str


_numbers = itertools.count(1)
_writes: deque[Write] = deque(maxlen=KEPT)
_guard = threading.Lock()  # so that rows stand in the order of their numbers


class Writes:
    """The middleware that writes them down. It stands behind the faults, which may lose answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_change = request.method not in READING and request.path.startswith("/api/")
        if is_change and response.status_code < REFUSED:
            _note(request, response.status_code)
        return response


def clear() -> None:
    """Forget them all. Numbers go on."""
    with _guard:
        _writes.clear()


@require_safe
def control(request: HttpRequest) -> JsonResponse:
    """The rows after the number `after`, oldest first: `{"writes": […]}`."""
    after = int(request.GET.get("after") or 0)
    with _guard:
        found = [asdict(write) for write in _writes if write.number > after]
    return JsonResponse({"writes": found})


def _note(request: HttpRequest, status: int) -> None:
    with _guard:
        _writes.append(
            Write(
                number=next(_numbers),
                at=state.now(),
                method=str(request.method),
                path=request.path,
                status=status,
                request_id=request.headers.get("X-Request-ID", ""),
                user_agent=request.headers.get("User-Agent", ""),
            )
        )
