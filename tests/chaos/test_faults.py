"""The order of the faults, that each waits for somebody to meet it, and the disk that is full."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest

from tests.chaos import disk, faults, journeys
from tests.chaos.people import World
from tests.chaos.place import Count, Place
from tests.chaos.records import Answer, Record


def test_a_round_has_every_fault_once() -> None:
    planned = list(islice(faults.schedule(1), len(faults.ROUND)))

    assert sorted(each.name for each in planned) == sorted(each.name for each in faults.ROUND)


def test_a_seed_makes_the_same_order() -> None:
    first, again, another = (
        [each.name for each in islice(faults.schedule(seed), 40)] for seed in (7, 7, 8)
    )

    assert first == again != another


@pytest.mark.parametrize(
    ("seconds", "scale"), [(10, 0.05), (34, 0.05), (160, 0.5), (300, 1), (3000, 1)]
)
def test_a_short_run_has_shorter_faults(seconds: float, scale: float) -> None:
    assert faults.scale_of(seconds) == pytest.approx(scale)


def test_a_round_fits_into_a_run() -> None:
    lasting = sum(each.seconds + faults.CALM for each in faults.ROUND)

    assert lasting + faults.RESTARTS < faults.WHOLE


def place(record: Record) -> Place:
    """Where nothing is that could fail."""
    nothing = cast("Any", None)
    world = World("http://localhost", nothing, record)
    dice = random.Random(1)  # noqa: S311 - dice
    return Place(stack=nothing, disk=nothing, world=world, dice=dice, scale=0)


def answer(method: str, path: str, *, after: float) -> Answer:
    """Of a page that took no time, this many seconds from now."""
    at = time.monotonic() + after
    return Answer(person="zoe", method=method, path=path, status=200, began=at, ended=at)


def test_a_fault_lasts_until_somebody_met_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "GLANCE", 0.01)
    record, struck = Record(), [0]
    here = place(record)

    @contextmanager
    def fault(_place: Place) -> Iterator[Count]:
        yield lambda: struck[0]

    def people() -> None:
        record.answers.append(answer("GET", "/", after=0))
        time.sleep(0.05)
        assert here.world.wish is journeys.note
        record.answers.append(answer("POST", "/privacy/custom-data/", after=0))
        time.sleep(0.05)
        struck[0] = 2

    thread = threading.Thread(target=people)
    planned = faults.Planned(name="away", fault=fault, seconds=0, meets="POST ", wish=journeys.note)
    thread.start()
    faults.strike(here, planned)
    thread.join()

    [noted] = record.strikes
    assert (record.met(noted), noted.struck, here.world.wish) == (1, 2, None)
    assert noted.ended - noted.began >= 0.1


def test_a_fault_that_nobody_meets_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE", 0.05)
    record = Record()

    @contextmanager
    def fault(_place: Place) -> Iterator[None]:
        yield

    faults.strike(place(record), faults.Planned(name="away", fault=fault, seconds=0))

    assert record.met(record.strikes[0]) == 0


def test_a_full_disk_refuses_what_is_written_and_then_takes_it_again(tmp_path: Path) -> None:
    with disk.mounted(tmp_path / "media") as small:
        if small is None:
            pytest.skip("mounting is not allowed here")
        target = small.folder / "picture"
        with small.full(), pytest.raises(OSError, match="No space left"):
            target.write_bytes(b"x" * 10_000)
        target.write_bytes(b"x" * 10_000)
    assert not target.exists()
