"""Ending many things at the tenant at once, and knowing how many did not end."""

from collections.abc import Callable, Iterable

from accountsite.logto import errors, parallel

TRIES = 2

type Ending = Callable[[], None]


def end(endings: Iterable[Ending]) -> int:
    """End all of them at the same time; what fails is tried once more. Tells how many are left."""
    left = list(endings)
    for _attempt in range(TRIES):
        left = _still_there(left)
    return len(left)


def check(left: int) -> None:
    """Raise Unavailable if any is left: for the audit trail it is uncertain then how it ended."""
    if left:
        raise errors.Unavailable(f"{left} sessions or grants may go on")


def _still_there(endings: list[Ending]) -> list[Ending]:
    """Those of these that fail, all done at once."""
    outcomes = parallel.settle(*endings)
    return [
        ending
        for ending, outcome in zip(endings, outcomes, strict=True)
        if isinstance(outcome, errors.LogtoError)
    ]
