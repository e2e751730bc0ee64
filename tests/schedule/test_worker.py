"""`manage.py worker`: sends what waits, runs the jobs, and ends when it is told to."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.other_process import manage, python

QUEUE = """
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices import delivery
delivery.announce(trail.record(Action.PASSWORD_CHANGED, "alice"), "alice@example.com")
"""
LOOK = """
from accountsite.notices.models import Notice
from accountsite.schedule.models import Run
print(Notice.objects.get().state, Run.objects.exclude(ended_at=None).count())
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


def wait_until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_it_sends_what_waits_runs_the_jobs_and_ends_when_told_to(worker, database):
    assert python(LOOK, database).stdout.split()[0] in {"queued", "sent"}

    assert wait_until(lambda: python(LOOK, database).stdout.strip() == "sent 7")
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
