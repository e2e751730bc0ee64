"""Dates as the tenant spells them.

Logto keeps a date as text, in the pattern of its field: `yyyy-MM-dd`, `MM/dd/yyyy`,
`dd/MM/yyyy`, or one of the admin's own, all in the tokens of date-fns (Unicode TR 35). Years,
months and days are understood here, which is every date; a pattern with something else in it
(hours, weeks) is not, and its field stays a field for text.
"""

import re
from datetime import date
from functools import lru_cache

ISO = "yyyy-MM-dd"

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""As date-fns writes them: a stored value is English, whoever reads it."""

TOKENS = re.compile(r"''|'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'")
READERS = {
    "yyyy": r"(?P<year>\d{4})",
    "y": r"(?P<year>\d{1,4})",
    "MMMM": f"(?P<month_name>{'|'.join(MONTHS)})",
    "MMM": f"(?P<month_name>{'|'.join(month[:3] for month in MONTHS)})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
}


def is_understood(pattern: str) -> bool:
    """Whether `read` and `write` can work with the pattern: it has a year, a month and a day."""
    return _reader(pattern) is not None


def read(text: str, pattern: str) -> date | None:
    """The date that the text spells in this pattern, None if it does not."""
    reader = _reader(pattern)
    found = reader.fullmatch(text) if reader else None
    if not found:
        return None
    parts = found.groupdict()
    named = parts.get("month_name")
    month = [name[: len(named)] for name in MONTHS].index(named) + 1 if named else parts["month"]
    try:
        value = date(int(parts["year"]), int(month), int(parts["day"]))
    except ValueError:
        return None
    return value if write(value, pattern) == text else None


def write(value: date, pattern: str) -> str:
    """The date spelled in an understood pattern."""
    month = MONTHS[value.month - 1]
    spelled = {
        "yyyy": f"{value.year:04}",
        "y": str(value.year),
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{value.month:02}",
        "M": str(value.month),
        "dd": f"{value.day:02}",
        "d": str(value.day),
    }
    return "".join(spelled.get(token) or _literal(token) for token in _tokens(pattern))


@lru_cache(maxsize=64)
def _reader(pattern: str) -> re.Pattern[str] | None:
    expression = ""
    for token in _tokens(pattern):
        if token[0].isascii() and token[0].isalpha():
            if token not in READERS:
                return None
            expression += READERS[token]
        else:
            expression += re.escape(_literal(token))
    try:
        compiled = re.compile(expression, re.ASCII)
    except re.error:  # a part stands twice
        return None
    names = compiled.groupindex.keys()
    has_month = len(names & {"month", "month_name"}) == 1
    return compiled if has_month and {"year", "day"} <= names else None


def _tokens(pattern: str) -> list[str]:
    return [found.group() for found in TOKENS.finditer(pattern)]


def _literal(token: str) -> str:
    """What a token that is no part of the date stands for: quotes are the pattern's escape."""
    if len(token) > 1 and token[0] == token[-1] == "'":
        return token[1:-1].replace("''", "'") or "'"
    return token
