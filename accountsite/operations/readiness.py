"""Whether this process can do its work, part by part.

Anybody may ask, as often as they like: each part is looked at once a second at the most, by one
thread, and nobody waits longer than PATIENCE for all of them together.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accountsite import cache_health
from accountsite.logto import status
from accountsite.operations.looks import Look

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds; probes give up after one or a few
FRESH = 1.0  # seconds


class State(StrEnum):
    """How a part is. None of them says more than a stranger may know."""

    OK = "ok"
    BEHIND = "behind"  # migrations of this release are missing
    FAILING = "failing"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Report:
    """What a probe is told."""

    parts: dict[str, State]
    is_ready: bool


class Part:
    """One thing that the site needs."""

    def __init__(
        self,
        look: Callable[[], State],
        *,
        fresh: float = FRESH,
        is_needed: bool = True,
        is_final: bool = False,
    ) -> None:
        """`is_final` is for what stays well once it is."""
        self.name, self.is_needed = look.__name__, is_needed
        self._look = look
        self.seen = Look(
            self._looked,
            name=self.name,
            fresh=fresh,
            is_final=lambda state: is_final and state == State.OK,
        )

    def state(self, *, until: float) -> State:
        """How it is, as far as that is known by then (`time.monotonic`)."""
        try:
            return self.seen.result(until=until)
        except TimeoutError:
            return State.SLOW

    def _looked(self) -> State:
        try:
            return self._look()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
            logger.warning("not ready: %s: %s", self.name, type(error).__name__)
            return State.FAILING


def database() -> State:
    """Whether it answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return State.OK


def migrations() -> State:
    """Whether all of this release were made. Those of a newer one do no harm."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return State.BEHIND if plan else State.OK


def shared_cache() -> State:
    """Whether it keeps what it is given. Pages do without Redis: no probe need act on its absence."""
    if not cache_health.answers():
        return State.FAILING
    key = f"ready:{secrets.token_hex(8)}"
    cache.set(key, key, 10)
    kept = cache.get(key)
    cache.delete(key)
    return State.OK if kept == key else State.FAILING


def logto() -> State:
    """Whether it answers. Pages say so themselves where it does not, so no probe need act on it."""
    return State.OK if status.is_up() else State.FAILING


PARTS = {
    "database": Part(database),
    "migrations": Part(migrations, is_final=True),
    "cache": Part(shared_cache, is_needed=False),
    "logto": Part(logto, fresh=10.0, is_needed=False),
}
_asking = threading.Lock()
_last: tuple[float, Report] | None = None


def report() -> Report:
    """How it is, at most FRESH seconds old; older only while another caller finds out."""
    global _last  # noqa: PLW0603 - the one report of this process
    known = _last
    if known and time.monotonic() - known[0] < FRESH:
        return known[1]
    if not _asking.acquire(blocking=known is None) and known:
        return known[1]
    try:
        if _last is not known and _last is not None:
            return _last[1]  # who came first has found out meanwhile
        fresh = _ask()
        _last = (time.monotonic(), fresh)
        return fresh
    finally:
        _asking.release()


def forget() -> None:
    """Find out anew at the next call: for tests."""
    global _last  # noqa: PLW0603
    _last = None
    for part in PARTS.values():
        part.seen.forget()


def _ask() -> Report:
    until = time.monotonic() + PATIENCE
    for part in PARTS.values():
        part.seen.begin()
    states = {name: part.state(until=until) for name, part in PARTS.items()}
    is_ready = all(states[name] == State.OK for name, part in PARTS.items() if part.is_needed)
    return Report(parts=states, is_ready=is_ready)
