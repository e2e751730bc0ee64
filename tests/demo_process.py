"""The demo tenant in a process of its own, once for all tests that want it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from accountsite.demo import inbox, people
from accountsite.demo.credentials import Credentials
from tests.stack import ports

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds that a start may take


@dataclass
class Faults:
    """What the tenant gets wrong on request; see accountsite/demo/faults.py."""

    http: requests.Session
    address: str

    def add(self, *, delay_ms: float = 0, **fault: Any) -> None:
        """A fault for some requests; see accountsite/demo/faults.py for what there is to say."""
        self._ok(self.http.post(self.address, json={"delay": delay_ms, **fault}))

    def everywhere(self, *, delay_ms: float = 0, down: bool = False) -> None:
        """A fault for every request."""
        self._ok(self.http.put(self.address, json={"delay": delay_ms, "down": down}))

    def remove(self, name: str) -> None:
        """End the faults of this name."""
        self._ok(self.http.delete(self.address, params={"name": name}))

    def hits(self, name: str | None = None) -> list[int]:
        """How often each fault struck, or each of this name, in the order of their adding."""
        faults = self._ok(self.http.get(self.address))["faults"]
        return [fault["hits"] for fault in faults if name in (None, fault["name"])]

    def turned_away(self) -> int:
        """How many requests came while it was down, since it was in good health."""
        return int(self._ok(self.http.get(self.address))["turned_away"])

    def reset(self) -> None:
        """Be in good health again."""
        self._ok(self.http.delete(self.address))

    def _ok(self, response: requests.Response) -> Any:
        assert response.ok, response.text
        return response.json()


@dataclass
class Tenant:
    """A running tenant, and what a test does with it."""

    endpoint: str
    credentials: Credentials
    process: subprocess.Popen[bytes]
    http: requests.Session

    @property
    def client_id(self) -> str:
        return self.credentials.client_id

    @property
    def client_secret(self) -> str:
        return self.credentials.client_secret

    @property
    def m2m_client_id(self) -> str:
        return self.credentials.m2m_client_id

    @property
    def m2m_client_secret(self) -> str:
        return self.credentials.m2m_client_secret

    @property
    def faults(self) -> Faults:
        return Faults(self.http, f"{self.endpoint}/demo/faults")

    def reset(self) -> None:
        """As it was seeded: without what earlier tests did, and without faults."""
        assert self.http.post(f"{self.endpoint}/demo/reset").ok

    def register_site(self, origin: str) -> None:
        """Let the site be at this origin."""
        assert self.http.post(f"{self.endpoint}/demo/site", json={"origin": origin}).ok

    def rotate_keys(self, *, keep_old: bool) -> None:
        """Sign with a new key; the key set goes on showing the old ones, or does not."""
        address = f"{self.endpoint}/demo/keys/rotate"
        assert self.http.post(address, json={"keep_old": keep_old}).ok

    def revoke_tokens(self) -> None:
        """Refuse all tokens for the Management API that were issued so far."""
        assert self.http.post(f"{self.endpoint}/demo/tokens/revoke").ok

    def refused_tokens(self) -> int:
        """How many calls came with a token that was revoked the last time that some were."""
        return int(self.http.get(f"{self.endpoint}/demo/tokens/revoke").json()["refused"])

    def set_clock(self, *, ahead: float) -> None:
        """Set its clock wrong by so many seconds; behind, where they are negative."""
        assert self.http.put(f"{self.endpoint}/demo/clock", json={"ahead": ahead}).ok

    def writes(self, *, after: int = 0) -> list[dict[str, Any]]:
        """What was changed through its APIs, oldest first; see accountsite/demo/writes.py."""
        answer = self.http.get(f"{self.endpoint}/demo/writes", params={"after": after})
        return list(answer.json()["writes"])

    def newest_code(self, address: str) -> str | None:
        """The newest code that was sent to an email or phone."""
        return inbox.newest_code(f"{self.endpoint}/demo/inbox", address)

    def password_of(self, username: str) -> str:
        """The password of somebody of the seed."""
        return next(row["password"] for row in people.PEOPLE if row["username"] == username)

    def management(self, method: str, path: str, **options: Any) -> requests.Response:
        """A call of the Management API, such as ("GET", "/users")."""
        form = {
            "grant_type": "client_credentials",
            "resource": "https://default.logto.app/api",
            "scope": "all",
        }
        who = (self.m2m_client_id, self.m2m_client_secret)
        answer = self.http.post(f"{self.endpoint}/oidc/token", data=form, auth=who)
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        headers = options.pop("headers", {}) | token
        return self.http.request(method, f"{self.endpoint}/api{path}", headers=headers, **options)

    def user(self, username: str) -> Any:
        """Somebody, as the Management API shows them."""
        query = {"search.username": username, "mode.username": "exact"}
        return self.management("GET", "/users", params=query).json()[0]


def start(log: Path, credentials: Credentials | None = None) -> Tenant:
    """Start a tenant on a free port, and wait until it answers."""
    port = ports.free()
    credentials = credentials or Credentials.from_environment()
    environment = {
        **os.environ,
        **credentials.environment(),
        "DEMO_PARENT": str(os.getpid()),
        "PYTHONWARNINGS": "error",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "accountsite.demo", f"--port={port}"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    http = requests.Session()
    http.trust_env = False
    tenant = Tenant(f"http://localhost:{port}", credentials, process, http)
    _wait_until_it_answers(tenant, log)
    return tenant


def _wait_until_it_answers(tenant: Tenant, log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        assert tenant.process.poll() is None, log.read_text()
        try:
            if tenant.http.get(f"{tenant.endpoint}/api/status", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@contextmanager
def running(log: Path, credentials: Credentials | None = None) -> Iterator[Tenant]:
    """A tenant until the end of the block."""
    tenant = start(log, credentials)
    try:
        yield tenant
    finally:
        tenant.process.terminate()
        tenant.process.wait(timeout=20)
        tenant.http.close()


@pytest.fixture(scope="session")
def demo_tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A tenant for the whole run; `reset()` makes it new."""
    with running(tmp_path_factory.mktemp("tenant") / "log") as tenant:
        yield tenant


@pytest.fixture
def fresh_tenant(demo_tenant: Tenant) -> Iterator[Tenant]:
    """The tenant as it was seeded, without what earlier tests did to it."""
    demo_tenant.reset()
    yield demo_tenant
    demo_tenant.faults.reset()
