"""Checks of request bodies, which answer as Logto's request guard does.

A check is a function of a value and its path that gives the value back, cleaned, or raises
`Invalid` with every issue found:

    NEW_TOKEN = guard.obj({"name": guard.text(minimum=1, maximum=256),
                           "expiresAt": guard.optional(guard.nullable(guard.number()))})
    body = call.body(NEW_TOKEN)

Keys that are not named are dropped, as Logto drops them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from accountsite.demo.api import errors

type Path = tuple[str | int, ...]
type Issue = dict[str, Any]
type Check = Callable[[Any, Path], Any]


class _Missing:
    """The value of a key that was not sent."""


MISSING: Final = _Missing()

_TYPE_NAMES: dict[type, str] = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "number",
    list: "array",
    str: "string",
    type(None): "null",
    _Missing: "undefined",
}


class Invalid(Exception):
    """What is wrong with a value: one issue or more, each with its path."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(issues)
        self.issues = issues

    def refusal(self) -> errors.Refused:
        """400 `guard.invalid_input`, which names the paths."""
        places = ", ".join(".".join(map(str, issue["path"])) or "the body" for issue in self.issues)
        data = {"issues": list(self.issues), "name": "ZodError"}
        message = "The call does not take this."
        details = f"Look at: {places}."
        return errors.Refused(400, "guard.invalid_input", message, data=data, details=details)


def issue(code: str, path: Path, message: str, **more: Any) -> Issue:
    return {"code": code, **more, "path": list(path), "message": message}


def wrong_type(expected: str, value: Any, path: Path) -> Invalid:
    received = _TYPE_NAMES[type(value)]
    message = "Needed." if value is MISSING else f"A value of type {expected} belongs here."
    return Invalid(issue("invalid_type", path, message, expected=expected, received=received))


def text(
    *,
    minimum: int = 0,
    maximum: int | None = None,
    pattern: str | None = None,
    kind: str = "regex",
) -> Check:
    """A string; lengths are in UTF-16 units, as JavaScript counts. `kind` is what a pattern checks."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            raise wrong_type("string", value, path)
        length = utf16_length(value)
        if length < minimum:
            raise Invalid(issue("too_small", path, "Too short.", minimum=minimum, type="string"))
        if maximum is not None and length > maximum:
            raise Invalid(issue("too_big", path, "Too long.", maximum=maximum, type="string"))
        if compiled is not None and not compiled.fullmatch(value):
            message = "Not of the form that is wanted."
            raise Invalid(issue("invalid_string", path, message, validation=kind))
        return value

    return check


def url() -> Check:
    """An absolute URL of any scheme, `javascript:` too, as JavaScript's `new URL()` takes it."""
    return text(pattern=r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", kind="url")


def number() -> Check:
    """A JSON number."""

    def check(value: Any, path: Path) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type("number", value, path)
        return value

    return check


def boolean() -> Check:
    """A JSON boolean."""

    def check(value: Any, path: Path) -> Any:
        if not isinstance(value, bool):
            raise wrong_type("boolean", value, path)
        return value

    return check


def one_of(*values: str, code: str = "invalid_enum_value") -> Check:
    """One of these strings."""

    def check(value: Any, path: Path) -> Any:
        if value not in values:
            message = f"One of {', '.join(values)} belongs here."
            raise Invalid(issue(code, path, message, options=list(values)))
        return value

    return check


def array(item: Check, *, minimum: int = 0, maximum: int | None = None) -> Check:
    """An array with each element checked."""

    def check(value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            raise wrong_type("array", value, path)
        if len(value) < minimum:
            raise Invalid(issue("too_small", path, "Too few.", minimum=minimum, type="array"))
        if maximum is not None and len(value) > maximum:
            raise Invalid(issue("too_big", path, "Too many.", maximum=maximum, type="array"))
        cleaned: dict[Any, Any] = {}
        _collect(((index, item, each) for index, each in enumerate(value)), path, cleaned)
        return list(cleaned.values())

    return check


def obj(fields: Mapping[str, Check]) -> Check:
    """An object with these fields; others are dropped."""

    def check(value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise wrong_type("object", value, path)
        cleaned: dict[Any, Any] = {}
        _collect(
            ((key, item, value.get(key, MISSING)) for key, item in fields.items()), path, cleaned
        )
        return cleaned

    return check


def free_object() -> Check:
    """Any object, kept as it is."""

    def check(value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise wrong_type("object", value, path)
        return value

    return check


def anything() -> Check:
    """Any JSON value."""
    return lambda value, path: value  # noqa: ARG005 - every check is called with a path


def optional(check: Check) -> Check:
    """May be left out; the key is then absent."""
    return lambda value, path: MISSING if value is MISSING else check(value, path)


def nullable(check: Check) -> Check:
    """May be null."""
    return lambda value, path: None if value is None else check(value, path)


def either(*checks: Check) -> Check:
    """What the first of the checks takes that takes it; one issue at this path otherwise."""

    def check(value: Any, path: Path) -> Any:
        unions = []
        for each in checks:
            try:
                return each(value, path)
            except Invalid as invalid:
                unions.append({"issues": list(invalid.issues), "name": "ZodError"})
        message = "None of the forms that are wanted."
        raise Invalid(issue("invalid_union", path, message, unionErrors=unions))

    return check


def literal(wanted: str) -> Check:
    """This very string."""
    return one_of(wanted, code="invalid_literal")


def run(check: Check, value: Any) -> Any:
    """Check a whole body.

    Raises errors.Refused, 400 `guard.invalid_input`.
    """
    try:
        return check(value, ())
    except Invalid as invalid:
        raise invalid.refusal() from invalid


def utf16_length(value: str) -> int:
    """How long JavaScript takes a text to be: an emoji counts twice."""
    return len(value) + sum(character > "\uffff" for character in value)


def _collect(items: Any, path: Path, cleaned: dict[Any, Any]) -> None:
    """Check every item, so that the answer names all that is wrong and not only the first."""
    issues: list[Issue] = []
    for key, check, value in items:
        try:
            result = check(value, (*path, key))
        except Invalid as invalid:
            issues += invalid.issues
        else:
            if result is not MISSING:
                cleaned[key] = result
    if issues:
        raise Invalid(*issues)
