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

TASKS = "django_tasks_database_dbtaskresult"
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


def test_it_outlives_a_database_that_is_away(database):
    rename(database, TASKS, "away")

    with manage("worker", database=database, environment={"EMAIL_URL": "console"}) as worker:
        try:
            assert any("the worker waits for it" in line for line in worker.stdout)
            rename(database, "away", TASKS)
            deadline = time.monotonic() + PATIENCE
            while standing(database)[0] != "sent" and time.monotonic() < deadline:
                time.sleep(0.1)

            assert standing(database)[0] == "sent"
            assert worker.poll() is None
        finally:
            worker.kill()


def rename(database: Path, before: str, after: str) -> None:
    """Take a table away, or bring it back."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {before} RENAME TO {after}")
