"""The site as it is deployed, in a process of its own beside the demo tenant."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds that a start may take


@dataclass
class Site:
    """A running site."""

    origin: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def manage(self, *arguments: str) -> str:
        """Run a management command in the site's own environment."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """End it, without waiting for browsers that keep a connection."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)


def start(tenant: Any, data: Path, **settings: str) -> Site:
    """Build the static files, make the database, and serve by gunicorn until it answers."""
    port = free_port()
    origin = f"http://localhost:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(data),
        "ACCOUNTSITE_DEMO": "1",
        "ACCOUNTSITE_DATA": str(data),
        "SITE_URL": origin,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOGTO_ENDPOINT": tenant.endpoint,
        "LOGTO_APP_ID": tenant.client_id,
        "LOGTO_APP_SECRET": tenant.client_secret,
        "LOGTO_M2M_APP_ID": tenant.m2m_client_id,
        "LOGTO_M2M_APP_SECRET": tenant.m2m_client_secret,
        "LOGTO_WEBHOOK_SECRET": tenant.credentials.webhook_signing_key,
        **settings,
    }
    tenant.register_site(origin)
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"]):
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command], env=environment, check=True
        )
    gunicorn = [sys.executable, "-m", "gunicorn", "accountsite.wsgi", f"--bind=localhost:{port}"]
    with (data / "site.log").open("wb") as log:
        process = subprocess.Popen(gunicorn, cwd=ROOT, env=environment, stdout=log, stderr=log)
    site = Site(origin, environment, process)
    wait_until_it_answers(site, data / "site.log")
    return site


def wait_until_it_answers(site: Site, log: Path) -> None:
    """Until the site is healthy; a site that ended says its last words."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        assert site.process.poll() is None, log.read_text()
        try:
            if requests.get(f"{site.origin}/healthz", timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
