"""What goes wrong, one thing after another, in an order that the seed decides.

A fault is a block: it begins, lasts, and is over. Seconds are those of a run of five minutes; a
shorter one has every fault too, each for a shorter while.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.disk import Disk
from tests.chaos.records import Outage, Record
from tests.stack.programs import Program
from tests.stack.stack import Stack

WHOLE = 300  # seconds of a run for which the times below are meant
CALM = 3.0  # seconds between two faults
ALL = "/(api|oidc)"  # what the tenant does for the site; its own pages for people go on


@dataclass(slots=True)
class Place:
    """What faults are done to. `scale` makes them shorter, and `dice` chooses among equals."""

    stack: Stack
    disk: Disk
    record: Record
    dice: random.Random
    scale: float = 1
    returning: list[threading.Thread] = field(default_factory=list)

    def last(self, seconds: float) -> None:
        """Let it be so for a while."""
        time.sleep(seconds * self.scale)


type Fault = Callable[[Place], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault, its name in the table, and how long it lasts."""

    name: str
    fault: Fault
    seconds: float


def strike(place: Place, planned: Planned) -> None:
    """Let it come and go."""
    place.record.strike(planned.name)
    with planned.fault(place):
        place.last(planned.seconds)


@contextmanager
def slow(place: Place) -> Iterator[None]:
    """Logto takes five seconds for each answer, which is as long as the site waits."""
    with _at_the_tenant(place, {"delay_ms": 5000}):
        yield


@contextmanager
def errors(place: Place) -> Iterator[None]:
    """One request in twenty fails, some of them after they took effect."""
    with _at_the_tenant(
        place,
        {"status": 500, "chance": 0.02},
        {"status": 503, "chance": 0.01},
        {"status": 502, "chance": 0.02, "after": True},
    ):
        yield


@contextmanager
def dropped(place: Place) -> Iterator[None]:
    """Connections break, before or after the request took effect."""
    with _at_the_tenant(
        place, {"drop": True, "chance": 0.1}, {"drop": True, "chance": 0.1, "after": True}
    ):
        yield


@contextmanager
def down(place: Place) -> Iterator[None]:
    """Logto answers nobody."""
    faults = place.stack.tenant.faults
    faults.everywhere(down=True)
    try:
        yield
    finally:
        faults.everywhere(down=False)


@contextmanager
def busy(place: Place) -> Iterator[None]:
    """Logto asks half of the time to be left alone for two seconds."""
    with _at_the_tenant(place, {"status": 429, "retry_after": 2, "chance": 0.5, "path": "/api/"}):
        yield


@contextmanager
def revoked(place: Place) -> Iterator[None]:
    """The token with which the site calls Logto is worth nothing any more."""
    place.stack.tenant.revoke_tokens()
    yield


@contextmanager
def rotated(place: Place) -> Iterator[None]:
    """Logto signs with another key, and goes on showing the old one."""
    place.stack.tenant.rotate_keys(keep_old=True)
    yield


@contextmanager
def replaced(place: Place) -> Iterator[None]:
    """Logto signs with another key, and all that the old one signed is worth nothing."""
    place.stack.tenant.rotate_keys(keep_old=False)
    yield


@contextmanager
def ahead(place: Place) -> Iterator[None]:
    """Logto's clock is two minutes ahead of the site's."""
    with _clock(place, 120):
        yield


@contextmanager
def behind(place: Place) -> Iterator[None]:
    """Logto's clock is two minutes behind the site's."""
    with _clock(place, -120):
        yield


@contextmanager
def database_restarted(place: Place) -> Iterator[None]:
    """All connections to the database end; it is back at once."""
    assert place.stack.database is not None
    place.stack.database.restart()
    yield


@contextmanager
def database_gone(place: Place) -> Iterator[None]:
    """The database is killed, and away for a while."""
    assert place.stack.database is not None
    place.stack.database.kill()
    try:
        yield
    finally:
        place.stack.database.start()


