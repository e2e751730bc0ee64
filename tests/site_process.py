"""The site as it is deployed, in processes of its own beside the demo tenant.

Alone it is one process with SQLite. Where `tests.services` gave us a PostgreSQL and a Redis it is
two behind nginx, which sends each request to either of them: what one knows the other must know.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.stack import databases, nginx, ports, sites

# Each process of a run has these for its own, among those that its Redis has.
NUMBER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_NUMBER = 64 + NUMBER


@dataclass
class Site:
    """A running site."""

    origin: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command in the site's own environment."""
        return sites.manage(self.environment, *arguments)

    def empty(self, *tables: str) -> None:
        """Forget all that stands in these tables."""
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                for table in tables:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            return
        database = Path(self.environment["ACCOUNTSITE_DATA"]) / "db.sqlite3"
        with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
            for table in tables:
                connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - tests name them

    def forget_attempts(self) -> None:
        """Nobody has tried anything yet: tests would otherwise use up each other's attempts."""
        self.empty("limits_counter")


def can_be_two() -> bool:
    """Whether there is what two processes need."""
    return "TEST_SERVICES" in os.environ and nginx.is_installed()


@contextmanager
def running(tenant: Any, data: Path, **settings: str) -> Iterator[Site]:
    """The site until the end of the block; it is two processes if it can be."""
    with ExitStack() as ends:
        port = ports.free()
        shared = ends.enter_context(_shared()) if can_be_two() else {}
        environment = {
            **sites.settings(tenant, data, f"http://localhost:{port}"),
            **shared,
            "ACCOUNTSITE_DEMO": "1",
            "SECRET_KEY": secrets.token_urlsafe(48),
            **settings,
        }
        tenant.reset()  # an earlier test may have taken away what a site registers at
        tenant.register_site(f"http://localhost:{port}")
        sites.prepare(environment)
        if shared:
            both = [sites.site(environment, data / f"site-{number}.log") for number in range(2)]
            ports_behind = [site.port for site in both]
            parts = [*both, nginx.program(data, port=port, upstreams=ports_behind)]
        else:
            parts = [sites.site(environment, data / "site.log", port=port)]
        for part in parts:
            ends.callback(part.end)
            part.begin()
        for part in parts:
            part.wait()
        yield Site(f"http://localhost:{port}", environment)


@contextmanager
def _shared() -> Iterator[dict[str, str]]:
    with databases.new(os.environ["DATABASE_URL"]) as database:
        yield {
            "DATABASE_URL": database,
            "REDIS_URL": f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{REDIS_NUMBER}",
            "ACCOUNTSITE_TRUSTED_PROXIES": "1",
        }
