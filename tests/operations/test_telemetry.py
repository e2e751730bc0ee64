"""Errors to Sentry and traces to a collector: what goes there, and what never does."""

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli
import pytest
import requests
from django.conf import settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.operations.test_exposition import answer
from tests.operations.test_serve import PATIENCE, environment, port, serve

__all__ = ["environment", "port", "serve"]

HOST = "account.example.com"
# What a request of alice's holds of her, wherever it may stand.
SECRETS = ["alice", "Kim", "s3cret-code", "s3cret-cookie", "s3cret-body", "203.0.113.9"]


class Collector(ThreadingHTTPServer):
    """Takes whatever it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.bodies: list[tuple[str, bytes]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def received(self, path: str, *, at_least: int = 1) -> list[bytes]:
        """What came there so far, once so much did."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            found = [body for to, body in self.bodies if to == path]
            if len(found) >= at_least:
                return found
            time.sleep(0.1)
        raise AssertionError([to for to, _body in self.bodies])


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        if encoding := self.headers.get("Content-Encoding"):
            body = unpack[encoding](body)
        self.server.bodies.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A listener in place of Sentry or an OpenTelemetry collector."""
    collector = Collector()
    yield collector
    collector.shutdown()
    collector.server_close()


def fail(port: int, **headers: str) -> requests.Response:
    """Ask for a page that ends in an error, with as much of alice as a request can hold.

    The site of these tests has no static files, so that no page can be made.
    """
    answer(f"http://127.0.0.1:{port}/healthz")
    return requests.post(
        f"http://127.0.0.1:{port}/signed-out/?code=s3cret-code&email=alice@example.com",
        data={"name": "Alice Kim", "password": "s3cret-body"},
        headers={
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
            "X-Request-ID": "support-0123456789",
            "Cookie": "__Host-session=s3cret-cookie",
            "Referer": "https://app.example.com/alice@example.com",
            **headers,
        },
        timeout=20,
    )


def test_nothing_of_either_is_imported_unless_the_operator_wants_it() -> None:
    code = (
        "import sys, django; django.setup(); from accountsite import wsgi;"
        "from accountsite.operations import starting;"
        "starting.program(); starting.site(); starting.worker();"
        "print({'sentry_sdk', 'opentelemetry', 'prometheus_client'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
    )

    assert done.stdout == "set()\n"


def test_an_error_arrives_at_sentry_with_its_place_and_nothing_of_the_person(
    serve: Callable[..., Any], port: int, collector: Collector
) -> None:
    dsn = f"http://key@127.0.0.1:{collector.server_port}/7"
    serve(ACCOUNTSITE_MIGRATE="1", ACCOUNTSITE_WORKER="0", PORT=str(port), SENTRY_DSN=dsn)

    assert fail(port).status_code >= 400

    (event, *_others) = events_of(collector.received("/api/7/envelope/"))
    error = event["exception"]["values"][-1]
    assert event["level"] == "error"
    assert event["tags"]["request_id"] == "support-0123456789"
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"]
    assert {"request", "breadcrumbs", "extra", "modules", "server_name"}.isdisjoint(event)
    assert not any("vars" in frame for frame in error["stacktrace"]["frames"])
    everything = b"".join(body for _to, body in collector.bodies).decode()
    assert [secret for secret in SECRETS if secret in everything] == []


def test_a_page_and_what_it_waits_for_are_one_trace_and_hold_nothing_of_the_person(
    serve: Callable[..., Any], port: int, collector: Collector
) -> None:
    serve(
        ACCOUNTSITE_MIGRATE="1",
        ACCOUNTSITE_WORKER="0",
        PORT=str(port),
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        OTEL_BSP_SCHEDULE_DELAY="200",
    )
    trace = "0af7651916cd43dd8448eb211c80319c"

    fail(port, traceparent=f"00-{trace}-b7ad6b7169203331-01")

    page = None
    while page is None:
        spans = spans_of(collector.received("/v1/traces"))
        page = next((span for span in spans if span.name.endswith("signin:signed_out")), None)
    told = {attribute.key: attribute.value for attribute in page.attributes}
    assert page.trace_id.hex() == trace
    assert told["http.route"].string_value == "signin:signed_out"
    assert told["http.response.status_code"].int_value >= 400
    assert told["accountsite.request_id"].string_value == "support-0123456789"
    below = {span.name for span in spans if span.parent_span_id == page.span_id}
    assert {"POST /oidc/token", "SELECT"} & below
    assert {span.trace_id.hex() for span in spans} == {trace}
    everything = b"".join(body for _to, body in collector.bodies)
    assert b"accountsite" in everything
    assert [secret for secret in SECRETS if secret.encode() in everything] == []


def events_of(envelopes: list[bytes]) -> list[Any]:
    """What errors were told of: an envelope is a line of its own, and two for each item."""
    return [json.loads(envelope.splitlines()[2]) for envelope in envelopes]


def spans_of(bodies: list[bytes]) -> list[Any]:
    """All spans in what a collector was sent."""
    return [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