@contextmanager
def redis_restarted(place: Place) -> Iterator[None]:
    """Redis is back at once, and empty."""
    assert place.stack.redis is not None
    place.stack.redis.restart()
    yield


@contextmanager
def redis_gone(place: Place) -> Iterator[None]:
    """Redis is killed, away for a while, and then empty."""
    assert place.stack.redis is not None
    place.stack.redis.kill()
    try:
        yield
    finally:
        place.stack.redis.start()


@contextmanager
def redis_emptied(place: Place) -> Iterator[None]:
    """Redis forgets everything."""
    assert place.stack.redis is not None
    place.stack.redis.flush()
    yield


@contextmanager
def worker_killed(place: Place) -> Iterator[None]:
    """The worker dies in the middle of whatever it does."""
    place.stack.worker.kill()
    try:
        yield
    finally:
        place.stack.worker.start()


@contextmanager
def site_killed(place: Place) -> Iterator[None]:
    """One process of the site dies in the middle of whatever it does; the others go on.

    It comes back by itself, while the next things go wrong; only the next kill waits for that.
    """
    for thread in place.returning:
        thread.join()
    site = place.dice.choice(place.stack.sites)
    outage = Outage(site=site.log.stem, began=time.monotonic())
    place.record.outages.append(outage)
    site.kill()
    try:
        yield
    finally:
        site.begin()
        thread = threading.Thread(target=_back, args=(site, outage))
        place.returning.append(thread)
        thread.start()


def _back(site: Program, outage: Outage) -> None:
    """Note when it answers again."""
    site.wait()
    outage.ended = time.monotonic()


@contextmanager
def disk_full(place: Place) -> Iterator[None]:
    """There is no room for pictures."""
    with place.disk.full():
        yield


ROUND = (
    Planned("Logto slow, 5 s", slow, 15),
    Planned("Logto: 5 % errors", errors, 20),
    Planned("Logto: dropped connections", dropped, 12),
    Planned("Logto down", down, 60),
    Planned("Logto busy, 429", busy, 12),
    Planned("M2M tokens revoked", revoked, 4),
    Planned("keys rotated", rotated, 4),
    Planned("keys replaced", replaced, 4),
    Planned("Logto’s clock ahead", ahead, 8),
    Planned("Logto’s clock behind", behind, 8),
    Planned("database restarted", database_restarted, 4),
    Planned("database gone", database_gone, 6),
    Planned("Redis restarted, empty", redis_restarted, 4),
    Planned("Redis gone", redis_gone, 8),
    Planned("Redis emptied", redis_emptied, 4),
    Planned("worker killed", worker_killed, 5),
    Planned("site process killed", site_killed, 5),
    Planned("site process killed, again", site_killed, 5),
    Planned("disk full", disk_full, 10),
)


def schedule(seed: int) -> Iterator[Planned]:
    """Every fault once in each round, for ever; the same ones in the same order for a seed."""
    dice = random.Random(seed)  # noqa: S311 - dice
    while True:
        yield from dice.sample(ROUND, len(ROUND))


def scale_of(seconds: float) -> float:
    """How much shorter faults are in a run of so many seconds, so that all of them fit in."""
    return min(1.0, seconds / WHOLE)


@contextmanager
def _at_the_tenant(place: Place, *faults: dict[str, Any]) -> Iterator[None]:
    name = f"chaos-{place.dice.randrange(10**9)}"
    control = place.stack.tenant.faults
    for fault in faults:
        given = {"path": ALL, "seed": place.dice.randrange(10**9), **fault}
        control.add(name=name, **given)
    try:
        yield
    finally:
        control.remove(name)


@contextmanager
def _clock(place: Place, seconds: float) -> Iterator[None]:
    place.stack.tenant.set_clock(ahead=seconds)
    # The tokens that the site has tell nothing of it; a new one does.
    place.stack.tenant.revoke_tokens()
    try:
        yield
    finally:
        place.stack.tenant.set_clock(ahead=0)


def where(folder: Path) -> Path:
    """Where a site that keeps its files in this folder has the pictures."""
    return folder / "media"
