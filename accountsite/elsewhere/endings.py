"""Ending many things at the tenant at once, and knowing how many did not end.

There can be hundreds: each browser ever used, each grant of a program that comes every hour. While
Logto is slow they would take minutes, for which no browser waits.
"""

import time
from collections.abc import Callable, Iterable
from itertools import batched

from accountsite.logto import errors, parallel

TRIES = 2
AT_ONCE = 16  # calls, so that one person's wish is not all that Logto hears
PATIENCE = 15.0  # seconds after which no others are begun

type Ending = Callable[[], None]


def end(endings: Iterable[Ending], *, patience: float = PATIENCE) -> int:
    """End all of them, many at the same time; what fails is tried once more.

    Tells how many are left, among them those that were not begun within `patience`, in seconds.
    """
    give_up = time.monotonic() + patience
    left = list(endings)
    for _attempt in range(TRIES):
        left = [ending for some in batched(left, AT_ONCE) for ending in _still_there(some, give_up)]
    return len(left)


def check(left: int) -> None:
    """Raise Unavailable if any is left: for the audit trail it is uncertain then how it ended."""
    if left:
        raise errors.Unavailable(f"{left} sessions or grants may go on")


def _still_there(endings: tuple[Ending, ...], give_up: float) -> list[Ending]:
    """Those of these that fail, all done at once, or all where it is too late for them."""
    if time.monotonic() > give_up:
        return list(endings)
    outcomes = parallel.settle(*endings)
    return [
        ending
        for ending, outcome in zip(endings, outcomes, strict=True)
        if isinstance(outcome, errors.LogtoError)
    ]
