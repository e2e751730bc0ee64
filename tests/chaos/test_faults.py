"""The order of the faults, and the disk that is full."""

from itertools import islice
from pathlib import Path

import pytest

from tests.chaos import disk, faults


def test_a_round_has_every_fault_once() -> None:
    planned = list(islice(faults.schedule(1), len(faults.ROUND)))

    assert sorted(each.name for each in planned) == sorted(each.name for each in faults.ROUND)


def test_a_seed_makes_the_same_order() -> None:
    first, again, another = (
        [each.name for each in islice(faults.schedule(seed), 40)] for seed in (7, 7, 8)
    )

    assert first == again != another


@pytest.mark.parametrize(("seconds", "scale"), [(30, 0.1), (300, 1), (3000, 1)])
def test_a_short_run_has_shorter_faults(seconds: float, scale: float) -> None:
    assert faults.scale_of(seconds) == pytest.approx(scale)


def test_a_round_fits_into_a_run() -> None:
    lasting = sum(each.seconds + faults.CALM for each in faults.ROUND)

    assert lasting < faults.WHOLE


def test_a_full_disk_refuses_what_is_written_and_then_takes_it_again(tmp_path: Path) -> None:
    with disk.mounted(tmp_path / "media") as small:
        if small is None:
            pytest.skip("mounting is not allowed here")
        target = small.folder / "picture"
        with small.full(), pytest.raises(OSError, match="No space left"):
            target.write_bytes(b"x" * 10_000)
        target.write_bytes(b"x" * 10_000)
    assert not target.exists()
