"""Our programs in a process of their own, on a database that threads and a restart can share."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PRELUDE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def python(code: str, database: Path | str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it with Django set up and all tables there; what it printed, and its exit status.

    The database is a file of SQLite, or an address for DATABASE_URL.
    """
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + code],
        env=variables(database) | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def manage(command: str, *, database: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a management command, which goes on until it is told to end."""
    return subprocess.Popen(
        [sys.executable, "manage.py", command],
        env=variables(database) | environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def variables(database: Path | str) -> dict[str, str]:
    """What a process of ours runs in, on this database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "accountsite.settings",
        "DATABASE_URL": database if isinstance(database, str) else f"sqlite:///{database}",
        "LOGTO_ENDPOINT": "http://127.0.0.1:9",  # nobody is there, and says so at once
    }
