"""Holds what people were told against what happened. Each list of a verdict should be empty."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.chaos.records import (
    BY_THE_PROXY,
    CLIENT_ERROR,
    NONE,
    READING,
    Act,
    Answer,
    Event,
    Notice,
    Outage,
    Record,
    Said,
)

OURS = "accountsite"  # the User-Agent of the site's calls
# What the site sends to Logto that changes nothing about an account. All else that took effect is
# a change, also what nobody thought of here.
NO_CHANGE = re.compile(
    r"POST /api/(verification-codes(/verify)?|users/[^/]+/password/verify"
    r"|sign-in-exp/default/check-password|connectors/[^/]+/authorization-uri"
    r"|verifications/.*|user-assets|one-time-tokens(/verify)?|sentinel-activities/delete)$"
)
ACCOUNT = re.compile(r"/api/users/([^/]+)")
# A row that may stand for a change that took effect. `refused` may not: it would deny it.
STANDS = frozenset({"done", "started", "unknown"})
# Whose owner gets a mail.
TOLD_BY_MAIL = frozenset(
    {
        "account.restored",
        "account.suspended",
        "app.revoked",
        "apps.revoked",
        "authenticator.added",
        "authenticator.removed",
        "authenticator.replaced",
        "custom_data.changed",
        "email.changed",
        "email.removed",
        "password.changed",
        "password.set",
        "session.ended",
        "sessions.ended",
        "token.created",
        "token.removed",
        "token.renamed",
        "two_step.turned_off",
        "two_step.turned_on",
        "username.changed",
        "username.removed",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request that took effect at the tenant."""

    method: str
    path: str
    request_id: str
    user_agent: str = OURS

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Write":
        """A row of the demo tenant's list."""
        return cls(**{name: row[name] for name in ("method", "path", "request_id", "user_agent")})

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_change(self) -> bool:
        """Whether the site changed something about somebody by it."""
        return self.user_agent == OURS and not NO_CHANGE.match(self.line)

    @property
    def account_id(self) -> str:
        """Whose account the path names; empty where it names none."""
        found = ACCOUNT.match(self.path)
        return found[1] if found else ""


@dataclass(kw_only=True)
class Evidence:
    """All that is known at the end.

    `mailed` holds the ids of the notices that arrived. `found` is what the tenant says of a field of
    an account, for those that people changed.
    """

    record: Record
    writes: list[Write]
    events: list[Event]
    notices: list[Notice]
    mailed: set[int]
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    sites: int = 2

    @cached_property
    def events_of_request(self) -> dict[str, list[Event]]:
        return _grouped((event.request_id, event) for event in self.events)

    @cached_property
    def events_of_account(self) -> dict[str, list[Event]]:
        return _grouped((event.account_id, event) for event in self.events)

    @cached_property
    def writes_of_request(self) -> dict[str, list[Write]]:
        return _grouped((write.request_id, write) for write in self.writes)

    @cached_property
    def notices_of_event(self) -> dict[int, list[Notice]]:
        return _grouped((notice.event_id, notice) for notice in self.notices)


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found, each as a line for people. `cut_off` alone is no fault of the site's."""

    unexplained: list[str]
    unaudited: list[str]
    untrue: list[str]
    signed_out: list[str]
    mails_lost: list[str]
    cut_off: list[str]
    pages: int
    refusals: int
    done: int

    @property
    def zeros(self) -> dict[str, list[str]]:
        """What must be empty, by its name in the table."""
        return {
            "unexplained errors": self.unexplained,
            "changes in Logto without an audit row": self.unaudited,
            "changes told as done that Logto does not have": self.untrue,
            "people signed out without cause": self.signed_out,
            "mails lost": self.mails_lost,
        }

    @property
    def is_clean(self) -> bool:
        return not any(self.zeros.values())


def judge(evidence: Evidence) -> Verdict:
    """Look at everything."""
    answers = evidence.record.answers
    wrong = [answer for answer in answers if not answer.is_page and not answer.is_refusal]
    cut = [
        answer for answer in wrong if is_cut_off(answer, evidence.record.outages, evidence.sites)
    ]
    return Verdict(
        unexplained=[_shown(answer) for answer in wrong if answer not in cut],
        unaudited=list(_unaudited(evidence)),
        untrue=list(_untrue(evidence)),
        signed_out=[
            f"{each.person} at {each.path}, sent to {each.sent_to}"
            for each in evidence.record.signed_out
        ],
        mails_lost=list(_lost(evidence)),
        cut_off=[_shown(answer) for answer in cut],
        pages=sum(answer.is_page for answer in answers),
        refusals=sum(answer.is_refusal for answer in answers),
        done=sum(act.said is Said.DONE for act in evidence.record.acts),
    )


