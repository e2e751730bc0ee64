"""Python in a process of its own, on a database of its own that threads and a restart can share."""

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
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "accountsite.settings",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
