"""Which answers nobody should have got, and which were only cut off."""

from collections.abc import Iterable

from tests.chaos.records import BY_THE_PROXY, CLIENT_ERROR, NONE, READING, Answer, Outage
from tests.chaos.truth import Evidence

AWAY = 503
CALLBACK = "/sign-in/callback/"
HEARD = 0.2  # seconds until the proxy has heard that a connection which it kept is none any more


def unexplained(evidence: Evidence) -> tuple[list[Answer], list[Answer]]:
    """Those without a reason, and those that the kill of a process cut off.

    That something is away is a reason only while something is: the words alone are none.
    """
    record = evidence.record
    wrong = [answer for answer in record.answers if not answer.is_page and not answer.is_refusal]
    cut = [answer for answer in wrong if is_cut_off(answer, record.outages, evidence.sites)]
    vain = [
        answer
        for answer in record.answers
        if answer.is_refusal and blames_others(answer) and not _has_reason(evidence, answer)
    ]
    return [answer for answer in wrong if answer not in cut] + vain, cut


def blames_others(answer: Answer) -> bool:
    """Whether it says that something else than the person's own doing is in the way."""
    return answer.status == AWAY or (answer.path == CALLBACK and answer.status >= CLIENT_ERROR)


def is_cut_off(answer: Answer, outages: Iterable[Outage], sites: int) -> bool:
    """Whether the proxy had nobody to give this answer: a process was killed over it.

    A change is given to one process only, so killing that is enough, if it was dying meanwhile: sent
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
    return any(answer.began <= max(outage.began, outage.dead) + HEARD for outage in gone)


def shown(answer: Answer) -> str:
    """A line about it."""
    took = answer.ended - answer.began
    kind = f"{answer.status}" if answer.status >= CLIENT_ERROR else "no answer"
    reference = f", request {answer.request_id}" if answer.request_id else ""
    words = f": {answer.words}" if answer.words else ""
    return (
        f"{answer.method} {answer.path}: {kind} after {took:.1f} s to {answer.person}"
        f"{reference}{words}"
    )


def _has_reason(evidence: Evidence, answer: Answer) -> bool:
    reasons = [*evidence.record.strikes, *evidence.record.stalls]
    return any(reason.explains_answer(answer, grace=evidence.grace) for reason in reasons)
