"""How many times somebody waited for Logto, one call after another."""

import time
from collections.abc import Callable
from typing import Any

from accountsite.logto import parallel

LATENCY = 0.2  # seconds; so much later than its call comes the answer, while they are counted


class RoundTrips:
    """Wraps the answers of a made-up Logto. Calls that wait at the same time are one round trip."""

    def __init__(self) -> None:
        self._spans: list[tuple[float, float]] = []
        self._is_counting = False

    def begin(self) -> None:
        """From now on, let answers take a while, and count."""
        self._is_counting = True
        self._spans.clear()

    @property
    def count(self) -> int:
        """Since `begin`."""
        trips, until = 0, 0.0
        for begin, end in sorted(self._spans):
            if begin >= until:
                trips, until = trips + 1, end
            until = min(until, end)
        return trips

    def of(self, answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The same answer, later."""

        def answering(request: Any) -> Any:
            begin = time.perf_counter()
            told = answer(request)
            if self._is_counting:
                self._wait()
                self._spans.append((begin, time.perf_counter()))
            return told

        return answering

    def _wait(self) -> None:
        """Let calls that were begun at the same time come, however busy this machine is."""
        give_up = time.monotonic() + 20 * LATENCY
        while not parallel._pool()._work_queue.empty() and time.monotonic() < give_up:
            time.sleep(0.01)
        time.sleep(LATENCY)
