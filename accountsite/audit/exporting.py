"""The trail as a file: read and written a piece at a time, however long it is.

Each piece is a query of its own that begins where the last one ended: an open cursor of an hour
would keep SQLite from tidying up, and PostgreSQL from vacuuming.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accountsite.audit import listing
from accountsite.audit.models import AuditEvent

AT_ONCE = 1000  # rows
COLUMNS = (
    "id",
    "started_at",
    "completed_at",
    "account_id",
    "actor_kind",
    "actor_id",
    "action",
    "outcome",
    "reason",
    "explanation",
    "address",
    "user_agent",
    "request_id",
    "changes",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet takes text for a formula
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel does not take a file for UTF-8

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its type, its ending, and how rows become its text, piece by piece."""

    content_type: str
    ending: str
    texts: Callable[[Iterable[list[Row]]], Iterator[str]]


def stream(events: QuerySet[AuditEvent], form: Format) -> Iterator[bytes]:
    """The file, in pieces of some hundred kilobytes."""
    for text in form.texts(_pieces(events)):
        yield text.encode("utf-8", "replace")


def _pieces(events: QuerySet[AuditEvent]) -> Iterator[list[Row]]:
    rest = listing.newest_first(events)
    while piece := list(rest.values(*COLUMNS)[:AT_ONCE]):
        yield piece
        last = listing.Key(piece[-1]["started_at"], piece[-1]["id"])
        rest = listing.older(events, last)


def _json_lines(pieces: Iterable[list[Row]]) -> Iterator[str]:
    for piece in pieces:
        yield "".join(json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in piece)


def _csv(pieces: Iterable[list[Row]]) -> Iterator[str]:
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + lines.taken()
    for piece in pieces:
        writer.writerows(map(_cells, piece))
        yield lines.taken()


class _Lines:
    """What a csv.writer writes to: it keeps the lines until they are taken."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def write(self, line: str) -> None:
        self._lines.append(line)

    def taken(self) -> str:
        text = "".join(self._lines)
        self._lines.clear()
        return text


def _plain(row: Row) -> Row:
    times = {name: row[name].isoformat() for name in ("started_at", "completed_at") if row[name]}
    return {**row, **times}


def _cells(row: Row) -> list[Any]:
    plain = _plain(row)
    plain["changes"] = json.dumps(plain["changes"], ensure_ascii=False) if plain["changes"] else ""
    return [_harmless(value) for value in plain.values()]


def _harmless(value: Any) -> Any:
    """Text that people wrote is text for a spreadsheet too."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", "csv", _csv),
    "jsonl": Format("application/x-ndjson; charset=utf-8", "jsonl", _json_lines),
}
