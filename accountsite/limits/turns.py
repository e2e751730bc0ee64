"""Doing a thing alone: one process at a time, or one time only.

What the limits are counted in, the database, tells all processes of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accountsite.limits import storage
from accountsite.refusals import Refusal

LONGEST = 60  # seconds; more than the calls to Logto of one change can take


class Busy(Refusal):
    """Somebody else is at it."""

    def __init__(self) -> None:
        super().__init__(
            _("Another page or device is changing this at the moment. Try again in a moment.")
        )


def is_first(what: str, *, seconds: int) -> bool:
    """Whether nobody asked the same within so many seconds. Of many at once, one is the first.

    Raises RuntimeError inside of a database transaction.
    """
    return storage.current().incr(_key(what), seconds) == 1


@contextmanager
def alone(what: str, *, seconds: int = LONGEST) -> Iterator[None]:
    """Keep everybody else from the same thing during the block. Raises Busy where somebody is at it.

    The turn of a process that died ends after `seconds`; that of one that is too slow does as well.
    """
    began = time.time()
    if not is_first(what, seconds=seconds):
        raise Busy
    try:
        yield
    finally:
        if time.time() - began < seconds:  # later on, the turn may be another's
            storage.current().clear(_key(what))


def _key(what: str) -> str:
    """Like the counters of attempts, it tells nobody whose it is."""
    return f"turn:{salted_hmac('accountsite.turns', what, algorithm='sha256').hexdigest()}"
