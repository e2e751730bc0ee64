"""Ends what a test started, when the test's own process ends without doing so: by `kill -9`, say.

One process, which holds the other end of a pipe. A line is the id of a process that leads a group
of its own, or that id with a minus once it has ended. When the pipe is closed, because nobody is
left to write to it, every group that is still there is killed.
"""

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache


def look_after(process: subprocess.Popen[bytes]) -> None:
    """Let this process, started with `start_new_session`, not outlive this one."""
    _tell(f"{process.pid}\n")


def let_go(process: subprocess.Popen[bytes]) -> None:
    """It has ended: the system may give its id to another."""
    _tell(f"-{process.pid}\n")


def _tell(line: str) -> None:
    pipe = _minder(os.getpid()).stdin
    assert pipe is not None
    pipe.write(line.encode())
    pipe.flush()


@cache
def _minder(_process_id: int) -> subprocess.Popen[bytes]:
    """One for each process that starts something: a fork has another one."""
    minder = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True
    )
    atexit.register(minder.communicate)
    return minder


def mind() -> None:
    """Read until nobody writes any more, and leave nothing behind."""
    groups: set[int] = set()
    for line in sys.stdin:
        number = int(line)
        (groups.add if number > 0 else groups.discard)(abs(number))
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    mind()
