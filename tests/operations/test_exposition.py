"""The port that Prometheus asks, of the site as it is served and of a worker by itself."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings

from accountsite.operations import exposition, tallies
from tests.operations.test_serve import PATIENCE, environment, port, serve
from tests.stack import ports

__all__ = ["environment", "port", "serve"]

FOLDERS = tallies.IN_MEMORY
HOST = "account.example.com"


@pytest.fixture
def metrics_port() -> int:
    """Another one that is free."""
    return ports.free()


def value(text: str, name: str, **labels: str) -> float:
    """Of all that has these labels, together."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = [line for line in text.splitlines() if re.match(rf"{name}[{{ ]", line)]
    return sum(
        float(line.rpartition(" ")[2]) for line in lines if all(word in line for word in wanted)
    )


def answer(address: str, **options: Any) -> requests.Response:
    """What comes from there, once something does."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        try:
            return requests.get(address, timeout=20, **options)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(address)


def until(address: str, condition: Callable[[str], Any]) -> str:
    """What is told once it is as it should be."""
    give_up = time.monotonic() + PATIENCE
    while not condition(text := answer(address).text):
        assert time.monotonic() < give_up, text
        time.sleep(0.2)
    return text


def test_nothing_listens_and_nothing_is_counted_unless_the_operator_wants_it() -> None:
    code = (
        "import os, sys, django; django.setup();"
        "from accountsite import wsgi; from accountsite.operations import exposition;"
        "exposition.take_port(); exposition.answer(); exposition.share(); exposition.end();"
        "print('prometheus_client' in sys.modules, exposition.VARIABLE in os.environ)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
    )

    assert done.stdout.split() == ["False", "False"]


def test_the_site_and_its_worker_are_told_of_at_one_port(
    serve: Callable[..., Any], port: int, metrics_port: int
) -> None:
    folders = set(FOLDERS.glob("accountsite-metrics-*"))
    process = serve(
        ACCOUNTSITE_MIGRATE="1", ACCOUNTSITE_METRICS_PORT=str(metrics_port), PORT=str(port)
    )
    scrape = f"http://127.0.0.1:{metrics_port}/metrics"

    visit(port, times=3)
    text = until(scrape, lambda text: value(text, "accountsite_jobs_total") >= 15)

    assert value(text, "accountsite_pages_total", route="webhooks:logto", status="404") == 3
    assert value(text, "accountsite_page_seconds_count", route="webhooks:logto") == 3
    assert value(text, "accountsite_build_info", version="0.1.0") == 1
    assert value(text, "accountsite_database_up") == 1
    assert "accountsite_sessions 0.0" in text
    assert "alice" not in text
    # The people's port knows nothing of it, and this one knows nothing else.
    elsewhere = [f"http://127.0.0.1:{port}/metrics", scrape.replace("/metrics", "/healthz")]
    assert [requests.get(each, timeout=20).ok for each in elsewhere] == [False, False]

    mine = set(FOLDERS.glob("accountsite-metrics-*")) - folders
    assert [folder.stat().st_mode & 0o077 for folder in mine] == [0]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert not set(FOLDERS.glob("accountsite-metrics-*")) - folders


def test_whichever_process_is_asked_it_tells_of_all_those_that_are_gone_too(
    environment: dict[str, str], port: int, metrics_port: int
) -> None:
    variables = environment | {
        "ACCOUNTSITE_METRICS_PORT": str(metrics_port),
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=environment, cwd=settings.BASE_DIR, check=True)
    gunicorn = [sys.executable, "-m", "gunicorn", "accountsite.wsgi"]
    process = subprocess.Popen(gunicorn, env=variables, cwd=settings.BASE_DIR)
    try:
        scrape = f"http://127.0.0.1:{metrics_port}/metrics"
        visit(port, times=20)
        told = {value(answer(scrape).text, "accountsite_pages_total") for _again in range(6)}
        workers = workers_at(port)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        until(scrape, lambda _text: set(workers_at(port)).isdisjoint(workers))
        visit(port, times=1)
        after = value(answer(scrape).text, "accountsite_pages_total")
        counting = {path.stem.rpartition("_")[2] for path in folder_of(process).glob("*.db")}
    finally:
        process.terminate()
        process.wait(PATIENCE)

    assert len(workers) == 2
    assert "0" in counting  # all that ended, as one
    assert counting.isdisjoint(map(str, workers))
    assert told == {20}
    assert after == 21


def folder_of(process: subprocess.Popen[bytes]) -> Path:
    """Where it counts: it holds a lock there."""
    held = (path.readlink() for path in Path(f"/proc/{process.pid}/fd").iterdir())
    return next(path.parent for path in held if path.name == tallies.IN_USE)


def visit(port: int, *, times: int) -> None:
    """Have the site answer, without Logto."""
    for _again in range(times):
        address = f"http://127.0.0.1:{port}/webhooks/logto/?alice@example.com"
        proxied = {"X-Forwarded-Proto": "https", "Connection": "close", "Host": HOST}
        assert answer(address, headers=proxied).status_code == 404


def workers_at(port: int) -> list[int]:
    """The processes of gunicorn that serve there, but for the one that started them."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                variables = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if f"PORT={port}".encode() in variables and b"gunicorn" in command:
                found[int(entry.name)] = parent
    return [process for process, parent in found.items() if parent in found]


def test_a_port_that_is_taken_ends_the_start_with_its_line(
    serve: Callable[..., Any], port: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = serve(
            ACCOUNTSITE_MIGRATE="1",
            ACCOUNTSITE_METRICS_PORT=str(taken.getsockname()[1]),
            ACCOUNTSITE_WORKER="0",
            PORT=str(port),
        )
        output, _errors = process.communicate(timeout=PATIENCE)

    assert process.returncode != 0
    assert "accountsite can't start. ACCOUNTSITE_METRICS_PORT is wrong: " in output


def test_an_address_that_can_not_be_had_is_named_with_its_reason(settings: Any) -> None:
    settings.METRICS_HOST, settings.METRICS_PORT = "::none", 9464
    exposition._listener.cache_clear()

    with pytest.raises(SystemExit) as stopped:
        exposition.take_port()

    line = str(stopped.value.code)
    assert line.startswith("accountsite can't start. ACCOUNTSITE_METRICS_PORT is wrong: ")
    assert "Unknown error" not in line


@pytest.mark.parametrize(
    ("error", "lines"), [(KeyError("a"), ["a scrape failed"]), (BrokenPipeError(), [])]
)
def test_a_scrape_that_fails_is_a_line_of_the_log_unless_prometheus_hung_up(
    caplog: pytest.LogCaptureFixture, error: Exception, lines: list[str]
) -> None:
    server = exposition._Server.__new__(exposition._Server)

    def fail() -> None:
        raise error

    try:
        fail()
    except type(error):
        server.handle_error(None, ("203.0.113.9", 1))

    assert caplog.messages == lines


def test_a_worker_by_itself_has_a_port_of_its_own(
    environment: dict[str, str], metrics_port: int
) -> None:
    variables = environment | {"ACCOUNTSITE_METRICS_PORT": str(metrics_port)}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    subprocess.run([*manage, "migrate", "-v0"], env=variables, check=True, capture_output=True)
    process = subprocess.Popen(
        [*manage, "worker"], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        text = until(
            f"http://127.0.0.1:{metrics_port}/metrics",
            lambda text: value(text, "accountsite_jobs_total", job="sessions: forget old ones"),
        )
    finally:
        process.terminate()
        process.wait(PATIENCE)

    assert value(text, "accountsite_jobs_total", outcome="failed") == 0
    assert value(text, "accountsite_job_done_timestamp_seconds", job="sessions: forget old ones")
