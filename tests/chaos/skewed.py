"""`python -m tests.chaos.skewed SECONDS PROGRAM …`: runs a Python program by a clock that is ahead."""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    """Set the clock of this process, and of those that it forks, and become the program."""
    ahead, program, *rest = sys.argv[1:]
    then = datetime.now(UTC) + timedelta(seconds=float(ahead))
    time_machine.travel(then, tick=True).start()
    sys.argv = [program, *rest]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
