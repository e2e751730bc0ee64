"""The visitors: a process of its own that asks, waits for the answer, and asks again.

It reads one line of JSON and writes one. Every connection has its own list of requests, which it
sends over and over, byte for byte as they were given: making them costs nothing while it measures.
One thread waits for all of them, so that it takes as little of the machine as Python can.
"""

import json
import math
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench import processes

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE = 30.0  # seconds without any answer: then something is broken


@dataclass
class Connection:
    """One visitor, who has one request under way at a time."""

    socket: socket.socket
    requests: list[bytes]
    sent: int = 0
    sent_at: float = 0.0
    answer: bytearray = field(default_factory=bytearray)

    def ask(self) -> None:
        """Send the next request."""
        self.answer.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.requests[self.sent % len(self.requests)])
        self.sent += 1

    @property
    def is_at_an_end(self) -> bool:
        """Whether its list is through: what one request changes, a later one may undo."""
        return self.sent % len(self.requests) == 0

    def hear(self) -> int | None:
        """Read what came. The status, once the whole answer is there."""
        piece = self.socket.recv(65_536)
        if not piece:
            raise ConnectionError("the server hung up")
        self.answer += piece
        head = self.answer.find(b"\r\n\r\n")
        if head < 0:
            return None
        length = LENGTH.search(self.answer, 0, head)
        assert length is not None, bytes(self.answer[:head])
        if len(self.answer) < head + 4 + int(length[1]):
            return None
        return int(self.answer[9:12])


def run(*, port: int, requests: Sequence[Sequence[str]], seconds: float, most: int) -> Any:
    """Ask until the time is over or `most` pages have come. Latencies are in milliseconds."""
    with selectors.DefaultSelector() as selector:
        visitors = [
            Connection(
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE),
                [each.encode("latin-1") for each in own],
            )
            for own in requests
        ]
        for visitor in visitors:
            visitor.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        began, worked = time.perf_counter(), time.process_time()
        latencies, statuses = _ask(selector, visitors, until=began + seconds, most=most)
        ended, spent = time.perf_counter(), time.process_time() - worked
        for visitor in visitors:
            visitor.socket.close()
    latencies.sort()
    return {
        "pages": len(latencies),
        "seconds": ended - began,
        "pages_per_second": len(latencies) / (ended - began),
        **{name: _at(latencies, part) for name, part in PARTS.items()},
        "statuses": statuses,
        "cores": spent / (ended - began),
    }


PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def start(**options: Any) -> Any:
    """Run it in a process of its own, beside the tenant; what `run` tells."""
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(options),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _ask(
    selector: selectors.BaseSelector, visitors: list[Connection], *, until: float, most: int
) -> tuple[list[float], Counter[int]]:
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    for visitor in visitors:
        visitor.ask()
    under_way = len(visitors)
    while under_way:
        events = selector.select(PATIENCE)
        assert events, "no answer"
        for key, _mask in events:
            visitor = key.data
            if (status := visitor.hear()) is None:
                continue
            now = time.perf_counter()
            latencies.append((now - visitor.sent_at) * 1000)
            statuses[status] += 1
            under_way -= 1
            is_enough = now >= until or len(latencies) + under_way >= most
            if not (is_enough and visitor.is_at_an_end):
                visitor.ask()
                under_way += 1
    return latencies, statuses


def _at(latencies: list[float], part: float) -> float:
    """The latency within which this part of all pages came: one that was measured, none between."""
    return latencies[math.ceil(len(latencies) * part) - 1] if latencies else 0.0


if __name__ == "__main__":
    processes.pin(os.getpid(), processes.THEIRS)
    sys.stdout.write(json.dumps(run(**json.load(sys.stdin))))
