"""What probes ask: is it alive, and can it work."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from accountsite.operations import readiness
from tests.conftest import API

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
    assert took < readiness.PATIENCE + 1
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
