"""The site and its worker in one container: what `manage.py serve` turns into.

It imports no Django, so that the process which only waits for the others stays small. When the
site ends, all ends; when the worker ends, it is started again.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

SITE = [sys.executable, "-m", "gunicorn", "accountsite.wsgi"]
BOTH = [sys.executable, "-m", "accountsite.operations.processes"]
WORKER = [sys.executable, "manage.py", "worker"]
PAUSES = (1.0, 30.0)  # seconds before a new start: at first, and at most
RAN_WELL = 60.0  # seconds after which an end is a new accident, not the last one again
GRACE = 8.0  # seconds to end in; `docker stop` kills after ten


class Kept:
    """A process that is started again whenever it ends, after longer and longer pauses."""

    def __init__(self, command: Sequence[str], *, pauses: tuple[float, float] = PAUSES) -> None:
        self._command = command
        self._pauses = pauses
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Tell it to end, and start no other. Returns at once: signal handlers call this."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Tell it to end, and see to it that it does within GRACE."""
        self.ask_to_stop()
        self._thread.join(GRACE)
        if self._thread.is_alive() and self._process is not None:
            self._process.kill()

    def _keep(self) -> None:
        first, longest = self._pauses
        pause = first
        while not self._stopping.is_set():
            began = time.monotonic()
            self._process = subprocess.Popen(self._command)  # noqa: S603 - our own program
            if self._stopping.is_set():  # it was told so before there was a process to end
                self._process.terminate()
            status = self._process.wait()
            if time.monotonic() - began > RAN_WELL:
                pause = first
            if not self._stopping.is_set():
                print(  # noqa: T201 - the log of a process without a logger
                    f"The worker ended with {status}; again in {pause:g} s.", flush=True
                )
            self._stopping.wait(pause)
            pause = min(2 * pause, longest)


def run(site: Sequence[str], worker: Sequence[str]) -> int:
    """Run both until the site ends; its exit status. SIGTERM and SIGINT end both."""
    asked = threading.Event()
    ends: list[Callable[[], None]] = []

    def pass_on(_number: int, _frame: object) -> None:
        asked.set()
        for end in ends:
            end()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    serving = subprocess.Popen(site)  # noqa: S603 - our own program
    kept = Kept(worker)
    ends += [serving.terminate, kept.ask_to_stop]
    if asked.is_set():  # while there was nothing to end yet
        pass_on(signal.SIGTERM, None)
    try:
        return serving.wait()
    finally:
        kept.stop()


if __name__ == "__main__":
    sys.exit(run(SITE, WORKER))
