"""Runs a command with a PostgreSQL and a Redis of its own: `python -m tests.services -- COMMAND …`.

Both are empty, listen on free ports of this machine, and are gone when the command has ended,
however it did. Their addresses are in DATABASE_URL and REDIS_URL; TEST_SERVICES says that they may
be emptied, without which the tests touch neither.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.stack import postgresql, redis


def main() -> int:
    """Run the command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    parser.add_argument("command", nargs="+", help="what to run, behind --")
    command = parser.parse_args().command
    if missing := _missing():
        parser.error(f"this machine lacks {' and '.join(missing)}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with (
        tempfile.TemporaryDirectory(prefix="services-") as folder,
        postgresql.start(Path(folder)) as database,
        redis.start(Path(folder)) as cache,
    ):
        return _run(
            command,
            {
                **os.environ,
                "DATABASE_URL": database.url,
                "REDIS_URL": cache.url,
                "TEST_SERVICES": "1",
            },
        )


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # which the command got as well
            return process.wait()
        except SystemExit:
            process.terminate()
            process.wait()
            raise


def _missing() -> list[str]:
    present = {"PostgreSQL": postgresql.is_installed(), "Redis": redis.is_installed()}
    return [name for name, is_installed in present.items() if not is_installed]


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
