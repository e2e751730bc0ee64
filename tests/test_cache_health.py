"""Whether the cache does its work, and what it costs to know."""

import os
import subprocess
import sys
from pathlib import Path

from accountsite import cache_health

ROOT = Path(__file__).parents[1]
LOADED = "import sys, accountsite.wsgi, accountsite.urls; print('redis' in sys.modules)"


def test_the_memory_of_a_process_always_answers(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

    assert cache_health.answers()


def test_without_redis_nobody_pays_for_its_client(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "ACCOUNTSITE_DEMO": "1",
        "ACCOUNTSITE_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "accountsite.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"
