"""The difference between two states of custom data, by the names at its top.

Apps share this data, each with names of its own; that is how finely Logto merges, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from accountsite.privacy import notation
from accountsite.privacy.notation import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What is put under which name, and which names are removed. Nothing is false."""

    put: Data
    removed: tuple[str, ...]

    @classmethod
    def between(cls, before: Mapping[str, Any], after: Mapping[str, Any]) -> Self:
        """What leads from one to the other."""
        return cls(
            put={name: value for name, value in after.items() if not _same(before, name, value)},
            removed=tuple(name for name in before if name not in after),
        )

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return bool(self.put or self.removed)

    @property
    def names(self) -> list[str]:
        """All that it touches."""
        return [*self.put, *self.removed]

    def not_in(self, held: Mapping[str, Any]) -> Self:
        """What of it is still to be done: another page may have done the same."""
        return type(self)(
            put={name: value for name, value in self.put.items() if not _same(held, name, value)},
            removed=tuple(name for name in self.removed if name in held),
        )

    def contested(self, seen: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
        """The names among them that somebody else has changed since they were seen."""
        return [name for name in self.names if not _are_same(seen, held, name)]

    def applied(self, held: Mapping[str, Any]) -> Data:
        """What is there after it."""
        kept = {name: value for name, value in held.items() if name not in self.removed}
        return kept | self.put


def _same(data: Mapping[str, Any], name: str, value: Any) -> bool:
    return name in data and notation.same(data[name], value)


def _are_same(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    if name in one and name in other:
        return notation.same(one[name], other[name])
    return (name in one) == (name in other)
