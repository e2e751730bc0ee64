"""The whole of it, as an operator who grows runs it: several site processes and all they need.

    with stack.running(folder, sites=2) as running:
        requests.get(running.origin)
        running.sites[0].kill()

nginx at `origin` sends each request to any of the sites, which share a PostgreSQL and a Redis; the
worker stands beside them, and the demo tenant and the mailbox are what they talk to.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from accountsite.demo.credentials import Credentials
from tests import demo_process
from tests.demo_process import Tenant
from tests.stack import databases, nginx, ports, postgresql, redis, sites
from tests.stack.mailbox import Mailbox
from tests.stack.programs import Program
from tests.stack.sites import Site

LACKS = {
    "nginx": nginx.is_installed,
    "PostgreSQL": postgresql.is_installed,
    "Redis": redis.is_installed,
}


@dataclass
class Stack:
    """What runs. Each part can be stopped, killed and started by itself."""

    origin: str
    environment: dict[str, str]
    tenant: Tenant
    mailbox: Mailbox
    proxy: Program
    sites: list[Site]
    worker: Program
    database: postgresql.Server | None
    redis: redis.Server | None

    def manage(self, *arguments: str) -> str:
        """What a management command of the site prints."""
        return sites.manage(self.environment, *arguments)


def missing() -> list[str]:
    """What this machine lacks to run it."""
    return [name for name, is_installed in LACKS.items() if not is_installed()]


@contextmanager
def running(
    folder: Path,
    *,
    site_count: int = 2,
    workers: int = 1,
    threads: int | None = None,
    database_url: str = "",
    redis_url: str = "",
    **settings: str,
) -> Iterator[Stack]:
    """All of it, ready, until the end of the block; logs are in the folder.

    `workers` is how many processes gunicorn has in each site, `threads` how many threads each of
    them. A PostgreSQL and a Redis are started unless there are addresses of some; of that PostgreSQL
    a new database is used, and nothing is left there. `settings` are more of the site's.
    """
    with ExitStack() as ends:
        database = None if database_url else ends.enter_context(postgresql.start(folder))
        cache = None if redis_url else ends.enter_context(redis.start(folder))
        server = database_url or (database.url if database else "")
        credentials = Credentials(
            client_id="account-site",
            client_secret=secrets.token_urlsafe(24),
            m2m_client_id="management",
            m2m_client_secret=secrets.token_urlsafe(24),
            roleless_client_secret=secrets.token_urlsafe(24),
            webhook_signing_key=secrets.token_urlsafe(24),
        )
        tenant = ends.enter_context(demo_process.running(folder / "tenant.log", credentials))
        mailbox = ends.enter_context(Mailbox())
        port = ports.free()
        origin = f"http://localhost:{port}"
        tenant.register_site(origin)
        environment = {
            **sites.settings(tenant, folder, origin),
            "DATABASE_URL": ends.enter_context(databases.new(server)),
            "REDIS_URL": redis_url or (cache.url if cache else ""),
            "EMAIL_URL": mailbox.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ACCOUNTSITE_TRUSTED_PROXIES": "1",
            **settings,
        }
        sites.prepare(environment)
        running = Stack(
            origin=origin,
            environment=environment,
            tenant=tenant,
            mailbox=mailbox,
            sites=[
                sites.site(
                    environment, folder / f"site-{number}.log", workers=workers, threads=threads
                )
                for number in range(site_count)
            ],
            worker=sites.worker(environment, folder / "worker.log"),
            proxy=Program(command=[], environment={}, log=folder / "nginx.log"),
            database=database,
            redis=cache,
        )
        running.proxy = nginx.program(
            folder, port=port, upstreams=[site.port for site in running.sites]
        )
        parts: list[Program] = [*running.sites, running.worker, running.proxy]
        for part in parts:
            ends.callback(part.end)
            part.begin()
        for part in parts:
            part.wait()
        yield running
