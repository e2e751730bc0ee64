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


def python(code: str, database: Path) -> subprocess.CompletedProcess[str]:
    """Run it with Django set up and all tables there; what it printed, and its exit status."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + code],
        env=_environment(database),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def manage(command: str, *, database: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a management command, which goes on until it is told to end."""
    return subprocess.Popen(
        [sys.executable, "manage.py", command],
        env=_environment(database) | environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _environment(database: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "accountsite.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "LOGTO_ENDPOINT": "http://127.0.0.1:9",  # nobody is there, and says so at once
    }
