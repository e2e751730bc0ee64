"""What the tenant sends to the site, held back until a test hands it on to one of the processes."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from tests.stack.sites import Site
from tests.stack.stack import Stack

PATIENCE = 10.0  # seconds
OF_THE_CONNECTION = {"host", "connection", "content-length"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A back-channel logout or a webhook."""

    path: str
    headers: dict[str, str]
    body: bytes

    def hand_to(self, site: Site) -> int:
        """Let a site have it; the status that it answers."""
        url = f"http://localhost:{site.port}{self.path}"
        return requests.post(url, data=self.body, headers=self.headers, timeout=10).status_code


class Kept(queue.Queue[Delivery]):
    """In the order in which they came."""

    def next(self, path: str) -> Delivery:
        """The next one to this path; the others are dropped."""
        while True:
            delivery = self.get(timeout=PATIENCE)
            if delivery.path == path:
                return delivery


@contextmanager
def kept(stack: Stack) -> Iterator[Kept]:
    """Until the end of the block the tenant takes us for the site where it has something to tell."""
    found = Kept()

    class Ear(BaseHTTPRequestHandler):
        timeout = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in OF_THE_CONNECTION
            }
            found.put(Delivery(self.path, given, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stack.tenant.register_site(f"http://localhost:{server.server_port}")
    try:
        yield found
    finally:
        stack.tenant.register_site(stack.origin)
        server.shutdown()
        server.server_close()
