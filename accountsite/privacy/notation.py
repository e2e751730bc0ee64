"""Custom data as text: written to be read, and read without losing anything.

JSON parsers forgive what a person should be told of: of a name that stands twice in an object one
value gets lost, of a long number the last digits. Logto takes texts with NUL, or with half of a
surrogate pair, for its own failure (measured). All of that is refused, with its place in the text.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.appearance.isolation import isolated

MOST_BYTES = 100_000  # Logto takes a megabyte; what nobody can read is not edited here
DEEPEST = 20

# A text that does not end reaches to the end of all: else each quote in it would be a new attempt.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
NUMBER = re.compile(r"-?\d")
LONG = 20  # digits, which no number that is kept exactly has
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

# Characters that are not seen, or turn around what stands beside them. What joins letters and emoji
# (U+200C, U+200D) is part of words.
UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)

type Data = dict[str, Any]


class Unreadable(Exception):
    """The text can't be taken as it is. The message is a sentence for the person."""


class Token(NamedTuple):
    """A piece of JSON, and where it begins."""

    text: str
    at: int


def write(data: Mapping[str, Any]) -> str:
    """The data as a person reads and edits it, with nothing hidden in it."""
    return _seen(json.dumps(data, indent=2, ensure_ascii=False))


def line(value: Any) -> str:
    """One value in one line."""
    return _seen(json.dumps(value, ensure_ascii=False))


def name(text: str) -> str:
    """A name for a sentence, which it can't turn around or hide in."""
    return isolated(_seen(text))


def read(text: str) -> Data:
    """The object that this text is.

    Line ends can be those of any system. Raises Unreadable.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise Unreadable(_("This is too much: at most 100 KB can be kept here."))
    tokens = [Token(found[0], found.start()) for found in TOKEN.finditer(text)]
    _check_depth(text, tokens)
    data = _parsed(text, tokens)
    if not isinstance(data, dict):
        raise Unreadable(_("Begin with { and end with }: all of it has to be one object."))
    _check_names(text, tokens)
    _check_values(text, tokens)
    return data


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON. For JSON 1.0 is 1, but true is not."""
    return canonical(one) == canonical(other)


def canonical(value: Any) -> str:
    """One spelling for the same JSON."""
    return json.dumps(_whole(value), sort_keys=True)


def _seen(text: str) -> str:
    """The same JSON: outside of its texts there are no such characters."""
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _whole(value: Any) -> Any:
    match value:
        case dict():
            return {key: _whole(each) for key, each in value.items()}
        case list():
            return [_whole(each) for each in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _check_depth(text: str, tokens: list[Token]) -> None:
    """Before anything is parsed: a parser that calls itself would not come back."""
    depth = 0
    for token in tokens:
        depth += (token.text in "{[") - (token.text in "}]")
        if depth > DEEPEST:
            told = _("This is nested too deeply: at most %(most)d levels can be kept.")
            raise _at(text, token.at, told % {"most": DEEPEST})


def _parsed(text: str, tokens: list[Token]) -> Any:
    for token in tokens:
        if token.text in {"NaN", "Infinity", "-Infinity"}:  # JavaScript, but not JSON
            raise _at(text, token.at, str(PROBLEMS["Expecting value"]))
    try:
        return json.loads(text, parse_int=_number)
    except json.JSONDecodeError as error:
        raise _at(text, error.pos, str(PROBLEMS.get(error.msg, UNKNOWN))) from error


def _number(digits: str) -> int | float:
    """What Python takes for an attack, thousands of digits, as a number that is refused later."""
    return int(digits) if len(digits) <= LONG else float(digits)


def _check_names(text: str, tokens: list[Token]) -> None:
    """No name may stand twice in one object."""
    open_ones: list[set[str]] = []
    for token, following in _pairs(tokens):
        if token.text in "{[":
            open_ones.append(set())
        elif token.text in "}]":
            open_ones.pop()
        elif following == ":":
            key = json.loads(token.text)
            if key in open_ones[-1]:
                told = _("“%(name)s” stands twice in the same object.") % {"name": name(key)}
                raise _at(text, token.at, told)
            open_ones[-1].add(key)


def _check_values(text: str, tokens: list[Token]) -> None:
    for token in tokens:
        if token.text.startswith('"') and UNSTORABLE.search(json.loads(token.text)):
            raise _at(text, token.at, _("This text holds a character that can’t be kept."))
        if NUMBER.match(token.text) and not _is_kept(token.text):
            told = _("This number would lose digits. Put it in quotes to keep it as it is.")
            raise _at(text, token.at, told)


def _is_kept(number: str) -> bool:
    """Whether it survives as the floating-point number that Logto, as JavaScript, makes of it."""
    kept = float(number)
    try:
        return math.isfinite(kept) and Decimal(repr(kept)) == Decimal(number)
    except InvalidOperation:  # an exponent that is no longer one
        return False


def _pairs(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Each piece, and the text of the next."""
    following = [token.text for token in tokens[1:]]
    yield from zip(tokens, [*following, ""], strict=True)


def _at(text: str, position: int, told: str) -> Unreadable:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    words = {"line": line, "column": column, "problem": told}
    return Unreadable(_("Line %(line)d, column %(column)d: %(problem)s") % words)


UNKNOWN = gettext_lazy("This is not JSON.")
PROBLEMS = {
    "Expecting property name enclosed in double quotes": gettext_lazy(
        "A name in double quotes is needed here."
    ),
    "Illegal trailing comma before end of object": gettext_lazy(
        "This comma has nothing after it. Remove it."
    ),
    "Illegal trailing comma before end of array": gettext_lazy(
        "This comma has nothing after it. Remove it."
    ),
    "Expecting ':' delimiter": gettext_lazy("A colon is needed here, between name and value."),
    "Expecting ',' delimiter": gettext_lazy("A comma is needed here, or the end."),
    "Expecting value": gettext_lazy(
        "A value is needed here: text in double quotes, a number, true, false, null, {…} or […]."
    ),
    "Unterminated string starting at": gettext_lazy("This text has no closing double quote."),
    "Invalid control character at": gettext_lazy(
        "Inside of a text, write \\n for the end of a line and \\t for a tab."
    ),
    "Invalid \\escape": gettext_lazy("After this backslash comes nothing that JSON knows."),
    "Invalid \\uXXXX escape": gettext_lazy("After \\u come four hexadecimal digits."),
    "Extra data": gettext_lazy("There is something after the end. Remove it."),
}
"""What Python's parser complains about, for people. It changes some of it with its versions."""
