"""Processes of the site and its worker, run as the image runs them, with settings as for real."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from accountsite.demo import loopback
from tests.demo_process import Tenant
from tests.stack import ports
from tests.stack.programs import ROOT, Program

MANAGE = [sys.executable, str(ROOT / "manage.py")]


def settings(tenant: Tenant, data: Path, origin: str) -> dict[str, str]:
    """Of a site at `origin`, which keeps its files in `data`, and has no worker of its own.

    All processes of one site share them. What they keep their data in, and the key, come on top.
    """
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(data),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": origin,
        "ACCOUNTSITE_DATA": str(data),
        "ACCOUNTSITE_WORKER": "0",
        "LOGTO_ENDPOINT": tenant.endpoint,
        "LOGTO_APP_ID": tenant.client_id,
        "LOGTO_APP_SECRET": tenant.client_secret,
        "LOGTO_M2M_APP_ID": tenant.m2m_client_id,
        "LOGTO_M2M_APP_SECRET": tenant.m2m_client_secret,
        "LOGTO_WEBHOOK_SECRET": tenant.credentials.webhook_signing_key,
    }


@dataclass(kw_only=True)
class Site(Program):
    """One process of the site, with `workers` of gunicorn, on a port of its own."""

    port: int

    @property
    def name(self) -> str:
        """What its connections to PostgreSQL are called."""
        return f"site-{self.port}"

    @property
    def address(self) -> str:
        """Where it answers itself, without anything in front."""
        return f"http://127.0.0.1:{self.port}"


def site(
    environment: Mapping[str, str],
    log: Path,
    *,
    port: int | None = None,
    workers: int = 1,
    threads: int | None = None,
) -> Site:
    """A process of the site, not started yet. Files and database are prepared by `prepare`.

    It has as many threads as the image gives it, unless there is another number of them.
    """
    port = ports.free() if port is None else port
    options = [f"--bind={host}:{port}" for host in loopback.hosts()]
    options += [f"--threads={threads}"] if threads else []
    return Site(
        port=port,
        command=[*MANAGE, "serve"],
        environment={
            **environment,
            **_named(environment.get("DATABASE_URL", ""), f"site-{port}"),
            "WEB_CONCURRENCY": str(workers),
            "GUNICORN_CMD_ARGS": " ".join(options),
        },
        log=log,
        is_ready=lambda: _answers(f"http://127.0.0.1:{port}/healthz"),
    )


def worker(environment: Mapping[str, str], log: Path) -> Program:
    """The worker, which sends mails and does the jobs, not started yet."""
    return Program(command=[*MANAGE, "worker"], environment=environment, log=log)


def prepare(environment: Mapping[str, str]) -> None:
    """What an operator does before the first start: the database, and the static files."""
    steps = [
        subprocess.Popen([*MANAGE, *step, "--verbosity=0"], env=dict(environment))
        for step in (["migrate"], ["collectstatic", "--noinput"])
    ]
    assert [step.wait() for step in steps] == [0, 0]


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """What a management command prints. AssertionError with what it complained of if it fails."""
    command = [*MANAGE, *arguments]
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _named(database_url: str, name: str) -> dict[str, str]:
    """The same database, which then tells whose connections are whose; SQLite has none."""
    if not database_url.startswith("postgres"):
        return {}
    return {"DATABASE_URL": f"{database_url}?application_name={name}"}


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False
