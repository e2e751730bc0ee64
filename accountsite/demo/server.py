"""The tenant as a web server: settings of its own, gunicorn on loopback, state in memory.

The tenant is a Django project without a database. It shares no settings with the site and imports
nothing of it, so that the two talk over HTTP alone, as the site does with a real tenant.
"""

import secrets
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from accountsite.demo import controls, loopback, parent, seed
from accountsite.demo.credentials import Credentials

HERE = Path(__file__).parent
THREADS = 32
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        # Refusals are this tenant's daily work: only its own failures are news.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
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
        INSTALLED_APPS=["accountsite.demo"],
        LOGGING=LOGGING,
        MIDDLEWARE=[
            "accountsite.demo.faults.Faults",
            "accountsite.demo.pages.Headers",
            "accountsite.demo.writes.Writes",
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
    controls.plant(seed.Options(endpoint=origin, site=site, **credentials.as_options()))


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
            "bind": [f"{host}:{self.port}" for host in loopback.hosts()],
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
