"""The port that Prometheus asks: off unless ACCOUNTSITE_METRICS_PORT is set.

Processes of one container count into files of one folder in memory, and whichever of gunicorn's
workers takes the connection reads them all. `manage.py serve` makes that folder for the site and
the worker, which it forks; a process that was started by itself makes its own and has its own port.
"""

import atexit
import logging
import os
import socket
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings

from accountsite.operations import tallies

logger = logging.getLogger(__name__)

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # the client's own
PATH = "/metrics"
SECONDS = 10.0  # that a scrape may take for each piece of its request

_shared: list[str] = []  # the folder that several processes count into, if any


def share() -> None:
    """Give this process, and all that it forks, one folder."""
    if settings.METRICS_PORT:
        _shared.append(str(tallies.made()))


def begin() -> None:
    """Count from now on, if the operator wants that. What this process forks counts as well."""
    if not settings.METRICS_PORT:
        return
    os.environ[VARIABLE] = _shared[0] if _shared else _folder_of_our_own()
    from accountsite.operations import metrics  # noqa: PLC0415 - it reads the variable above

    metrics.listen()


def begin_alone() -> None:
    """The same for a process without gunicorn, which answers itself if nobody else does."""
    begin()
    if not _shared:
        answer()


def take_port() -> None:
    """Bind the port before any fork: workers that come and go answer at the same one.

    Ends the start with one line if the port can't be had.
    """
    if settings.METRICS_PORT:
        _listener()


@cache
def _listener() -> socket.socket:
    host, port = settings.METRICS_HOST, settings.METRICS_PORT
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or error
        sys.exit(
            "accountsite can't start. ACCOUNTSITE_METRICS_PORT is wrong: "
            f"port {port} of {host} can't be listened on ({reason})."
        )
    # Several processes wait for each connection: who comes second must not wait in `accept`.
    bound.setblocking(False)
    return bound


def answer() -> None:
    """Answer at the port, in a thread of this process."""
    if not settings.METRICS_PORT:
        return
    server = _Server(_listener())
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    logger.info("metrics at port %d", settings.METRICS_PORT)


def end() -> None:
    """Remove the folder, when nobody counts any more."""
    if settings.METRICS_PORT and (folder := os.environ.get(VARIABLE)):
        tallies.remove(Path(folder))


def _folder_of_our_own() -> str:
    """It goes with this process: not with the workers that are forked from it."""
    folder, mine = tallies.made(), os.getpid()

    def remove() -> None:
        if os.getpid() == mine:
            tallies.remove(folder)

    atexit.register(remove)
    return str(folder)


class _Server(ThreadingHTTPServer):
    """Serves at a port that is bound already."""

    daemon_threads = True

    def __init__(self, bound: socket.socket) -> None:
        super().__init__(bound.getsockname()[:2], _Scrape, bind_and_activate=False)
        self.socket.close()
        self.socket = bound

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """In the form of all other lines; who hung up needs none."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            logger.error("a scrape failed", exc_info=error)


class _Scrape(BaseHTTPRequestHandler):
    """One request of Prometheus."""

    timeout: ClassVar[float] = SECONDS
    server_version, sys_version = "accountsite", ""

    def do_GET(self) -> None:
        """All metrics, in the format that was asked for."""
        if self.path.partition("?")[0] != PATH:
            self.send_error(404)
            return
        content_type, content = exposed(self.headers.get("Accept", ""))
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: a line every few seconds helps nobody."""


def exposed(accept: str = "") -> tuple[str, bytes]:
    """The type and the text of all metrics of this container."""
    from prometheus_client import CollectorRegistry, exposition, multiprocess  # noqa: PLC0415

    folder = os.environ[VARIABLE]
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    registry.register(_figures())  # type: ignore[arg-type]
    encode, content_type = exposition.choose_encoder(accept)
    with tallies.added_up(Path(folder)):
        return content_type, encode(registry)


@cache
def _figures() -> object:
    from accountsite.operations import figures  # noqa: PLC0415 - only where it is wanted

    return figures.Figures()
