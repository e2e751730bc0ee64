"""Processes as the kernel sees them: where they run, how much they may, what they take."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

OURS, THEIRS = {0}, {1} if (os.cpu_count() or 1) > 1 else {0}
ALL = OURS | THEIRS
QUOTAS = Path("/sys/fs/cgroup/cpu")  # of version 1 of control groups
UNIFIED = Path("/sys/fs/cgroup")  # version 2
PERIOD = 10_000  # microseconds
PATIENCE = 20  # seconds


def family(pid: int) -> list[int]:
    """The process and all that it started, itself first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def workers(pid: int) -> list[int]:
    """Those of gunicorn, whose first process serves nothing itself."""
    return family(pid)[1:]


def all_workers(pid: int, *, count: int) -> list[int]:
    """So many of them: the first may serve while the next is still to be forked."""
    give_up = time.monotonic() + PATIENCE
    while len(found := workers(pid)) != count:
        assert time.monotonic() < give_up, f"{len(found)} workers of {count}"
        time.sleep(0.05)
    return found


def pin(pid: int, cores: set[int]) -> None:
    """Let it run on these cores only, and all that it started and will start."""
    for each in family(pid):
        for thread in Path(f"/proc/{each}/task").iterdir():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), cores)


def memory(pid: int) -> dict[str, float]:
    """Megabytes: all that it has in memory, and its own part of what it shares with others."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = dict(line.split(":") for line in lines[1:])
    return {name.lower(): int(found[name].split()[0]) * 1024 / 1_000_000 for name in ("Rss", "Pss")}


def cpu_seconds(pid: int) -> float:
    """What a process has worked so far, with its threads; without what it started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def limited(pids: Sequence[int], *, share: float) -> Iterator[bool]:
    """Let each have no more than this share of a core. False where that can't be arranged."""
    groups: list[Path] = []
    try:
        groups += [_group(pid, share) for pid in pids]
    except OSError:
        yield False
        return
    else:
        yield True
    finally:
        for group in groups:
            _dissolve(group)


def _group(pid: int, share: float) -> Path:
    quota = int(PERIOD * share)
    is_first = (QUOTAS / "cpu.cfs_quota_us").exists()
    group = (QUOTAS if is_first else UNIFIED) / f"accountsite-bench-{pid}"
    group.mkdir()
    if is_first:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
    else:
        (group / "cpu.max").write_text(f"{quota} {PERIOD}")
    (group / "cgroup.procs").write_text(str(pid))
    return group


def _dissolve(group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        with suppress(OSError):
            (group.parent / "cgroup.procs").write_text(pid)
    with suppress(OSError):
        group.rmdir()
