"""What goes wrong, one thing after another, in an order that the seed decides.

Seconds are those of a run of five minutes; a shorter one has every fault too, each for a shorter
while, but none is over before somebody met it.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import journeys, logto_faults, own_faults
from tests.chaos.people import Person
from tests.chaos.place import Count, Fault, Place
from tests.chaos.records import Strike

WHOLE = 300  # seconds of a run for which the times below are meant
CALM = 3.0  # seconds between two faults
RESTARTS = 20.0  # seconds of a round, about, in which programs start again, or people are awaited
LEAST = 0.05
PATIENCE = 60.0  # seconds that a fault waits for somebody to meet it
GLANCE = 0.2  # seconds between two looks whether somebody did

NOTHING = "(?!)"
SIGN_IN = r"\d+ /sign-in/callback/$"
AWAY = rf"503 |{SIGN_IN}"
NEWS = r"POST /(privacy/custom-data|tokens/new|security/password)/ [23]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A fault, its name in the table, and how long it lasts.

    `meets` and `explains` are those of a Strike. `wish` is what half of the people do meanwhile, so
    that somebody meets it.
    """

    name: str
    fault: Fault
    seconds: float
    meets: str = ""
    explains: str = NOTHING
    wish: Callable[[Person], None] | None = None


def strike(place: Place, planned: Planned) -> None:
    """Let it come, be met, and go."""
    noted = Strike(
        name=planned.name,
        began=time.monotonic(),
        meets=planned.meets,
        explains=planned.explains,
    )
    place.record.strikes.append(noted)
    place.world.wish = planned.wish
    try:
        with planned.fault(place) as count:
            place.last(planned.seconds)
            _wait_until_met(place, noted, count)
            noted.struck = count() if count else None
    finally:
        place.world.wish = None
        noted.ended = time.monotonic()


def _wait_until_met(place: Place, noted: Strike, count: Count | None) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if place.record.met(noted) and (count is None or count()):
            return
        time.sleep(GLANCE)


ROUND = (
    Planned(name="Logto slow, 5 s", fault=logto_faults.slow, seconds=15, explains=AWAY),
    Planned(name="Logto: 5 % errors", fault=logto_faults.errors, seconds=20, explains=AWAY),
    Planned(
        name="Logto: dropped connections", fault=logto_faults.dropped, seconds=12, explains=AWAY
    ),
    Planned(name="Logto down", fault=logto_faults.down, seconds=60, explains=AWAY),
    Planned(name="Logto busy, 429", fault=logto_faults.busy, seconds=12, explains=AWAY),
    Planned(name="M2M tokens revoked", fault=logto_faults.revoked, seconds=4),
    Planned(
        name="keys rotated",
        fault=logto_faults.rotated,
        seconds=4,
        meets="GET /sign-in/callback/ ",
        wish=journeys.sign_in_elsewhere,
    ),
    Planned(
        name="keys replaced",
        fault=logto_faults.replaced,
        seconds=4,
        meets="GET /sign-in/callback/ ",
        explains=SIGN_IN,
        wish=journeys.sign_in_elsewhere,
    ),
    Planned(
        name="Logto’s clock ahead",
        fault=logto_faults.ahead,
        seconds=8,
        explains=SIGN_IN,
        wish=journeys.sign_in_elsewhere,
    ),
    Planned(
        name="Logto’s clock behind",
        fault=logto_faults.behind,
        seconds=8,
        explains=SIGN_IN,
        wish=journeys.sign_in_elsewhere,
    ),
    Planned(
        name="database restarted", fault=own_faults.database_restarted, seconds=4, explains=AWAY
    ),
    Planned(name="database gone", fault=own_faults.database_gone, seconds=6, explains=AWAY),
    Planned(name="Redis restarted, empty", fault=own_faults.redis_restarted, seconds=4),
    Planned(name="Redis gone", fault=own_faults.redis_gone, seconds=8),
    Planned(name="Redis emptied", fault=own_faults.redis_emptied, seconds=4),
    Planned(
        name="worker killed",
        fault=own_faults.worker_killed,
        seconds=5,
        meets=NEWS,
        wish=journeys.note,
    ),
    Planned(name="site process killed", fault=own_faults.site_killed, seconds=5, explains=SIGN_IN),
    Planned(
        name="site process killed, again", fault=own_faults.site_killed, seconds=5, explains=SIGN_IN
    ),
    Planned(
        name="a site’s clock ahead",
        fault=own_faults.site_clock_ahead,
        seconds=8,
        explains=SIGN_IN,
    ),
    Planned(
        name="disk full",
        fault=own_faults.disk_full,
        seconds=10,
        meets="POST /profile/avatar/ 422 There is no room",
        wish=journeys.choose_picture,
    ),
)


def schedule(seed: int) -> Iterator[Planned]:
    """Every fault once in each round, for ever; the same ones in the same order for a seed."""
    dice = random.Random(seed)  # noqa: S311 - dice
    while True:
        yield from dice.sample(ROUND, len(ROUND))


def scale_of(seconds: float) -> float:
    """How much shorter faults are in a run of so many seconds, so that all of them fit in."""
    return min(1.0, max(LEAST, (seconds - RESTARTS) / (WHOLE - RESTARTS)))


def where(folder: Path) -> Path:
    """Where a site that keeps its files in this folder has the pictures."""
    return folder / "media"
