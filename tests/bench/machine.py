"""On what, and of what, the numbers are."""

import os
import platform
import subprocess
import sysconfig
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any


def describe() -> dict[str, Any]:
    """The date, the machine and the versions that a reader needs to weigh a number."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        # Images and distributions build it with what a profile of it taught; compilers alone don't.
        "is_python_optimized": "--enable-optimizations" in sysconfig.get_config_var("CONFIG_ARGS"),
        "django": version("django"),
        "gunicorn": version("gunicorn"),
        # How busy others kept it before anything began; above a half, figures are too low.
        "load_before": os.getloadavg()[0],
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - git, wherever it is
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
