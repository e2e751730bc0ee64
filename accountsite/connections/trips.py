"""The way to a provider and back, and that its answer comes from where the person was sent.

Whoever gets somebody else's browser to bring an answer here would connect an account of their own
with that person's. So each trip has a random `state`, which is kept in the server-side session with
whom it is for, and is good once, for ten minutes, at the address of its provider alone (RFC 6749,
section 10.12; RFC 9700, section 4.7).
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.crypto import constant_time_compare

from accountsite.connections.endings import Ended, Ending
from accountsite.connections.offers import Way
from accountsite.limits import turns

KEY = "connection_trips"
LASTS = 600  # seconds
REMEMBERED = 600  # seconds that it is known for afterwards, to tell what happened to it
MOST = 12  # tabs
STATE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip, from the page that offers it to the answer, and to the question that may follow.

    `replaces` is the id at the provider of what the person agreed to replace, or empty; the two
    claims after it are those of the Offer. What comes after `ends_at` is known from the moment that they leave: the way, and for that of the Account
    API its record and the proof. `answer` waits for them to agree to a replacement.
    """

    state: str = field(repr=False)
    account_id: str
    key: str
    target: str
    connector_id: str
    provider: str
    replaces: str
    needs_own_access: bool
    gains_by_own_access: bool
    ends_at: float
    way: str = ""
    record: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)
    is_used: bool = False
    answer: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def has_left(self) -> bool:
        """Whether the person was sent to the provider."""
        return bool(self.way)


def begin(  # noqa: PLR0913 - what it is bound to
    session: Any,
    account_id: str,
    *,
    key: str,
    target: str,
    connector_id: str,
    provider: str,
    replaces: str,
    needs_own_access: bool,
    gains_by_own_access: bool,
) -> Trip:
    """Prepare a trip: the link of a page, which nobody else can know."""
    trip = Trip(
        state=secrets.token_urlsafe(STATE_BYTES),
        account_id=account_id,
        key=key,
        target=target,
        connector_id=connector_id,
        provider=provider,
        replaces=replaces,
        needs_own_access=needs_own_access,
        gains_by_own_access=gains_by_own_access,
        ends_at=time.time() + LASTS,
    )
    _keep(session, trip)
    return trip


def prepared(session: Any, state: str, *, account_id: str, key: str) -> Trip:
    """A trip that may be set out on, also once more. Raises Ended."""
    trip = _known(session, state)
    _check(trip, account_id=account_id, key=key)
    if trip.is_used:
        raise Ended(Ending.USED)
    return trip


def leave(session: Any, trip: Trip, *, way: Way, record: str, proof: str) -> None:
    """Note that the person is sent to the provider now."""
    ends_at = time.time() + LASTS
    _keep(session, replace(trip, way=way.value, record=record, proof=proof, ends_at=ends_at))


def take(session: Any, state: str, *, account_id: str, key: str) -> Trip:
    """The trip that this answer belongs to, once.

    Raises Ended for one that was never begun in this session, or by this person, or to this
    provider, that is over, or that was answered before, and be it at this very moment.
    """
    trip = _known(session, state)
    _keep(session, replace(trip, is_used=True))
    is_first = turns.is_first(f"connection:{trip.state}", seconds=LASTS)
    if trip.is_used or not is_first:
        raise Ended(Ending.USED, provider=trip.provider)
    _check(trip, account_id=account_id, key=key)
    if not trip.has_left:
        raise Ended(Ending.UNKNOWN)
    return trip


def wait(session: Any, trip: Trip, answer: Mapping[str, str]) -> None:
    """Keep the answer until the person has agreed to what it replaces."""
    _keep(session, replace(trip, is_used=True, answer=dict(answer)))


def waiting(session: Any, *, account_id: str, key: str) -> Trip | None:
    """The newest trip to this provider whose answer waits for the person."""
    trips = [trip for trip in _all(session) if trip.answer is not None and trip.key == key]
    alive = [trip for trip in trips if _objection(trip, account_id=account_id, key=key) is None]
    return alive[-1] if alive else None


def take_waiting(session: Any, *, account_id: str, key: str) -> Trip:
    """The same, to be used now: it does not wait any more. Raises Ended where none waits."""
    trip = waiting(session, account_id=account_id, key=key)
    if trip is None:
        raise Ended(Ending.EXPIRED)
    _keep(session, replace(trip, answer=None))
    if not turns.is_first(f"replacement:{trip.state}", seconds=LASTS):
        raise Ended(Ending.USED, provider=trip.provider)
    return trip


def _known(session: Any, state: str) -> Trip:
    found = [trip for trip in _all(session) if constant_time_compare(trip.state, state)]
    if not found:
        raise Ended(Ending.UNKNOWN)
    return found[0]


def _check(trip: Trip, *, account_id: str, key: str) -> None:
    ending = _objection(trip, account_id=account_id, key=key)
    if ending is not None:
        raise Ended(ending, provider=trip.provider)


def _objection(trip: Trip, *, account_id: str, key: str) -> Ending | None:
    if not constant_time_compare(trip.account_id, account_id):
        return Ending.OTHER_PERSON
    if not constant_time_compare(trip.key, key):
        return Ending.OTHER_PROVIDER
    return Ending.EXPIRED if time.time() >= trip.ends_at else None


def _all(session: Any) -> list[Trip]:
    return [Trip(**kept) for kept in session.get(KEY, [])]


def _keep(session: Any, trip: Trip) -> None:
    """Put it by, as the newest, and forget what is long over."""
    since = time.time() - REMEMBERED
    others = [each for each in _all(session) if each.state != trip.state and each.ends_at > since]
    session[KEY] = [asdict(each) for each in (*others, trip)[-MOST:]]
