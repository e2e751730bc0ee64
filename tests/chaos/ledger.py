"""Holds what people were told against what happened. Each list of a verdict should be empty."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.chaos import answers, mails
from tests.chaos.records import Act, Said
from tests.chaos.truth import Evidence, grouped, stands_for


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found, each as a line for people. `cut_off` alone is no fault of the site's."""

    unexplained: list[str]
    unaudited: list[str]
    untrue: list[str]
    signed_out: list[str]
    mails_lost: list[str]
    unmet: list[str]
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
            "faults that nobody met": self.unmet,
        }

    @property
    def is_clean(self) -> bool:
        return not any(self.zeros.values())


def judge(evidence: Evidence) -> Verdict:
    """Look at everything."""
    record = evidence.record
    unexplained, cut = answers.unexplained(evidence)
    return Verdict(
        unexplained=[answers.shown(answer) for answer in unexplained],
        unaudited=list(_unaudited(evidence)),
        untrue=[*_untrue(evidence), *record.denied],
        signed_out=[
            f"{each.person} at {each.path}, sent to {each.sent_to}" for each in record.signed_out
        ],
        mails_lost=list(mails.lost(evidence)),
        unmet=list(_unmet(evidence)),
        cut_off=[answers.shown(answer) for answer in cut],
        pages=sum(answer.is_page for answer in record.answers),
        refusals=sum(answer.is_refusal for answer in record.answers),
        done=sum(act.said is Said.DONE for act in record.acts),
    )


def _unaudited(evidence: Evidence) -> Iterator[str]:
    for write in evidence.writes:
        if not write.is_change:
            continue
        rows = evidence.events_of_request.get(write.request_id, []) if write.request_id else []
        if not any(stands_for(event, write) for event in rows):
            outcomes = ", ".join(f"{event.action} {event.outcome}" for event in rows)
            yield f"{write.line} of request {write.request_id or '-'}: {outcomes or 'no row'}"


def _untrue(evidence: Evidence) -> Iterator[str]:
    """Told as done, yet Logto saw no such change; or it saw it, and something else stands there."""
    for act in evidence.record.acts:
        is_there = evidence.found.get((act.account_id, act.fact)) == act.value
        if (
            act.said is Said.DONE
            and act.writes
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
        for write in evidence.writes_of(request_id)
    )


def _settled(acts: Iterable[Act]) -> Iterator[Act]:
    """The last change of each field, where that is certain.

    An earlier one whose answer was lost may reach Logto late, over a later one: then nobody knows.
    """
    by_field = grouped(((act.account_id, act.fact), act) for act in acts if act.fact)
    for tried in by_field.values():
        others = {act.value for act in tried if act.said is Said.UNCERTAIN}
        done = [act for act in tried if act.said is Said.DONE]
        if done and others <= {done[-1].value}:
            yield done[-1]


def _unmet(evidence: Evidence) -> Iterator[str]:
    """A fault that came while nobody was there for it shows nothing."""
    for strike in evidence.record.strikes:
        if not evidence.record.met(strike):
            yield f"{strike.name}: no request was under way in it"
        elif strike.struck == 0:
            yield f"{strike.name}: it struck nothing"
