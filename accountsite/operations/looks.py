"""Looking at something that may hang, such as a database behind a network that is away.

However many ask, one thread looks, and again only when what it saw is no longer fresh. Nobody waits
longer than they want to.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from django.db import connection

GIVEN_UP = 30.0  # seconds after which a look that hangs no longer keeps another from beginning


class Look[T]:
    """What a function returns, at most `fresh` seconds old. The function raises nothing.

    `is_final` tells of a result that it will not change any more.
    """

    def __init__(
        self,
        look: Callable[[], T],
        *,
        name: str,
        fresh: float,
        is_final: Callable[[T], bool] = lambda _result: False,
    ) -> None:
        self._look, self._name, self._fresh, self._is_final = look, name, fresh, is_final
        self._lock = threading.Lock()
        self._flight: Future[T] | None = None
        self._began = self._ended = 0.0

    def result(self, *, until: float) -> T:
        """What is seen by then (`time.monotonic`). Raises TimeoutError."""
        return self.begin().result(max(0.0, until - time.monotonic()))

    def begin(self) -> Future[T]:
        """The look under way, the last one while it is fresh, or a new one."""
        with self._lock:
            if self._flight is None or self._is_over(self._flight):
                self._flight, self._began = Future(), time.monotonic()
                threading.Thread(
                    target=self._run, args=[self._flight], name=f"look-{self._name}", daemon=True
                ).start()
            return self._flight

    def forget(self) -> None:
        """Look anew, whatever is known."""
        with self._lock:
            self._flight = None

    def _is_over(self, flight: Future[T]) -> bool:
        now = time.monotonic()
        if not flight.done():
            return now - self._began > GIVEN_UP
        if self._is_final(flight.result()):
            return False
        return now - self._ended > self._fresh

    def _run(self, flight: Future[T]) -> None:
        try:
            result = self._look()
        finally:
            _let_go()
        self._ended = time.monotonic()
        flight.set_result(result)


def _let_go() -> None:
    """Close this thread's connection: it ends. Django alone would keep one to SQLite in memory."""
    connection.close()
    if connection.connection is not None:
        connection.connection.close()
