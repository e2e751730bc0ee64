"""How the site does, in numbers: `make bench`, or `python -m tests.bench`.

The demo tenant runs in a process of its own and adds 20 ms to each answer. The site is served as in
the image, and so is a bare Django view, so that each figure is also a ratio. It writes
`bench.json`, and prints the table of docs/performance.md.
"""

# ruff: noqa: T201 - a program prints

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import machine, phases, place, processes, report, visitors, weight

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
PARTS = ("start", "own", "load", "memory", "weight", "workers")
ALL = [*visitors.PAGES, phases.CHANGE]


def main() -> int:
    """Measure, write, print. The status tells whether every budget was held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a look, in a minute: figures are rough"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        metavar="PART",
        help=f"of {', '.join(PARTS)}",
    )
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where to write")
    parser.add_argument(
        "--write", action="store_true", help="keep the tables in docs/performance.md"
    )
    options = parser.parse_args()
    # Told to end, it still puts away what it started.
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit("It was told to end."))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="accountsite-bench-") as folder:
        found = measure(Path(folder), set(options.only), is_quick=options.quick)
    found["machine"]["minutes"] = (time.monotonic() - began) / 60
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=1) + "\n")
    print(report.markdown(found))
    if options.write:
        report.write(found, PAGE)
    print(f"\nAll of it is in {options.json}.")
    return 0 if report.are_held(found) else 1


def measure(folder: Path, parts: set[str], *, is_quick: bool) -> dict[str, Any]:
    """Everything that is asked for, as it goes into the file."""
    found: dict[str, Any] = {"machine": machine.describe(), "is_quick": is_quick}
    seconds = 1.0 if is_quick else 3.0
    connections = (8,) if is_quick else phases.CONNECTIONS
    with place.small(folder) as small:
        if "start" in parts:
            _say("start")
            found["start"] = phases.starts(small, times=1 if is_quick else 5)
        if "own" in parts:
            _say("own time")
            found["own"] = phases.own_times(small, pages=20 if is_quick else 100)
        if "load" in parts:
            _say("bare view")
            found["bare"] = phases.bare(small, seconds=seconds, connections=connections)
        if parts & {"load", "memory", "weight"}:
            _one_worker(small, parts, found, seconds, connections, is_quick=is_quick)
        if "workers" in parts and place.is_complete():
            _say("one worker and two, with PostgreSQL and Redis")
            with place.large(small) as large:
                # With a fifth of a core it takes longer until as many pages have come.
                found["workers"] = phases.compared(
                    large,
                    seconds=4 * seconds,
                    names=["overview", phases.CHANGE] if is_quick else ALL,
                )
    return found


def _one_worker(
    small: place.Place,
    parts: set[str],
    found: dict[str, Any],
    seconds: float,
    connections: tuple[int, ...],
    *,
    is_quick: bool,
) -> None:
    """What is measured of one running site: its memory tells of all that it served before."""
    with small.site() as site:
        site.start()
        assert site.process is not None
        processes.pin(site.process.pid, processes.OURS)
        small.without_delay()
        if "memory" in parts:
            _say("memory")
            steps = [1, 200] if is_quick else [1, 1000, 5000, 10_000]
            found["memory"] = phases.memory(small, site, steps=steps)
        if "weight" in parts and weight.program():
            _say("weight")
            found["weight"] = weight.visits(small)
        if "load" in parts:
            _say("load")
            found["load"] = phases.throughput(
                small, site, seconds=seconds, connections=connections, names=ALL
            )
            if "memory" in parts:
                found["memory"]["after all of it"] = phases.megabytes(site)


def _say(what: str) -> None:
    print(f"Measuring: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
