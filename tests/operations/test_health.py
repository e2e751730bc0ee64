"""What probes ask: is it alive, and can it work."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from accountsite.operations import readiness
from tests.conftest import API
from tests.operations import collector
from tests.stack import ports
from tests.stack.programs import Program

WELL = {"database": "ok", "migrations": "ok", "cache": "ok", "logto": "ok"}


@pytest.fixture
def anybody() -> Client:
    """A probe: it knows neither the site's name nor a session."""
    return Client(headers={"host": "10.0.0.7:8000"})


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """No state that an earlier test found out."""
    readiness.forget()
    yield
    readiness.forget()


@pytest.fixture
def logto_up(wire: Any) -> None:
    """A tenant in good health."""
    wire.get(f"{API}/status", status=204)


def test_a_process_that_answers_is_alive(anybody: Client) -> None:
    response = anybody.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_health_needs_no_database(anybody: Client) -> None:
    # No `db` fixture: pytest-django fails whoever asks the database.
    assert anybody.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_site_with_all_that_it_needs_is_ready(anybody: Client, logto_up: None) -> None:
    response = anybody.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "parts": WELL}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_probes_may_ask_for_the_head_alone_and_change_nothing(
    anybody: Client, logto_up: None
) -> None:
    for path in ("/healthz", "/readyz"):
        assert anybody.head(path).status_code == 200
        assert anybody.post(path).status_code == 405


@pytest.mark.django_db
def test_a_site_without_its_database_is_not_ready(anybody: Client, logto_up: None) -> None:
    with mock.patch.object(CursorWrapper, "execute", side_effect=DatabaseError("secret of mine")):
        response = anybody.get("/readyz")

    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["parts"]["database"] == "failing"
    assert "secret" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_site_whose_tables_are_older_than_itself_is_not_ready(
    anybody: Client, logto_up: None
) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("signin", "0001_initial")
    try:
        response = anybody.get("/readyz")
    finally:
        recorder.record_applied("signin", "0001_initial")

    assert response.status_code == 503
    assert response.json()["parts"]["migrations"] == "behind"


@pytest.mark.django_db
def test_a_site_whose_cache_keeps_nothing_says_so_and_is_ready_still(
    anybody: Client, logto_up: None
) -> None:
    with mock.patch.object(type(caches["default"]), "get", return_value=None):
        response = anybody.get("/readyz")

    assert response.status_code == 200
    assert response.json()["parts"]["cache"] == "failing"


@pytest.mark.django_db
def test_without_logto_the_site_is_ready_still_and_says_so(anybody: Client, wire: Any) -> None:
    wire.get(f"{API}/status", status=503)

    response = anybody.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "parts": WELL | {"logto": "failing"}}


@pytest.mark.django_db
def test_nobody_waits_for_a_part_that_hangs_and_one_thread_alone_does(
    anybody: Client, logto_up: None
) -> None:
    goes_on, looks = threading.Event(), []

    def hang(*_arguments: object) -> None:
        looks.append(threading.current_thread().name)
        goes_on.wait(20)

    with mock.patch.object(CursorWrapper, "execute", side_effect=hang):
        began = time.monotonic()
        response = anybody.get("/readyz")
        took = time.monotonic() - began
        at_once = time.monotonic()
        again = anybody.get("/readyz")
        took_again = time.monotonic() - at_once
        goes_on.set()
        for part in readiness.PARTS.values():
            part.seen.begin().result(5)

    assert (response.status_code, response.json()["parts"]["database"]) == (503, "slow")
    assert took < 4  # one second, on a machine with nothing to do
    assert again.json() == response.json()
    assert took_again < 0.5
    assert looks.count("look-database") == 1


@pytest.mark.django_db
def test_however_often_it_is_asked_it_looks_once_a_second(
    anybody: Client, wire: Any, logto_up: None
) -> None:
    answers = [anybody.get("/readyz") for _again in range(20)]

    assert {json.dumps(answer.json()) for answer in answers} == {
        json.dumps({"ready": True, "parts": WELL})
    }
    assert len([call for call in wire.calls if call.request.url.endswith("/api/status")]) == 1


def test_https_is_not_asked_of_probes(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/healthz").status_code == 200


# All that is needed, away: nothing at the port, or somebody who takes everything and never answers.


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Starts a site whose database, cache and tenant are all at that port; its address."""
    with ExitStack() as ends:

        def start(needs: int) -> str:
            port = ports.free()
            environment = {
                **os.environ,
                "DATABASE_URL": f"postgres://accountsite@127.0.0.1:{needs}/accountsite",
                "REDIS_URL": f"redis://127.0.0.1:{needs}/0",
                "SITE_URL": f"http://localhost:{port}",
                "LOGTO_ENDPOINT": f"http://127.0.0.1:{needs}",
                "ACCOUNTSITE_DATA": str(tmp_path),
                "DJANGO_SETTINGS_MODULE": "accountsite.settings",
                "PORT": str(port),
            }
            command = [sys.executable, "-m", "gunicorn", "accountsite.wsgi"]
            address = f"http://127.0.0.1:{port}"
            ends.enter_context(
                Program(
                    command=command,
                    environment=environment,
                    log=tmp_path / "log",
                    is_ready=lambda: answers(f"{address}/healthz"),
                )
            ).start()
            return address

        yield start


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize(
    ("away", "state"), [(collector.gone, "failing"), (collector.silent, "slow")]
)
def test_nobody_waits_for_what_is_away(
    site: Callable[[int], str], away: Callable[[], AbstractContextManager[int]], state: str
) -> None:
    with away() as needs:
        address = site(needs)
        began = time.monotonic()
        ready = requests.get(f"{address}/readyz", timeout=20)
        waited = time.monotonic() - began
        alive = requests.get(f"{address}/healthz", timeout=20)

    parts = ready.json()["parts"]
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert set(parts) == set(WELL)
    assert parts["logto"] in {state, "slow"}
    assert parts["database"] in {"failing", "slow"}  # its pool tries again for some seconds
    assert parts["cache"] != "ok"
    assert waited < 5  # one second, on a machine with nothing to do
