"""Searching users: what the query of GET /users asks for.

`search=%ada%` looks at every field, `search.name=…` at one; `mode[.field]` is exact, like (the
default), similar_to or posix; `joint` is or (the default) or and; `isCaseSensitive=true`. Any key
that begins with `search` counts as a search (measured).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from accountsite.demo import state
from accountsite.demo.api import errors

FIELDS = ("id", "primaryEmail", "primaryPhone", "username", "name")
MODES = ("exact", "like", "similar_to", "posix")
JOINTS = ("or", "and")

type Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Match:
    """One condition: any of these fields passes the test."""

    fields: tuple[str, ...]
    test: Test

    def __call__(self, user: state.User) -> bool:
        record = user.record
        return any(value is not None and self.test(value) for value in map(record.get, self.fields))


def wanted(query: QueryDict) -> Callable[[state.User], bool]:
    """Who the query asks for.

    Raises errors.Refused, 400 `request.invalid_input`; 500 for a broken regular expression.
    """
    matches = [_match(query, key) for key in _search_keys(query)]
    joint = query.get("joint", "or")
    if joint not in JOINTS:
        raise _bad(f"joint is one of {', '.join(JOINTS)}.")
    join = all if joint == "and" else any
    excluded = _excluded(query)

    def test(user: state.User) -> bool:
        return not excluded(user) and (not matches or join(match(user) for match in matches))

    return test


def _search_keys(query: QueryDict) -> list[str]:
    """A key for each condition: without a dot, a search of all fields."""
    keys = [key if "." in key else "search" for key in query if key.startswith("search")]
    return list(dict.fromkeys(keys))


def _match(query: QueryDict, key: str) -> Match:
    _, _, field = key.partition(".")
    if field and field not in FIELDS:
        raise _bad(f"{field} cannot be searched, only {', '.join(FIELDS)}.")
    mode = query.get(f"mode.{field}" if field else "mode", "like")
    if mode not in MODES:
        raise _bad(f"mode is one of {', '.join(MODES)}.")
    values = query.getlist(key)
    if not field:
        values = [
            value
            for name, several in query.lists()
            if name.startswith("search") and "." not in name
            for value in several
        ]
    if not all(values):
        raise _bad("Say what to search for.")
    if len(values) > 1 and mode != "exact":
        raise _bad("Only exact mode takes several values.")
    is_case_sensitive = query.get("isCaseSensitive") == "true"
    test = _test(values, mode, is_case_sensitive=is_case_sensitive)
    return Match((field,) if field else FIELDS, test)


def _test(values: list[str], mode: str, *, is_case_sensitive: bool) -> Test:
    fold = str if is_case_sensitive else str.lower
    match mode:
        case "exact":
            folded = {fold(value) for value in values}
            return lambda text: fold(text) in folded
        case "like":
            return _like(fold(values[0]), fold)
        case "similar_to":
            if not is_case_sensitive:
                raise _bad("similar_to minds case: say isCaseSensitive=true.")
            return _compiled(_similar(values[0]), re.NOFLAG).fullmatch_test
        case _:
            flags = re.NOFLAG if is_case_sensitive else re.IGNORECASE
            return _compiled(values[0], flags).search_test


def _like(pattern: str, fold: Callable[[str], str]) -> Test:
    """SQL's LIKE. `%text%`, which is what people search, needs no regular expression."""
    inner = pattern.strip("%")
    if pattern == f"%{inner}%" and not set("%_\\") & set(inner):
        return lambda text: inner in fold(text)
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wildcards = {"%": ".*", "_": "."}
    source = "".join(wildcards.get(part) or re.escape(part.removeprefix("\\")) for part in parts)
    compiled = re.compile(source, re.DOTALL)
    return lambda text: compiled.fullmatch(fold(text)) is not None


@dataclass(frozen=True, slots=True)
class _Expression:
    compiled: re.Pattern[str]

    def fullmatch_test(self, text: str) -> bool:
        return self.compiled.fullmatch(text) is not None

    def search_test(self, text: str) -> bool:
        return self.compiled.search(text) is not None


def _compiled(source: str, flags: re.RegexFlag) -> _Expression:
    try:
        return _Expression(re.compile(source, flags))
    except re.error as error:
        raise errors.broken() from error


def _similar(pattern: str) -> str:
    """SQL's SIMILAR TO as a regular expression: % and _ are wildcards, . ^ $ are themselves."""
    changes = {"%": ".*", "_": ".", ".": r"\.", "^": r"\^", "$": r"\$"}
    return "".join(changes.get(character, character) for character in pattern)


def _excluded(query: QueryDict) -> Callable[[state.User], bool]:
    role_id, organization_id = query.get("excludeRoleId"), query.get("excludeOrganizationId")
    if role_id and organization_id:
        message = "excludeRoleId and excludeOrganizationId exclude each other."
        raise errors.bad_request(message)
    if role_id:
        return lambda user: role_id in user.role_ids
    members = state.tenant.members.get(organization_id or "", {})
    return lambda user: user.id in members


def _bad(message: str) -> errors.Refused:
    return errors.bad_request(message, data={})
