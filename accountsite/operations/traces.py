"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names who takes them.

A span for each request and task, and below it one for each call of Logto and each query. They hold
names and numbers, and of the person the id of their account: no path, no query, no SQL. Everything
else is set by OpenTelemetry's own variables, which its library reads.

Import this only where traces are wanted. It starts a thread, so `begin` comes after any fork.
"""

import atexit
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from accountsite import measurements
from accountsite.logto import correlation
from accountsite.operations import work

SERVER_ERRORS = 500
FAREWELL = 2.0  # seconds
NANOSECONDS = 1_000_000_000

tracer = trace.get_tracer("accountsite")


def begin() -> None:
    """Trace from now on, in this process."""
    provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    atexit.register(_end, provider)
    work.around.append(span)
    measurements.listen(measurements.LogtoCall, logto_call)
    connection_created.connect(_watch_queries)


def _end(provider: TracerProvider) -> None:
    """Send what there is, within FAREWELL: a collector that hangs must not hold a restart up."""
    sending = threading.Thread(target=provider.shutdown, daemon=True)
    sending.start()
    sending.join(FAREWELL)


@contextmanager
def span(done: work.Work) -> Iterator[None]:
    """The span of a request or task; its name and the rest are known at the end.

    The files of a page get none: they would be ten times as many.
    """
    request = done.request
    if request is not None and work.is_for_a_file(request):
        yield
        return
    kind = SpanKind.SERVER if request is not None else SpanKind.CONSUMER
    above = _context_of(request) if request is not None else None
    with tracer.start_as_current_span(
        done.task or "request",
        context=above,
        kind=kind,
        record_exception=False,  # its text would go along
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        finally:
            current.set_attribute("accountsite.request_id", correlation.request_id.get())
            if done.account:
                current.set_attribute("user.id", done.account)
            if request is not None:
                _describe(current, request, done)


def logto_call(told: measurements.LogtoCall) -> None:
    """The span of a call of Logto, which has just ended; a probe's has nothing to hang on."""
    if not trace.get_current_span().is_recording():
        return
    ended = time.time_ns()
    call = tracer.start_span(
        f"{told.method} {told.endpoint}",
        kind=SpanKind.CLIENT,
        start_time=ended - round(told.seconds * NANOSECONDS),
        attributes={
            "http.request.method": told.method,
            "url.template": told.endpoint,
            "accountsite.logto.outcome": told.outcome,
        },
    )
    if told.outcome == "unavailable":
        call.set_status(StatusCode.ERROR)
    call.end(ended)


def _describe(current: trace.Span, request: HttpRequest, done: work.Work) -> None:
    method = work.method_of(request)
    current.update_name(f"{method} {done.route}")
    current.set_attribute("http.request.method", method)
    current.set_attribute("http.route", done.route)
    current.set_attribute("http.response.status_code", done.status)
    if done.status >= SERVER_ERRORS:
        current.set_status(StatusCode.ERROR)


def _context_of(request: HttpRequest) -> Context | None:
    """The trace that a trusted proxy has begun. A stranger may not add to anybody's."""
    if not settings.TRUSTED_PROXIES:
        return None
    carrier = {"traceparent": request.headers.get("traceparent", "")}
    return TraceContextTextMapPropagator().extract(carrier)


def _watch_queries(connection: Any, **_rest: Any) -> None:
    if _query not in connection.execute_wrappers:
        connection.execute_wrappers.append(_query)


def _query(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """A query below the work that asked for it; there is nothing to hang those of no work on."""
    if not trace.get_current_span().is_recording():
        return execute(sql, *rest)
    operation = sql.lstrip(" (").partition(" ")[0].upper()[:16]
    with tracer.start_as_current_span(
        operation,
        kind=SpanKind.CLIENT,
        attributes={"db.operation.name": operation},
        record_exception=False,
        set_status_on_exception=False,
    ):
        return execute(sql, *rest)


def _resource() -> Resource:
    """What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, and our name where they don't."""
    told = Resource.create()
    if str(told.attributes.get(SERVICE_NAME, "unknown_service")).startswith("unknown_service"):
        return told.merge(Resource({SERVICE_NAME: "accountsite"}))
    return told
