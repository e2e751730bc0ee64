"""What probes ask: is it alive, and can it work."""

from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.fixture
def anybody() -> Client:
    """A probe: it knows neither the site's name nor a session."""
    return Client(headers={"host": "10.0.0.7:8000"})


def test_a_process_that_answers_is_alive(anybody: Client) -> None:
    response = anybody.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_health_needs_no_database(anybody: Client) -> None:
    # No `db` fixture: pytest-django fails whoever asks the database.
    assert anybody.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_site_with_its_database_is_ready(anybody: Client) -> None:
    assert anybody.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_site_without_its_database_is_not_ready(anybody: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=DatabaseError):
        response = anybody.get("/readyz")

    assert (response.status_code, response.content) == (503, b"database\n")


def test_https_is_not_asked_of_probes(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/healthz").status_code == 200
