"""What can be wrong with what the site itself runs on."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.chaos.place import Place
from tests.chaos.records import Outage
from tests.stack.sites import Site

CLOCKS = 120  # seconds that they differ


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
    site, outage = _killed(place)
    try:
        yield
    finally:
        _bring_back(place, site, outage)


@contextmanager
def site_clock_ahead(place: Place) -> Iterator[None]:
    """One process of the site dies, and comes back by a clock that is two minutes ahead of all others."""
    site, outage = _killed(place)
    python, *program = right = site.command
    site.command = [python, "-m", "tests.chaos.skewed", str(CLOCKS), *program]
    _bring_back(place, site, outage).join()
    try:
        yield
    finally:
        site.command = right
        site, outage = _killed(place, site)
        _bring_back(place, site, outage)


def _killed(place: Place, site: Site | None = None) -> tuple[Site, Outage]:
    """This one, or any, and since when it is away."""
    for thread in place.returning:
        thread.join()
    site = site or place.dice.choice(place.stack.sites)
    outage = Outage(site=site.log.stem, began=time.monotonic())
    place.record.outages.append(outage)
    site.kill()
    while _listens(site.port):
        time.sleep(0.01)
    outage.dead = time.monotonic()
    return site, outage


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _bring_back(place: Place, site: Site, outage: Outage) -> threading.Thread:
    """Start it as whatever looks after containers does: again, where it ends.

    It ends by itself where it starts while the database is away.
    """

    def back() -> None:
        while not (site.is_ready() or place.is_left.is_set()):
            if not site.is_running:
                site.begin()
            time.sleep(0.1)
        outage.ended = time.monotonic()

    thread = threading.Thread(target=back, daemon=True)
    place.returning.append(thread)
    thread.start()
    return thread


@contextmanager
def disk_full(place: Place) -> Iterator[None]:
    """There is no room for pictures."""
    with place.disk.full():
        yield
