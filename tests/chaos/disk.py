"""A disk of a few megabytes for pictures, which can be full.

Root can mount one, and then a write fails as it does for real: ENOSPC. Where mounting is not
allowed, as in most containers, files of the site's processes may grow no more meanwhile
(RLIMIT_FSIZE): writes fail by EFBIG, which the site meets as the same OSError.
"""

import os
import resource
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

SIZE = "4m"
BLOCK = b"\0" * 65_536


class Disk(Protocol):
    """Something that can be full for a while. `kind` is for the report."""

    kind: str

    def full(self) -> AbstractContextManager[None]:
        """Without room during the block."""


class Mounted:
    """A file system of its own in memory."""

    kind = "tmpfs, ENOSPC"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self) -> Iterator[None]:
        """A file takes all the room that is left."""
        filler = self.folder / "filler"
        try:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(BLOCK):
                    pass
            yield
        finally:
            filler.unlink()


class Limited:
    """The processes themselves may write no more."""

    kind = "RLIMIT_FSIZE, EFBIG"

    def __init__(self, leaders: Callable[[], Iterable[int]]) -> None:
        self.leaders = leaders

    @contextmanager
    def full(self) -> Iterator[None]:
        """No file of theirs grows, for those that run when the block begins."""
        before = {each: resource.prlimit(each, resource.RLIMIT_FSIZE) for each in self._all()}
        try:
            for each, (_soft, hard) in before.items():
                resource.prlimit(each, resource.RLIMIT_FSIZE, (0, hard))
            yield
        finally:
            for each, limits in before.items():
                with suppress(ProcessLookupError):
                    resource.prlimit(each, resource.RLIMIT_FSIZE, limits)

    def _all(self) -> set[int]:
        """Every process of the groups that these lead."""
        groups = set(self.leaders())
        found = set()
        for entry in Path("/proc").iterdir():
            with suppress(ValueError, ProcessLookupError):
                if os.getpgid(int(entry.name)) in groups:
                    found.add(int(entry.name))
        return found


@contextmanager
def mounted(folder: Path) -> Iterator[Mounted | None]:
    """A small disk at this folder until the end of the block, or None where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0777", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        yield None
        return
    try:
        yield Mounted(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - of the system
