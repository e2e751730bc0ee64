"""The folder into which the processes of a container count, each into files of its own.

Prometheus' client leaves the files of a process that ended, as what it counted is still to be told.
Here they are added up into one set, so that a process that ends again and again fills no memory.
"""

import fcntl
import logging
import operator
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

logger = logging.getLogger(__name__)

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - writable in a read-only container too
PREFIX = "accountsite-metrics-"
IN_USE = "in-use"
ENDED = "0"  # stands in names of files for all processes that ended
BROKEN = (RuntimeError, ValueError, struct.error)  # what the client raises for half a file


def made() -> Path:
    """A new folder that this user alone can read, in use as long as this process lives.

    What this one becomes by `exec`, and what it forks, count as well. Those that nobody uses any
    more are removed: of processes that were killed, where the memory outlives them.
    """
    parent = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    for old in parent.glob(f"{PREFIX}*"):
        if not _is_in_use(old):
            remove(old)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    _use(folder)
    return folder


def remove(folder: Path) -> None:
    """Forget what was counted."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def added_up(folder: Path) -> Iterator[None]:
    """Keep all files as they are during the block, with those of ended processes added up."""
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in folder.glob("*.db"):
            kind, _separator, process = path.stem.rpartition("_")
            if process != ENDED and not _lives(int(process)):
                _add(path, folder / f"{kind}_{ENDED}.db")
                path.unlink()
        yield


def _add(path: Path, total: Path) -> None:
    """Add one file to another; of gauges the largest counts, which is the one mode that we use."""
    from prometheus_client.mmap_dict import MmapedDict  # noqa: PLC0415 - only where it is wanted

    join: Callable[[float, float], float] = (
        max if total.name.startswith("gauge_max_") else operator.add
    )
    try:
        values = list(MmapedDict.read_all_values_from_file(path))  # type: ignore[no-untyped-call]
    except BROKEN:  # it was killed while it made the file; nobody else could read the others
        logger.warning("what a process counted can't be read")
        return
    kept = MmapedDict(str(total))  # type: ignore[no-untyped-call]
    for key, value, _timestamp, _position in values:
        kept.write_value(key, join(kept.read_value(key)[0], value), 0.0)  # type: ignore[no-untyped-call]
    kept.close()  # type: ignore[no-untyped-call]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _use(folder: Path) -> None:
    """Hold a lock that the system lets go when nobody is left who has the file open."""
    held = os.open(folder / f"{IN_USE}.new", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(held, fcntl.LOCK_SH)
    os.set_inheritable(held, True)
    (folder / f"{IN_USE}.new").rename(folder / IN_USE)  # so that nobody sees it without its lock


def _is_in_use(folder: Path) -> bool:
    """Whether somebody counts there; one that is being made, or is another user's, is in use."""
    try:
        seen = os.open(folder / IN_USE, os.O_RDWR)
    except OSError:
        return True
    try:
        with suppress(BlockingIOError):
            fcntl.flock(seen, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        return True
    finally:
        os.close(seen)
