"""Whether Logto answers at all, and what stands between it and us if it does not."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from urllib3 import exceptions as network

from accountsite.logto import errors, transport


class Trouble(StrEnum):
    """Why there was no answer."""

    NAME = "name"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    SLOW = "slow"
    BROKEN = "broken"
    ANSWER = "answer"


# The first that fits: a name that is not found is a kind of connection that was not made.
CAUSES: tuple[tuple[type[Exception], Trouble], ...] = (
    (network.NameResolutionError, Trouble.NAME),
    (network.NewConnectionError, Trouble.REFUSED),
    (network.ConnectTimeoutError, Trouble.SLOW),
    (network.ReadTimeoutError, Trouble.SLOW),
    (network.SSLError, Trouble.CERTIFICATE),
    (network.HTTPError, Trouble.BROKEN),
    (OSError, Trouble.BROKEN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An answer of the health check. `ahead` is by how many seconds Logto's clock is before ours.

    None where the answer has no date. A date has whole seconds, and so has the difference an error
    of one.
    """

    milliseconds: float
    ahead: float | None


def is_up() -> bool:
    """Ask its health check, without any credentials."""
    try:
        look()
    except errors.LogtoError:
        return False
    return True


def look() -> Sighting:
    """Ask its health check, and look at the clock on the answer. Raises LogtoError."""
    began, asked_at = time.perf_counter(), time.time()
    answer = transport.send("GET", "/api/status")
    took = time.perf_counter() - began
    date = _date(answer.headers.get("date", ""))
    ahead = date.timestamp() - (asked_at + took / 2) if date else None
    return Sighting(milliseconds=took * 1000, ahead=ahead)


def trouble(error: Exception) -> Trouble:
    """What an Unavailable comes from, or an exception of urllib3 itself."""
    cause = error.__cause__ if isinstance(error, errors.LogtoError) else error
    if isinstance(cause, network.MaxRetryError) and cause.reason is not None:
        cause = cause.reason
    found = (trouble for kind, trouble in CAUSES if isinstance(cause, kind))
    return next(found, Trouble.ANSWER)


def _date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
