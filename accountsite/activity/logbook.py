"""Logto's log of one person, and what of it is worth telling.

Each key is a call of its own, since Logto finds exact keys alone; all are made at the same time.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accountsite import user_agents
from accountsite.activity import applications
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from accountsite.logto import client, logs, parallel
from accountsite.logto.logs import Key

# What our own trail tells of what the log tells, too.
TOLD = {
    Action.NEW_DEVICE.value: Key.SIGN_IN,
    Action.PASSWORD_RESET.value: Key.PASSWORD_RESET,
    Action.ACCOUNT_CREATED.value: Key.REGISTRATION,
}
BEGINNINGS = {Key.SIGN_IN, Key.REGISTRATION}
SKEW = timedelta(seconds=5)  # between two clocks, and since ID tokens know no milliseconds
OPENED_WITHIN = timedelta(minutes=2)  # from a sign-in to the app that it was for
AT_ONCE = 40  # more than a page, as some are not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Entries. At `horizon` and before it some may be missing; `newest` is when Logto's newest was.

    `is_partial` tells that Logto did not answer, and that there may be more at any time.
    """

    entries: tuple[logs.Entry, ...] = ()
    newest: datetime | None = None
    horizon: datetime | None = None
    is_partial: bool = False
    names: dict[str, str] = field(default_factory=dict)


def read(
    account_id: str,
    keys: Sequence[Key],
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    at_once: int = AT_ONCE,
) -> Found:
    """The newest entries with each of these keys, in one round trip, with the names of apps.

    Both times are included. Raises nothing.
    """
    if not keys or (after and before and after > before):
        return Found()
    names = applications.known()
    calls = [
        functools.partial(
            logs.search,
            account_id=account_id,
            key=key,
            after=after,
            before=before,
            page_size=at_once,
        )
        for key in keys
    ]
    outcomes = parallel.settle(*calls, *([] if names is not None else [applications.ask]))
    if names is None:
        names = _names(outcomes[-1])
    shelves = [found for found in outcomes[: len(keys)] if isinstance(found, client.Page)]
    entries = [entry for shelf in shelves for entry in shelf.items]
    # A full page may be all there is, but nobody can tell: Logto stops counting.
    ends = [shelf.items[-1].created_at for shelf in shelves if len(shelf.items) >= at_once]
    return Found(
        entries=tuple(_of(account_id, entries)),
        newest=max((entry.created_at for entry in entries), default=None),
        horizon=max(ends, default=None),
        is_partial=len(shelves) < len(keys),
        names=names,
    )


def untold(entries: Sequence[logs.Entry], events: Iterable[AuditEvent]) -> list[logs.Entry]:
    """The entries but those that one of our events or an entry before them tells of, too.

    What is told depends on what was within seconds or minutes alone, and so it is the same on
    whatever page it stands.
    """
    heard = [event for event in events if event.action in TOLD and event.outcome == Outcome.DONE]
    begun = [entry for entry in entries if entry.key in BEGINNINGS and entry.is_success]
    return [
        entry
        for entry in entries
        if not (entry.key in TOLD.values() and any(_tells(event, entry) for event in heard))
        and not (entry.key == Key.CODE_EXCHANGE and any(_opened(one, entry) for one in begun))
    ]


def _of(account_id: str, entries: Iterable[logs.Entry]) -> list[logs.Entry]:
    """Those about this very person, whatever Logto found, without the steps of a sign-in."""
    return [entry for entry in entries if entry.account_id == account_id and not entry.is_step]


def _names(answer: object) -> dict[str, str]:
    if isinstance(answer, dict):
        applications.keep(answer)
        return answer
    return {}


def _tells(event: AuditEvent, entry: logs.Entry) -> bool:
    """Whether our event is about this entry."""
    return (
        TOLD[event.action] == entry.key
        and entry.is_success
        and abs(event.started_at - entry.created_at) <= SKEW
        and (event.action != Action.NEW_DEVICE or _is_same_device(entry, event))
    )


def _is_same_device(entry: logs.Entry, event: AuditEvent) -> bool:
    device = user_agents.describe(entry.user_agent) if entry.user_agent else ""
    return (entry.ip or "", device) == (event.address or "", event.device)


def _opened(begun: logs.Entry, entry: logs.Entry) -> bool:
    """Whether this sign-in led to this access of an app."""
    return (
        entry.is_success
        and entry.application_id is not None
        and entry.application_id == begun.application_id
        and timedelta() <= entry.created_at - begun.created_at <= OPENED_WITHIN
    )
