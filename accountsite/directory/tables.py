"""CSV files: those that admins bring, and those that they take along."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accountsite.directory.cases import Unable

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
LONGEST_CELL = 1_000
DELIMITERS = ",;\t"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes the file for another encoding

# What a spreadsheet takes for a formula when it stands first, in either width.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
NAMES = {
    "email": {"email", "e-mail", "mail", "primaryemail", "이메일", "이메일 주소"},
    "phone": {"phone", "phone number", "primaryphone", "전화번호", "전화"},
    "username": {"username", "user name", "사용자 이름", "아이디"},
    "name": {"name", "full name", "이름"},
    "id": {"id", "account", "account id", "user id", "계정"},
}
"""What a column may be called, by what it holds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file, by its number there (the heading is 1), with the columns that we know."""

    number: int
    values: dict[str, str]


def read(content: bytes, wanted: Sequence[str]) -> list[Line]:
    """The rows of a file that are not empty. Raises Unable with what is wrong with the file."""
    if len(content) > MOST_BYTES:
        raise Unable(_("The file is too large: send at most 1 MB."))
    text = _decoded(content)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise Unable(_("This is no CSV file.")) from error
    columns = _columns(rows[0] if rows else [], wanted)
    lines = [
        Line(number, {name: _cell(row, place) for name, place in columns.items()})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not lines:
        raise Unable(_("There is no row below the heading."))
    if len(lines) > MOST_ROWS:
        raise Unable(_("There are too many rows: send at most %(count)d.") % {"count": MOST_ROWS})
    return lines


def written(heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A file, line by line, in which no cell is a formula."""
    yield BYTE_ORDER_MARK + _line(heading)
    for row in rows:
        yield _line(row)


def harmless(value: Any) -> str:
    """A cell that no spreadsheet calculates: what looks like a formula begins with an apostrophe."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unable(_("Save the file as CSV in UTF-8, and send it again.")) from error
    if "\0" in text:
        raise Unable(_("This is no CSV file."))
    return text


def _delimiter(text: str) -> str:
    """That which the heading has most of."""
    heading = text.partition("\n")[0]
    return max(DELIMITERS, key=heading.count)


def _columns(heading: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(heading):
        for name in wanted:
            if title.strip().lower() in NAMES[name]:
                found.setdefault(name, place)
    if not found:
        raise Unable(
            _("The first row has to name the columns: %(names)s.") % {"names": ", ".join(wanted)}
        )
    return found


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip()[:LONGEST_CELL] if place < len(row) else ""
