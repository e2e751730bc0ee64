"""The site's own settings, in an environment that reaches nothing."""

import os
import tempfile

# A shell may be set up for a site that runs for real. Only what `tests.services` started is emptied.
if "TEST_SERVICES" not in os.environ:
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
elif "REDIS_URL" in os.environ:
    # Each process of a run has a Redis database of its own, as pytest-django gives it one of PostgreSQL.
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"

os.environ.update(
    {
        "SITE_URL": "http://localhost:8000",
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdefghijklmnop",
        "LOGTO_ENDPOINT": "https://logto.test",
        "LOGTO_APP_ID": "app",
        "LOGTO_APP_SECRET": "app-secret",
        "LOGTO_M2M_APP_ID": "m2m",
        "LOGTO_M2M_APP_SECRET": "m2m-secret",
        "EMAIL_URL": "smtp://mail.test",
        "ACCOUNTSITE_RETURN_HOSTS": "app.example.com=Notes, shop.example.com, localhost:3999",
        "ACCOUNTSITE_DATA": tempfile.mkdtemp(prefix="accountsite-tests-"),
    }
)

from accountsite.settings import *  # noqa: F403 - after the environment it reads
from accountsite.settings import STATIC_ROOT

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # Manifests need `collectstatic`, which only the browser tests run.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
