"""One call of the Management API: how it is routed, read and answered.

    urlpatterns = [
        calls.route("/users/:userId", GET=users.get, PATCH=users.update),
    ]

A handler takes the call and what the path's parameters hold, and gives what is to be written as
JSON: None for an empty 204, or an Answer for another status. It runs under the tenant's lock.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from accountsite.demo import state, webhooks
from accountsite.demo.api import errors, guard
from accountsite.demo.oidc import bearer

LARGEST_BODY = 1024 * 1024  # bytes; Logto answers 404 above
CHUNK = 64 * 1024


@dataclass(slots=True)
class Call:
    """What was asked: the request, and what its path says."""

    request: HttpRequest
    route: str  # as Logto writes it: /users/:userId
    params: dict[str, str]
    happened: Any = field(default=None)  # the `data` of a webhook, if it is not the answer

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false."""
        return self.request.GET.get(name) == "true"

    def body(self, check: guard.Check) -> Any:
        """The body, checked.

        Raises errors.Refused: 400 for broken JSON (no code) or a wrong shape; 500 for a text with
        a NUL, over which Logto's database trips.
        """
        return guard.run(check, self._sent())

    def _sent(self) -> Any:
        raw = self.request.body
        kind = self.request.content_type
        if kind == "application/x-www-form-urlencoded":
            return self.request.POST.dict()
        if not raw:
            return {}
        if kind != "application/json":
            return raw.decode("utf-8", "replace")
        value = _parsed(raw)
        if b"\\u0000" in raw:
            raise errors.broken()
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with another status than 200, or with headers."""

    value: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        response = errors.json_response(self.value, self.status)
        for name, value in self.headers.items():
            response[name] = value
        return response


def created(value: Any) -> Answer:
    """201 with what was made."""
    return Answer(value, status=201)


type Handler = Callable[..., Any]


def route(
    pattern: str,
    *,
    public: bool = False,
    locked: bool = True,
    fires: Mapping[str, str] | None = None,
    **handlers: Handler,
) -> URLPattern:
    """A path of the API with a handler for each method.

    The pattern is Logto's (`/users/:userId`; a last `:name*` takes slashes too). `fires` names the
    webhook event of a method; `public` leaves out the bearer token; a handler that waits for the
    network is not `locked`.
    """
    logto_route = pattern.replace("*", "")
    names = re.findall(r":(\w+)", pattern)
    events = fires or {}

    def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        handler = handlers.get("GET" if request.method == "HEAD" else str(request.method))
        if handler is None:
            return _method_not_allowed(handlers)
        if _is_too_large(request):
            return errors.plain_response(404, "Not Found")
        params = dict(zip(names, kwargs.values(), strict=True))
        call = Call(request, logto_route, params)
        try:
            if not public:
                bearer.authenticate(request)
            with state.tenant.lock if locked else nullcontext():
                return _answer(call, handler, events.get(str(request.method)))
        except errors.Refused as refusal:
            return refusal.response()

    return path(_django_pattern(pattern), csrf_exempt(view))


def _answer(call: Call, handler: Handler, event: str | None) -> HttpResponse:
    value = handler(call, *call.params.values())
    if isinstance(value, HttpResponse):
        response = value
    elif isinstance(value, Answer):
        response, value = value.response(), value.value
    elif value is None:
        response = HttpResponse(status=204)
        del response["Content-Type"]
    else:
        response = errors.json_response(value)
    if event is not None:
        data = value if call.happened is None else call.happened
        webhooks.changed(
            event,
            call.request,
            route=call.route,
            params=call.params,
            status=response.status_code,
            data=data,
        )
    return response


def _method_not_allowed(handlers: Mapping[str, Handler]) -> HttpResponse:
    response = errors.plain_response(405, "Method Not Allowed")
    response["Allow"] = ", ".join((["HEAD"] if "GET" in handlers else []) + list(handlers))
    return response


def _django_pattern(pattern: str) -> str:
    pattern = re.sub(r"/:(\w+)\*", r"/<path:\1>", pattern)
    return re.sub(r"/:(\w+)", r"/<str:\1>", pattern).removeprefix("/")


def _is_too_large(request: HttpRequest) -> bool:
    """Whether the body is above the limit. Then it is read away, so that the connection lives."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length <= LARGEST_BODY or request.content_type == "multipart/form-data":
        return False
    while request.read(CHUNK):
        pass
    return True


def _parsed(raw: bytes) -> Any:
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise errors.Refused(400, None, "The body is not JSON.") from error
    if not isinstance(value, dict | list):
        raise errors.Refused(400, None, "The body must be a JSON object or array.")
    return value
