"""The site and its worker in one container: what `manage.py serve` runs.

Both are forked from the process that has loaded the site: loading takes its time once, and what was
loaded is in memory once. When the site ends, all ends; when the worker ends, it is begun again.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

PAUSES = (1.0, 30.0)  # seconds before a new start: at first, and at most
RAN_WELL = 60.0  # seconds after which an end is a new accident, not the last one again
GRACE = 8.0  # seconds to end in; `docker stop` kills after ten
ENDS = (signal.SIGTERM, signal.SIGINT)

type Work = Callable[[], object]


def run(site: Work, worker: Work, *, pauses: tuple[float, float] = PAUSES) -> int:
    """Do both until the site ends; its exit status. SIGTERM and SIGINT end both.

    Each is done by a copy of this process, which may have no threads. There this does not return:
    a copy ends as Python does, when its work is done.
    """
    is_ending = False

    def end(_number: int, _frame: object) -> None:
        nonlocal is_ending
        is_ending = True
        for process in (serving, working):
            _tell(process)

    with _signals_held_back():
        for number in ENDS:
            signal.signal(number, end)
        serving, working = _forked(site), _forked(worker)
    pause, began = pauses[0], time.monotonic()
    while (ended := os.wait())[0] != serving:
        if ended[0] != working or is_ending:
            continue
        if time.monotonic() - began > RAN_WELL:
            pause = pauses[0]
        status = os.waitstatus_to_exitcode(ended[1])
        print(  # noqa: T201 - the log of a process that has nothing else to say
            f"The worker ended with {status}; again in {pause:g} s.", flush=True
        )
        with _signals_held_back():
            if not is_ending:
                working = _forked(worker, after=pause)
        began = time.monotonic() + pause
        pause = min(2 * pause, pauses[1])
    _see_off(working)
    return os.waitstatus_to_exitcode(ended[1])


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """None of ENDS arrives in the block: the processes change, that are to be told of it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)


def _forked(work: Work, *, after: float = 0.0) -> int:
    """The id of a process that does this, some seconds later, and ends."""
    if process := os.fork():
        return process
    for number in ENDS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    time.sleep(after)
    work()
    sys.exit()


def _tell(process: int, number: signal.Signals = signal.SIGTERM) -> None:
    with suppress(ProcessLookupError):  # it has ended before
        os.kill(process, number)


def _see_off(process: int) -> None:
    """Tell it to end, and see to it that it does within GRACE."""
    _tell(process)
    give_up = time.monotonic() + GRACE
    with suppress(ChildProcessError):  # it has ended, and that was heard of
        while os.waitpid(process, os.WNOHANG)[0] == 0:
            if time.monotonic() > give_up:
                _tell(process, signal.SIGKILL)
            time.sleep(0.02)