def is_cut_off(answer: Answer, outages: Iterable[Outage], sites: int) -> bool:
    """Whether the proxy had nobody to give this answer: a process was killed over it.

    A change is given to one process only, so killing that is enough, if it happened meanwhile: sent
    again, it could be made twice. What only reads can be asked of another, so all must be gone;
    unless half of the answer had been sent on, which nobody can take back.
    """
    if answer.status not in {NONE, *BY_THE_PROXY}:
        return False
    gone = [
        outage
        for outage in outages
        if outage.began <= answer.ended and outage.ended >= answer.began
    ]
    if answer.method in READING and answer.status != NONE:
        return len({outage.site for outage in gone}) >= sites
    return any(answer.began <= outage.began <= answer.ended for outage in gone)


def _unaudited(evidence: Evidence) -> Iterable[str]:
    for write in evidence.writes:
        if not write.is_change:
            continue
        rows = evidence.events_of_request.get(write.request_id, []) if write.request_id else []
        if not any(_stands_for(event, write) for event in rows):
            outcomes = ", ".join(f"{event.action} {event.outcome}" for event in rows)
            yield f"{write.line} of request {write.request_id or '-'}: {outcomes or 'no row'}"


def _stands_for(event: Event, write: Write) -> bool:
    return event.outcome in STANDS and write.account_id in {"", event.account_id}


def _untrue(evidence: Evidence) -> Iterable[str]:
    """Told as done, yet Logto saw no such change; or it saw it, and something else stands there."""
    for act in evidence.record.acts:
        is_there = evidence.found.get((act.account_id, act.fact)) == act.value
        if (
            act.said is Said.DONE
            and not _was_written(evidence, act)
            and not (act.fact and is_there)
        ):
            yield f"{act.name} of {act.person}: Logto was not asked for it"
    for act in _settled(evidence.record.acts):
        there = evidence.found.get((act.account_id, act.fact))
        if there is not None and there != act.value:
            yield f"{act.name} of {act.person}: {act.value!r} was told, and {there!r} is there"


def _was_written(evidence: Evidence, act: Act) -> bool:
    """By a request of this act, or of an earlier try of the same whose answer was lost.

    A page that is asked once more may find that it was done, and say so.
    """
    tries = [act]
    for earlier in evidence.record.acts:
        if earlier is act:
            break
        if (earlier.account_id, earlier.name, earlier.said) == (
            act.account_id,
            act.name,
            Said.UNCERTAIN,
        ):
            tries.append(earlier)
    return any(
        re.match(act.writes, write.line)
        for tried in tries
        for request_id in tried.request_ids
        for write in evidence.writes_of_request.get(request_id, ())
    )


def _settled(acts: Iterable[Act]) -> Iterable[Act]:
    """The last change of each field, where that is certain.

    An earlier one whose answer was lost may reach Logto late, over a later one: then nobody knows.
    """
    by_field: dict[tuple[str, str], list[Act]] = _grouped(
        ((act.account_id, act.fact), act) for act in acts if act.fact
    )
    for tried in by_field.values():
        others = {act.value for act in tried if act.said is Said.UNCERTAIN}
        done = [act for act in tried if act.said is Said.DONE]
        if done and others <= {done[-1].value}:
            yield done[-1]


def _lost(evidence: Evidence) -> Iterable[str]:
    """Changes that took effect, whatever the person was told, of which no mail came."""
    for event in evidence.events:
        if not event.is_ours or event.action not in TOLD_BY_MAIL:
            continue
        if not _took_effect(evidence, event):
            continue
        notices = evidence.notices_of_event.get(event.id, [])
        missing = [notice for notice in notices if notice.id not in evidence.mailed]
        if missing or not (notices or _told_otherwise(evidence, event)):
            states = ", ".join(notice.state for notice in missing) or "none was queued"
            yield f"{event.action} {event.outcome}, event {event.id} of {event.account_id}: {states}"


def _told_otherwise(evidence: Evidence, event: Event) -> bool:
    """By the mail about another part of the same request, or about the same thing tried again."""
    return any(
        notice.id in evidence.mailed
        for other in evidence.events_of_account.get(event.account_id, ())
        if (other.request_id and other.request_id == event.request_id)
        or (event.outcome != "done" and other.action == event.action and other.id > event.id)
        for notice in evidence.notices_of_event.get(other.id, ())
    )


def _took_effect(evidence: Evidence, event: Event) -> bool:
    if event.outcome == "done":
        return True
    writes = evidence.writes_of_request.get(event.request_id, ()) if event.request_id else ()
    return any(write.is_change and _stands_for(event, write) for write in writes)


def _shown(answer: Answer) -> str:
    took = answer.ended - answer.began
    kind = f"{answer.status}" if answer.status >= CLIENT_ERROR else "no answer"
    reference = f", request {answer.request_id}" if answer.request_id else ""
    return f"{answer.method} {answer.path}: {kind} after {took:.1f} s to {answer.person}{reference}"


def _grouped[K, V](pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    grouped: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped
