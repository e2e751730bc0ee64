"""What a run says at its end, for people and for programs."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.chaos.ledger import Verdict
from tests.chaos.records import Record, Said
from tests.chaos.truth import Evidence, grouped

SHOWN = 20  # lines of each kind
NUMBER = re.compile(r"\d+")  # of seconds, mostly


def figures(evidence: Evidence, verdict: Verdict, **about: Any) -> dict[str, Any]:
    """Everything that is told, as plain values."""
    record = evidence.record
    acts = record.acts
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **about,
        "journeys": record.journeys,
        "sign_ins": record.sign_ins,
        "pages_served": verdict.pages,
        "refusals_with_words": verdict.refusals,
        "changes_tried": sum(act.said is not Said.NOT_ASKED for act in acts),
        "changes_done": verdict.done,
        "changes_uncertain": sum(act.said is Said.UNCERTAIN for act in acts),
        "changes_in_logto": sum(write.is_change for write in evidence.writes),
        "audit_rows": len(evidence.events),
        "mails": len(evidence.mailed),
        "cut_off_by_a_kill": len(verdict.cut_off),
        "moments_too_slow": len(record.stalls),
        "done_by_kind": _by_kind(record),
        "refusals_by_words": _by_words(record),
        "zeros": {name: len(found) for name, found in verdict.zeros.items()},
        "findings": verdict.zeros,
        "faults": _faults(record),
        "held": verdict.is_clean,
    }


def table(told: dict[str, Any], verdict: Verdict) -> str:
    """The same for people, as Markdown."""
    rows = [
        ("journeys", told["journeys"]),
        ("sign-ins", told["sign_ins"]),
        ("pages served", told["pages_served"]),
        ("refusals with words", told["refusals_with_words"]),
        ("changes asked for", told["changes_tried"]),
        ("… told as done", told["changes_done"]),
        ("… left uncertain, and told so", told["changes_uncertain"]),
        ("changes that Logto made", told["changes_in_logto"]),
        ("audit rows", told["audit_rows"]),
        ("mails that came", told["mails"]),
        ("requests cut off by the kill of their process", told["cut_off_by_a_kill"]),
        ("moments in which the machine could not keep up", told["moments_too_slow"]),
        *((f"**{name}**", len(found)) for name, found in verdict.zeros.items()),
    ]
    done = ", ".join(f"{name} ({count})" for name, count in told["done_by_kind"].items())
    faults = [
        (name, row["came"], row["requests"], "–" if row["struck"] is None else row["struck"])
        for name, row in told["faults"].items()
    ]
    lines = [
        *_table(("what", "how many"), rows),
        "",
        f"Done: {done or 'nothing'}.",
        "",
        *_table(("refused with", "how often"), told["refusals_by_words"].items()),
        "",
        *_table(("fault", "came", "requests under way in it", "struck"), faults),
    ]
    for name, found in verdict.zeros.items():
        if found:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            lines += ["", f"{name}:", *(f"- {each}" for each in found[:SHOWN]), more]
    return "\n".join(lines)


def write(told: dict[str, Any], path: Path) -> None:
    """Keep it as JSON."""
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _by_kind(record: Record) -> dict[str, int]:
    """How many changes of each kind were told as done."""
    done = grouped((act.name, act) for act in record.acts if act.said is Said.DONE)
    return {name: len(acts) for name, acts in sorted(done.items())}


def _by_words(record: Record) -> dict[str, int]:
    """What people were told where they were refused something, the most frequent first."""
    words = Counter(
        f"{answer.status} {NUMBER.sub('…', answer.words)}"
        for answer in record.answers
        if answer.is_refusal
    )
    return dict(words.most_common())


def _faults(record: Record) -> dict[str, dict[str, int | None]]:
    """How often each came, how many requests it met, and what it struck where that is counted."""
    by_name = grouped((strike.name, strike) for strike in record.strikes)
    return {
        name: {
            "came": len(strikes),
            "requests": sum(record.met(strike) for strike in strikes),
            "struck": _sum(strike.struck for strike in strikes),
        }
        for name, strikes in sorted(by_name.items())
    }


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _table(heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[str]:
    lines = [heads, ("---",) * len(heads), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]
