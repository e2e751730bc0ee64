"""What happens, told where it happens, to whoever counts it: metrics, logs, traces.

    measurements.tell(measurements.LimitHit(kind=kind))

A measurement holds words of closed sets, numbers and durations, never an id, an address or what
somebody typed: it may be kept anywhere. Nobody has to listen, and what goes wrong with listeners
does not reach who told. `accountsite.operations` has the listeners.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A request that was answered. `route` is the name of its URL, or one of NO_ROUTE."""

    route: str
    method: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LogtoCall:
    """A call of Logto. `endpoint` is its path with `{}` for each id; `outcome` one of OUTCOMES."""

    method: str
    endpoint: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LogtoRetry:
    """A call that was sent once more, and why: one of REASONS."""

    method: str
    endpoint: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in that was begun, or how one ended: one of SIGN_INS."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded:
    """So many sessions of this site ended. `reason` is an EndReason."""

    reason: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A service said no. `kind` is the section and the class of the refusal."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitHit:
    """An attempt too many. `kind` is one of the kinds of limits."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of an account, as the audit trail has it: its action and its outcome."""

    action: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that was `queued`, `sent`, `delayed` until the next attempt, or `failed` for good."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A delivery of Logto's: its event, or `other`, and what came of it, one of WEBHOOKS."""

    event: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work that left a request: `queued`, `done` or `failed`. `seconds` is how long it ran."""

    name: str
    outcome: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A scheduled job that ran: `done` or `failed`."""

    name: str
    outcome: str
    seconds: float


NO_ROUTE = ("static", "unknown")
OUTCOMES = ("ok", "refused", "absent", "unauthorized", "limited", "unavailable")
REASONS = ("connection", "status", "token")
SIGN_INS = (
    *("begun", "done", "unavailable", "ended"),
    *("denied", "state", "issuer", "provider", "code", "token", "person", "stale"),
)
MAILS = ("queued", "sent", "delayed", "failed")
WEBHOOKS = (
    *("kept", "repeated", "unsigned", "malformed", "too_large", "fetched"),
    *("done", "delayed", "failed"),
)
OTHER = "other"

type Listener = Callable[[Any], None]

_listeners: dict[type, list[Listener]] = {}


def listen(kind: type, listener: Listener) -> None:
    """Have this function called with each measurement of that class, in the thread that tells."""
    _listeners.setdefault(kind, []).append(listener)


def forget(kind: type, listener: Listener) -> None:
    """Call it no more."""
    _listeners[kind].remove(listener)


def tell(measurement: object) -> None:
    """Pass it on. Nothing is raised."""
    for listener in _listeners.get(type(measurement), ()):
        try:
            listener(measurement)
        except Exception:
            logger.exception("a measurement was lost: %s", type(measurement).__name__)
