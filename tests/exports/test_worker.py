"""`manage.py worker` puts exports together, and another one goes on where one was killed."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.other_process import manage, python

pytestmark = pytest.mark.demo

PATIENCE = 60.0  # seconds, on a busy machine
ASKED = """
from accountsite.exports import building
from accountsite.exports.models import Export
export = Export.objects.create(account_id="{id}", language="ko", time_zone="Asia/Seoul")
building.build.enqueue(export.pk)
"""
OPENED = """
from accountsite import encryption
from accountsite.exports import building
from accountsite.exports.models import Archive
[archive] = Archive.objects.all()
purpose = building.purpose(archive.export.account_id)
print(encryption.unseal(bytes(archive.sealed), purpose=purpose)[:2].decode())
"""


@pytest.fixture
def database(tenant, tmp_path: Path) -> Path:
    """A site on which alice has asked for her data."""
    path = tmp_path / "db.sqlite3"
    asked = python(ASKED.format(id=tenant.user("alice")["id"]), path)
    assert asked.returncode == 0, asked.stderr
    return path


@pytest.fixture
def worker(database: Path, tenant) -> Iterator:
    """Starts workers of that site."""
    running = []

    def worker():
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.exports.worker_settings",
            "LOGTO_ENDPOINT": tenant.endpoint,
            "DEMO_M2M_APP_ID": tenant.m2m_client_id,
            "DEMO_M2M_APP_SECRET": tenant.m2m_client_secret,
            "EMAIL_URL": "console",
        }
        running.append(manage("worker", database=database, environment=environment))
        return running[-1]

    yield worker
    for process in running:
        process.kill()
        process.communicate()


def seen(database: Path, query: str) -> tuple:
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        rows = connection.execute(query).fetchall()
        return rows[0] if rows else ()


def wait_for(database: Path, query: str, *expected: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while seen(database, query) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen(database, query) == expected


def test_one_that_is_killed_in_the_middle_is_followed_by_another(worker, database, tenant):
    tenant.faults.add(path="/api/users/.*/grants", delay_ms=30_000, times=1)
    first = worker()
    wait_for(database, "SELECT state, done FROM exports_export", "running", 7)
    first.kill()
    first.wait()
    seen(database, "UPDATE exports_export SET held_until = '2026-01-01 00:00:00'")
    seen(database, "DELETE FROM schedule_run")  # and the jobs are due

    worker()

    wait_for(database, "SELECT state, attempts FROM exports_export", "ready", 2)
    opened = python(OPENED, database)
    assert opened.stdout.strip() == "PK", opened.stderr
