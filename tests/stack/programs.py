"""A program of the stack: started, stopped, killed and started again, always as the same one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stack import minder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds that a start may take
FAREWELL = 15.0  # seconds that a program gets to end in


@dataclass(kw_only=True)
class Program:
    """What is run. `is_ready` tells whether it does its work; as a context manager it ends."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def begin(self) -> None:
        """Start it, and don't wait."""
        assert not self.is_running, f"{self.log.stem} runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # One group to kill; and the Ctrl-C that is meant for the tests is not meant for it.
                start_new_session=True,
            )
        minder.look_after(self.process)

    def wait(self) -> None:
        """Until it is ready. An AssertionError has its last words if it ends before, or is slow."""
        give_up = time.monotonic() + PATIENCE
        while not self.is_ready():
            assert self.is_running, self.last_words()
            assert time.monotonic() < give_up, self.last_words()
            time.sleep(0.05)

    def start(self) -> Self:
        """Start it, and wait until it is ready."""
        self.begin()
        self.wait()
        return self

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End it and all that it started as `kill -9` does, in the middle of anything."""
        assert self.is_running, self.last_words()
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does; not at all if it has ended."""
        if self.is_running:
            self._end(signal.SIGTERM)

    def end(self) -> None:
        """See to it that it is gone, where nobody needs its farewell any more."""
        if self.is_running:
            self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it, and start it again."""
        self.stop()
        self.start()

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # Whatever it had started goes with it, however it went.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            minder.let_go(self.process)
