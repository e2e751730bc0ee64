"""The files that processes count into: nothing is lost with a process, and nothing piles up."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from accountsite.operations import tallies

COUNT = """
import sys
from prometheus_client import Counter, Gauge, Histogram
Counter("pages", "Pages.", ["route"]).labels("profile").inc(int(sys.argv[1]))
Histogram("seconds", "Seconds.", buckets=(1, 5)).observe(float(sys.argv[1]))
Gauge("done", "When.", multiprocess_mode="max").set(float(sys.argv[1]))
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """One in a memory of its own."""
    monkeypatch.setattr(tallies, "IN_MEMORY", tmp_path)
    folder = tallies.made()
    yield folder
    tallies.remove(folder)


def count(folder: Path, number: int) -> None:
    """Count in a process that ends."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", COUNT, str(number)], env=environment, check=True)


def told(folder: Path) -> dict[str, float]:
    """What all files say together, by the names of samples."""
    with tallies.added_up(folder):
        return {
            f"{sample.name}{sample.labels.get('le', '')}": sample.value
            for metric in MultiProcessCollector(None, str(folder)).collect()
            for sample in metric.samples
        }


def test_what_ended_processes_counted_stays_in_one_set_of_files(folder: Path) -> None:
    for number in (4, 2, 7):
        count(folder, number)

    first, second = told(folder), told(folder)

    assert first == second
    assert first["pages_total"] == 13
    assert first["seconds_count"] == 3
    assert (first["seconds_bucket5.0"], first["seconds_bucket+Inf"]) == (2, 3)
    assert first["seconds_sum"] == 13
    assert first["done"] == 7
    assert len(list(folder.glob("*.db"))) == 3


def test_the_files_of_those_that_live_are_left_alone(folder: Path) -> None:
    count(folder, 1)
    mine = folder / f"counter_{os.getpid()}.db"
    next(folder.glob("counter_*.db")).rename(mine)

    assert told(folder)["pages_total"] == 1
    assert mine.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x10\x00\x00\x00\x00\x00\x00\xff\x7f\x00\x00"])
def test_half_a_file_of_a_killed_process_takes_nothing_along(folder: Path, content: bytes) -> None:
    count(folder, 3)
    (folder / "counter_4194303.db").write_bytes(content)  # the largest number there is of processes

    assert told(folder)["pages_total"] == 3
    assert not (folder / "counter_4194303.db").exists()


def test_who_reads_and_who_adds_up_take_turns(folder: Path) -> None:
    with tallies.added_up(folder), (folder / "lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_folder_is_for_one_user_alone(folder: Path) -> None:
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_of_a_killed_process_is_removed_by_the_next_one(folder: Path) -> None:
    code = (
        "import os, pathlib; from accountsite.operations import tallies;"
        f"tallies.IN_MEMORY = pathlib.Path({str(folder.parent)!r});"
        "print(tallies.made(), flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False
    )
    left = Path(killed.stdout.strip())
    was_left = left.is_dir()

    other = tallies.made()

    assert was_left
    assert sorted(folder.parent.iterdir()) == sorted([folder, other])


def test_what_a_process_becomes_goes_on_using_its_folder(folder: Path) -> None:
    code = (
        "import os, pathlib, sys; from accountsite.operations import tallies;"
        f"tallies.IN_MEMORY = pathlib.Path({str(folder.parent)!r});"
        "print(tallies.made(), flush=True); os.execvp('sleep', ['sleep', '60'])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        used = Path(process.stdout.readline().strip())
        process.stdout.close()

        tallies.made()

        assert used.is_dir()
    finally:
        process.kill()
        process.wait()


def test_the_clients_files_are_as_we_know_them(tmp_path: Path) -> None:
    kept = MmapedDict(str(tmp_path / "counter_0.db"))
    kept.write_value("a", 2.0, 0.0)
    kept.close()

    values = MmapedDict.read_all_values_from_file(str(tmp_path / "counter_0.db"))

    assert [(key.strip(), value) for key, value, _timestamp, _position in values] == [("a", 2.0)]
