"""What a run says at its end, for people and for programs."""

import json
import time
from pathlib import Path
from typing import Any

from tests.chaos.ledger import Evidence, Verdict
from tests.chaos.records import Said

SHOWN = 20  # lines of each kind


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
        "zeros": {name: len(found) for name, found in verdict.zeros.items()},
        "findings": verdict.zeros,
        "faults": dict(sorted(record.faults.items())),
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
        *((f"**{name}**", len(found)) for name, found in verdict.zeros.items()),
    ]
    lines = ["| what | how many |", "|---|---|", *(f"| {name} | {count} |" for name, count in rows)]
    faults = ", ".join(f"{name} ({count})" for name, count in told["faults"].items())
    lines += ["", f"Faults: {faults}."]
    for name, found in verdict.zeros.items():
        if found:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            lines += ["", f"{name}:", *(f"- {each}" for each in found[:SHOWN]), more]
    return "\n".join(lines)


def write(told: dict[str, Any], path: Path) -> None:
    """Keep it as JSON."""
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
