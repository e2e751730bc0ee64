"""The site and its worker as two processes that live and end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60.0  # seconds
RUN = """
import sys
from accountsite.operations import processes
site, worker = ((lambda code=code: exec(code)) for code in sys.argv[1:])
sys.exit(processes.run(site, worker, pauses=(0.05, 0.1)))
"""


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts both, from Python that is given for each."""
    started: list[subprocess.Popen[str]] = []

    def begin(*, site: str, worker: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", RUN, site, worker]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def until(condition: Callable[[], Any]) -> Any:
    """What it returns once it is true."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(condition)


def lives(process_id: str) -> bool:
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    return True


NAMED = "import os, time; open({name!r}, 'w').write(str(os.getpid())); time.sleep(60)"


def written(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_the_sites_exit_status_is_the_whole_ones(begin: Callable[..., Any]) -> None:
    process = begin(site="raise SystemExit(3)", worker="import time; time.sleep(60)")

    assert process.wait(PATIENCE) == 3


def test_the_worker_ends_with_the_site(begin: Callable[..., Any], tmp_path: Path) -> None:
    worker = tmp_path / "worker"
    site = f"import os, time\nwhile not os.path.exists({str(worker)!r}): time.sleep(0.02)"

    process = begin(site=site, worker=NAMED.format(name=str(worker)))

    assert process.wait(PATIENCE) == 0
    assert not lives(until(lambda: written(worker)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both(begin: Callable[..., Any], tmp_path: Path, number: int) -> None:
    site, worker = tmp_path / "site", tmp_path / "worker"
    process = begin(site=NAMED.format(name=str(site)), worker=NAMED.format(name=str(worker)))
    ids = [until(lambda file=file: written(file)) for file in (site, worker)]

    process.send_signal(number)
    process.wait(PATIENCE)

    assert [lives(process_id) for process_id in ids] == [False, False]


def test_a_worker_that_ends_is_started_again(begin: Callable[..., Any], tmp_path: Path) -> None:
    count = tmp_path / "count"
    worker = f"open({str(count)!r}, 'a').write('x'); raise SystemExit(7)"
    process = begin(site="import time; time.sleep(60)", worker=worker)

    until(lambda: len(written(count)) >= 3)
    process.terminate()

    assert "The worker ended with 7; again in 0.05 s." in process.communicate(timeout=PATIENCE)[0]
