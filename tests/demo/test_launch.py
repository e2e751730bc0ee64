"""`manage.py demo`: two servers, from start to stop."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from accountsite.demo import people, production
from tests.demo_process import ROOT
from tests.stack import ports

PATIENCE = 60.0  # seconds
TOLD = {
    *("site", "tenant", "resource", "inbox", "people", "webhook_signing_key"),
    *("client_id", "client_secret", "m2m_client_id", "m2m_client_secret"),
    *("roleless_client_id", "roleless_client_secret"),
}


@dataclass
class Demo:
    """A demo that was started, with its two ports."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    tenant_port: int

    def wait_until_it_runs(self) -> dict[str, object]:
        """What it wrote to demo.json, which it does when both servers answer."""
        description = self.data / "demo.json"
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            assert self.process.poll() is None, self.process.communicate()
            if description.exists() and (text := description.read_text()).endswith("}\n"):
                told: dict[str, object] = json.loads(text)
                return told
            time.sleep(0.1)
        raise AssertionError("it does not start")

    def is_silent(self) -> bool:
        """Whether neither server answers any more, after a moment."""
        give_up = time.monotonic() + 15
        while time.monotonic() < give_up:
            if not any(map(answers, (self.port, self.tenant_port))):
                return True
            time.sleep(0.1)
        return False


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code > 0
    except requests.ConnectionError:
        return False


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts a demo on free ports, in a folder of its own."""
    started: list[Demo] = []

    def launch(*, port: int | None = None, **environment: str) -> Demo:
        port, tenant_port = port or ports.free(), ports.free()
        ours = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "ACCOUNTSITE_DATA": str(tmp_path),
        }
        process = subprocess.Popen(
            [
                *(sys.executable, str(ROOT / "manage.py"), "demo"),
                *(f"--port={port}", f"--tenant-port={tenant_port}"),
            ],
            env=ours | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        demo = Demo(process, tmp_path, port, tenant_port)
        started.append(demo)
        return demo

    yield launch
    for demo in started:
        demo.process.kill()
        demo.process.communicate()


def test_it_serves_both_tells_who_lives_there_and_leaves_nothing_behind(
    launch: Callable[..., Demo],
) -> None:
    demo = launch()
    told = demo.wait_until_it_runs()
    site, tenant = f"http://localhost:{demo.port}", f"http://localhost:{demo.tenant_port}"

    assert told["site"] == site
    assert told["tenant"] == tenant
    assert told["inbox"] == f"{tenant}/demo/inbox"
    assert told["people"] == people.PEOPLE
    assert set(told) == TOLD
    assert stat.S_IMODE((demo.data / "demo.json").stat().st_mode) == 0o600
    assert answers(demo.port)
    assert answers(demo.tenant_port)

    demo.process.send_signal(signal.SIGINT)
    output, problems = demo.process.communicate(timeout=20)

    assert demo.process.returncode == 0, problems
    assert "alice" in output
    assert site in output
    assert str(told["client_secret"]) not in output
    assert demo.is_silent()


def test_both_servers_end_when_the_launcher_is_killed(launch: Callable[..., Demo]) -> None:
    demo = launch()
    demo.wait_until_it_runs()

    demo.process.kill()

    assert demo.is_silent()


def test_when_one_server_ends_the_other_is_stopped_and_its_last_words_are_told(
    launch: Callable[..., Demo],
) -> None:
    demo = launch()
    demo.wait_until_it_runs()

    os.kill(child_of(demo.process.pid, "accountsite.demo"), signal.SIGKILL)
    _, problems = demo.process.communicate(timeout=20)

    assert demo.process.returncode != 0
    assert "The tenant ended." in problems
    assert demo.is_silent()


def test_secrets_are_not_on_the_command_line(launch: Callable[..., Demo]) -> None:
    demo = launch()
    told = demo.wait_until_it_runs()

    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout  # noqa: S607

    assert "accountsite.demo" in shown
    for name in ("client_secret", "m2m_client_secret", "webhook_signing_key"):
        assert str(told[name]) not in shown


def test_a_taken_port_is_named_with_the_option_to_change_it(
    launch: Callable[..., Demo],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = launch(port=port)
        _, problems = demo.process.communicate(timeout=20)

    assert demo.process.returncode != 0
    assert f"Port {port} is taken" in problems
    assert "--port" in problems


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "postgres://db/accounts"},
        {"LOGTO_APP_SECRET_FILE": "/run/secrets/logto"},
        {"KUBERNETES_SERVICE_HOST": "10.0.0.1"},
        {"LOGTO_ENDPOINT": "https://auth.example.com"},
    ],
)
def test_a_place_that_looks_like_production_is_refused_in_one_line(
    environment: dict[str, str],
) -> None:
    sign = production.sign(environment)

    assert sign is not None
    assert "\n" not in sign
    assert next(iter(environment)) in sign


def test_a_developers_machine_is_no_production() -> None:
    assert production.sign({"PATH": "/usr/bin", "SITE_URL": "http://localhost:8000"}) is None


def test_the_command_refuses_production(launch: Callable[..., Demo]) -> None:
    demo = launch(KUBERNETES_SERVICE_HOST="10.0.0.1")

    _, problems = demo.process.communicate(timeout=20)

    assert demo.process.returncode != 0
    assert problems.strip().splitlines() == [
        "CommandError: This looks like production: KUBERNETES_SERVICE_HOST is set. The demo does not start here."
    ]


def child_of(process_id: int, word: str) -> int:
    """The child process with this word in its command line."""
    rows = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for row in rows.splitlines():
        child, parent, command = row.split(maxsplit=2)
        if int(parent) == process_id and word in command.split():
            return int(child)
    raise AssertionError(rows)
