"""`manage.py worker`: sends what waits, runs the jobs, and ends when it is told to."""

import contextlib
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsite.schedule import jobs
from tests.other_process import manage, python

PATIENCE = 60.0  # seconds, on a busy machine
QUEUE = """
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices import delivery
delivery.announce(trail.record(Action.PASSWORD_CHANGED, "alice"), "alice@example.com")
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A site on which a mail waits."""
    queued = python(QUEUE, tmp_path / "db.sqlite3")
    assert queued.returncode == 0, queued.stderr
    return tmp_path / "db.sqlite3"


@pytest.fixture
def worker(database: Path) -> Iterator:
    """A worker of that site."""
    with manage("worker", database=database, environment={"EMAIL_URL": "console"}) as process:
        yield process
        process.kill()


def standing(database: Path) -> tuple[str, int]:
    """Where the mail is, and how many jobs were run."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        [(state,)] = connection.execute("SELECT state FROM notices_notice")
        [(runs,)] = connection.execute(
            "SELECT count(*) FROM schedule_run WHERE ended_at IS NOT NULL AND error = ''"
        )
    return state, runs


def test_it_sends_what_waits_runs_the_jobs_and_ends_when_told_to(worker, database):
    deadline = time.monotonic() + PATIENCE
    while standing(database) != ("sent", len(jobs.JOBS)) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert standing(database) == ("sent", len(jobs.JOBS))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
