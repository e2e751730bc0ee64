"""`manage.py serve`: how the site starts, answers and ends in a container."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings

from tests.operations.test_settings import NEEDED, PREFIXES
from tests.stack import ports

PATIENCE, PAUSE = 60.0, 0.1  # seconds; machines with much to do are slow


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder with static files and no database."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "paths": {}, "hash": ""})
    )
    rest = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    rest.pop("DJANGO_SETTINGS_MODULE", None)
    return rest | NEEDED | {"ACCOUNTSITE_DATA": str(tmp_path)}


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts it, with these variables besides."""
    started: list[subprocess.Popen[str]] = []

    def serve(**variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve"],
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield serve
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.fixture
def port() -> int:
    """One that is free."""
    return ports.free()


def answer(address: str) -> requests.Response:
    """What comes from there, once something does."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        try:
            return requests.get(address, timeout=5, allow_redirects=False)
        except requests.ConnectionError:
            time.sleep(PAUSE)
    raise AssertionError(address)


def test_it_migrates_serves_on_its_port_and_ends_when_it_is_told(
    serve: Callable[..., Any], port: int
) -> None:
    process = serve(ACCOUNTSITE_MIGRATE="1", PORT=str(port))

    healthy, ready = (answer(f"http://127.0.0.1:{port}{path}") for path in ("/healthz", "/readyz"))
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=PATIENCE)

    assert (healthy.status_code, ready.status_code) == (200, 200)
    assert process.returncode == 0
    assert "Applying signin.0001_initial" in output
    assert "Listening at" in output
    assert errors == ""


def test_the_health_check_of_the_image_follows_the_port(
    serve: Callable[..., Any], port: int
) -> None:
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text()
    found = re.search(r"^HEALTHCHECK .*\n +(\[.*\])$", dockerfile, re.MULTILINE)
    command = [sys.executable, *json.loads(found[1])[1:]]
    environment = {"PORT": str(port)}
    before = subprocess.run(command, check=False, env=environment, stderr=subprocess.DEVNULL)

    serve(ACCOUNTSITE_MIGRATE="1", PORT=str(port))
    answer(f"http://127.0.0.1:{port}/healthz")
    after = subprocess.run(command, check=False, env=environment)

    assert (before.returncode, after.returncode) == (1, 0)


def test_an_outdated_database_is_not_served(serve: Callable[..., Any]) -> None:
    process = serve()

    _output, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert errors.count("\n") == 1
    assert "Run `manage.py migrate` first, or start with ACCOUNTSITE_MIGRATE=1." in errors


def test_a_database_that_can_not_be_opened_is_named(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    process = serve(DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/db.sqlite3")

    _output, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert "The database of DATABASE_URL can't be used: unable to open database file" in errors


def test_missing_static_files_are_named(serve: Callable[..., Any], tmp_path: Path) -> None:
    process = serve(ACCOUNTSITE_STATIC=str(tmp_path / "elsewhere"))

    _output, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert "Run `manage.py collectstatic` first." in errors


def test_a_wrong_setting_ends_the_start_with_its_line(serve: Callable[..., Any]) -> None:
    process = serve(LOGTO_ENDPOINT="auth.example.com")

    output, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert output == ""
    assert errors.startswith("accountsite can't start. LOGTO_ENDPOINT is wrong: it wants ")
    assert errors.count("\n") == 1
