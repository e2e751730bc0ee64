"""The tenant as a web server: settings of its own, gunicorn on loopback, state in memory.

The tenant is a Django project without a database. It shares no settings with the site and imports
nothing of it, so that the two talk over HTTP alone, as the site does with a real tenant.
"""

import os
import secrets
import socket
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from accountsite.demo import faults, parent, seed, state
from accountsite.demo.oidc import store

HERE = Path(__file__).parent
RESOURCE = "https://default.logto.app/api"  # what a self-hosted Logto calls its Management API
THREADS = 32
BODY_LIMIT = 1024 * 1024  # bytes; Logto answers 404 above it (measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the applications of the seed and the webhook receiver know. Ids begin with `demo-`."""

    client_id: str = "demo-site"
    client_secret: str
    m2m_client_id: str = "demo-management"
    m2m_client_secret: str
    roleless_client_id: str = "demo-roleless"
    roleless_client_secret: str
    webhook_signing_key: str

    PREFIX: ClassVar[str] = "DEMO_"

    @classmethod
    def from_environment(cls) -> Self:
        """Those in DEMO_CLIENT_ID, DEMO_CLIENT_SECRET and so on; secrets not given are random."""
        given = {
            field.name: os.environ.get(cls.PREFIX + field.name.upper()) for field in fields(cls)
        }
        made = {name: secrets.token_urlsafe(24) for name in given if not name.endswith("_id")}
        return cls(**made | {name: value for name, value in given.items() if value})

    def environment(self) -> dict[str, str]:
        """The variables that from_environment() reads, for a child process."""
        return {
            self.PREFIX + field.name.upper(): getattr(self, field.name) for field in fields(self)
        }


def configure(*, origin: str, site: str, credentials: Credentials) -> None:
    """Make this process the tenant: Django's settings, then the seed.

    `origin` and `site` are origins without a trailing slash, the tenant's and the site's.
    """
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1", "[::1]"],
        APPEND_SLASH=False,
        CSRF_COOKIE_NAME="demo_csrf",
        CSRF_COOKIE_SAMESITE="Lax",
        DATA_UPLOAD_MAX_MEMORY_SIZE=None,  # the API has its own limit
        DATABASES={},
        DEMO_CREDENTIALS=credentials,
        DEMO_ORIGIN=origin,
        DEMO_SITE=site,
        INSTALLED_APPS=["accountsite.demo"],
        # Refusals are this tenant's daily work: only its own failures are news.
        LOGGING={"version": 1, "loggers": {"django.request": {"level": "ERROR"}}},
        MIDDLEWARE=[
            "accountsite.demo.faults.Faults",
            "accountsite.demo.pages.Headers",
        ],
        ROOT_URLCONF="accountsite.demo.urls",
        SECRET_KEY=secrets.token_urlsafe(48),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {"context_processors": ["accountsite.demo.pages.brand"]},
            }
        ],
        USE_I18N=False,
        USE_TZ=True,
    )
    django.setup()
    reset()


def reset() -> None:
    """Forget everything that happened, and seed again. Signing keys stay."""
    given: Credentials = settings.DEMO_CREDENTIALS
    options = seed.Options(
        endpoint=settings.DEMO_ORIGIN,
        site=settings.DEMO_SITE,
        resource=RESOURCE,
        **{field.name: getattr(given, field.name) for field in fields(given)},
    )
    with state.tenant.lock:
        seed.fill(state.tenant, options)
        store.clear()
    faults.clear()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with the tenant in its one worker, on loopback only."""

    def __init__(self, *, port: int, site: str, credentials: Credentials) -> None:
        self.port = port
        self.site = site
        self.credentials = credentials
        super().__init__()

    def load_config(self) -> None:
        """Fill in gunicorn's settings; its command line and files are not read."""
        options: dict[str, Any] = {
            "bind": [f"{host}:{self.port}" for host in loopback_hosts()],
            "control_socket_disable": True,
            "graceful_timeout": 2,
            "keepalive": 75,
            "loglevel": "warning",
            "proc_name": "accountsite-demo-tenant",
            "threads": THREADS,
            "when_ready": parent.when_ready,
            "worker_class": "gthread",
            "workers": 1,  # the state is in its memory
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """The tenant, made in the worker: it starts anew with a new worker."""
        origin = f"http://localhost:{self.port}"
        configure(origin=origin, site=self.site, credentials=self.credentials)
        return get_wsgi_application()


def loopback_hosts() -> list[str]:
    """The addresses that localhost means on this machine, as gunicorn writes them."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "[::1]"]
