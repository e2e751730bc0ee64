"""A listener in place of Sentry, or of what takes traces by OpenTelemetry."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import brotli
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PATIENCE = 60.0  # seconds; machines with much to do are slow
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}


class Collector(ThreadingHTTPServer):
    """Takes whatever it is sent, until the end of the block."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.bodies: list[tuple[str, bytes]] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """What has a site tell of both kinds here."""
        return settings_of(self.server_port)

    def received(self, path: str) -> list[bytes]:
        """What came there so far, once something did."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if found := [body for to, body in self.bodies if to == path]:
                return found
            time.sleep(0.1)
        raise AssertionError([to for to, _body in self.bodies])

    def events(self) -> list[Any]:
        """What Sentry was told of: an envelope is a line of its own, and two for each item."""
        return [
            json.loads(envelope.splitlines()[2]) for envelope in self.received("/api/7/envelope/")
        ]

    def spans(self) -> list[Any]:
        """All spans so far."""
        return [
            span
            for body in self.received("/v1/traces")
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def resource(self) -> dict[str, str]:
        """What all spans have in common."""
        (body, *_others) = self.received("/v1/traces")
        found = ExportTraceServiceRequest.FromString(body).resource_spans[0].resource.attributes
        return {attribute.key: attribute.value.string_value for attribute in found}


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = UNPACK[self.headers.get("Content-Encoding", "")](body)
        self.server.bodies.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def settings_of(port: int) -> dict[str, str]:
    """What has a site send errors and traces to a port of this machine, at once."""
    return {
        "SENTRY_DSN": f"http://key@127.0.0.1:{port}/7",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }


@contextmanager
def silent() -> Iterator[int]:
    """A port at which everything is taken, and nothing ever answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield int(listener.getsockname()[1])


@contextmanager
def gone() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
