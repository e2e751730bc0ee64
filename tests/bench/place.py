"""What is measured, and what it needs around it: the tenant, sites, and the bare one beside them."""

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from accountsite.demo import loopback
from accountsite.demo.credentials import Credentials
from tests import demo_process
from tests.bench import processes, visitors
from tests.demo_process import Tenant
from tests.stack import ports, postgresql, redis, sites
from tests.stack.programs import Program
from tests.stack.sites import Site

DELAY = 20  # milliseconds that the tenant adds to each of its answers
CONFIGURATION = ["--config", str(Path(__file__).with_name("bare_gunicorn.py"))]
MEASURED = "tests.bench.measured"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A tenant, and the settings of the site in front of it."""

    folder: Path
    port: int
    tenant: Tenant
    environment: Mapping[str, str]
    servers: tuple[int, ...] = ()  # the processes of its database and cache

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def site(self, *, workers: int = 1, **settings: str) -> Site:
        """The site as the image serves it, not started yet."""
        environment = {**self.environment, **settings}
        return sites.site(environment, self.folder / "site.log", port=self.port, workers=workers)

    def bare(self) -> Program:
        """The bare view, served by gunicorn as the site is."""
        environment = {
            "PATH": os.environ["PATH"],
            "GUNICORN_CMD_ARGS": " ".join(
                f"--bind={host}:{self.port}" for host in loopback.hosts()
            ),
        }
        return Program(
            command=[
                sys.executable,
                "-m",
                "gunicorn",
                *CONFIGURATION,
                "tests.bench.bare:application",
            ],
            environment=environment,
            log=self.folder / "bare.log",
            is_ready=lambda: _answers(self.origin),
        )

    def alice(self) -> visitors.Visitor:
        """Alice, who has something of everything, signed in at the site that runs."""
        return visitors.sign_in(self.origin, self.tenant, "alice", self.tenant.password_of("alice"))

    def changes_done(self) -> int:
        """How many changes the tenant has seen through so far."""
        return max((write["number"] for write in self.tenant.writes()), default=0)

    def without_delay(self) -> None:
        """Let the tenant answer as fast as it can, to prepare what is measured later."""
        self.tenant.faults.everywhere()

    def with_delay(self) -> None:
        """Let the tenant be as far away as it is by design."""
        self.tenant.faults.everywhere(delay_ms=DELAY)


@contextmanager
def small(folder: Path) -> Iterator[Place]:
    """The site on its own: SQLite, and the memory of its one process for a cache."""
    credentials = Credentials(
        client_id="account-site",
        client_secret=secrets.token_urlsafe(24),
        m2m_client_id="management",
        m2m_client_secret=secrets.token_urlsafe(24),
        roleless_client_secret=secrets.token_urlsafe(24),
        webhook_signing_key=secrets.token_urlsafe(24),
    )
    port = ports.free()
    with demo_process.running(folder / "tenant.log", credentials) as tenant:
        origin = f"http://localhost:{port}"
        tenant.register_site(origin)
        environment = {
            **sites.settings(tenant, folder, origin),
            "SECRET_KEY": secrets.token_urlsafe(48),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE")  # an image has its bytecode
        sites.prepare(environment)
        # The tenant shares one core with the visitors; the other one is the site's.
        processes.pin(tenant.process.pid, processes.THEIRS)
        yield Place(folder=folder, port=port, tenant=tenant, environment=environment)


@contextmanager
def large(place: Place) -> Iterator[Place]:
    """The same with PostgreSQL and Redis, as several processes need them."""
    with postgresql.start(place.folder) as database, redis.start(place.folder) as cache:
        for server in (database, cache):
            assert server.process is not None
            processes.pin(server.process.pid, processes.THEIRS)
        environment = {
            **place.environment,
            "DATABASE_URL": database.url,
            "REDIS_URL": cache.url,
        }
        sites.prepare(environment)
        servers = tuple(each.process.pid for each in (database, cache) if each.process)
        yield replace(place, environment=environment, servers=servers)


def is_complete() -> bool:
    """Whether this machine has a PostgreSQL and a Redis to start."""
    return postgresql.is_installed() and redis.is_installed()


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False
