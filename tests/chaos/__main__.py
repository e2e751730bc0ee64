"""`python -m tests.chaos`, or `make chaos`: see the package."""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.chaos import program, report
from tests.stack import stack

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Read the options, run, tell. Exit status 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="default: %(default)s")
    parser.add_argument("--people", type=int, default=12, help="at a time; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="where to write what was found")
    parser.add_argument("--folder", type=Path, help="where logs go; default: a temporary one")
    given = parser.parse_args()
    if lacks := stack.missing():
        sys.exit(f"This machine lacks {', '.join(lacks)}.")
    for each in ENDINGS:
        signal.signal(each, _end)
    with _folder(given.folder) as (folder, put_away):
        options = program.Options(
            seconds=given.seconds, people=given.people, seed=given.seed, folder=folder
        )
        told, table = program.run(options, program.say)
        if given.json:
            report.write(told, given.json)
        sys.stdout.write(f"{table}\n")
        for problem in told["problems"]:
            sys.stdout.write(f"\n{problem}\n")
        if not told["held"] or told["problems"]:
            sys.exit(f"Not everything held. The logs are in {folder}.")
        put_away()


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Told to end, it puts away what it started and mounted, whatever it is told meanwhile."""
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _folder(given: Path | None) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Where logs go, and what puts that away: at once, if somebody ends the run."""
    folder = given or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(parents=True, exist_ok=True)

    def put_away() -> None:
        if given is None:
            shutil.rmtree(folder, ignore_errors=True)

    try:
        yield folder, put_away
    except KeyboardInterrupt:
        put_away()
        sys.exit("It was told to end.")


if __name__ == "__main__":
    main()
