"""What an export is made of: chapters, each for people to read and for programs.

A chapter holds its `data` as it goes into the JSON, and blocks with the same in words. Secrets are
in neither: parts name what they take, one by one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from accountsite.appearance.templatetags.appearance import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and values of one thing, in their order. What has no value is left out."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""
    kind: str = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Many things of one kind."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    kind: str = "table"

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows, with its column's head at each cell: where it is narrow, they stand apart."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Something to be read as it is."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, as a `data:` address: the page must not fetch anything."""

    address: str
    kind: str = "picture"


type Block = Facts | Table | Text | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something that goes into the archive beside the two documents."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What one part found. `note` says what the reader has to know about it."""

    data: Any
    blocks: tuple[Block, ...] = ()
    note: str = ""
    files: tuple[File, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not any(
            block.rows if isinstance(block, Facts | Table) else True for block in self.blocks
        )


def facts(*rows: tuple[str, Any], title: str = "") -> Facts:
    """What is known of these, in words."""
    return Facts(rows=tuple((label, said(v)) for label, v in rows if said(v)), title=title)


def table(*heads: str, rows: Sequence[Sequence[Any]], title: str = "") -> Table:
    """A table with these columns, in words."""
    return Table(heads=heads, rows=tuple(tuple(map(said, row)) for row in rows), title=title)


def said(value: Any) -> str:
    """A value in words of the active language; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return moment(value)
        case list() | tuple():
            return ", ".join(map(said, value))
    return str(value)


def plain(value: Any) -> Any:
    """A model as JSON: its own names, and moments as ISO 8601."""
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def written(data: Any) -> str:
    """JSON to be read."""
    return json.dumps(data, indent=2, ensure_ascii=False)
