"""Where an event stands among all others, from which a page goes on.

A place names no event that must be there still, so a page stays the same while events come in, and
goes on after some were deleted.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LOGTO, OURS, AFTER_BOTH = range(3)
DIGITS = 20  # of a key in our database, so that they are in order as texts
GREATEST_KEY = 2**63 - 1  # what a database can be asked for
WRITTEN = re.compile(r"(\d{1,18})\.([012])\.([A-Za-z0-9_-]{0,64})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Later is greater. Of events in the same microsecond, source and key tell which is."""

    microseconds: int
    source: int
    key: str

    @property
    def at(self) -> datetime:
        """The point in time."""
        return EPOCH + self.microseconds * MICROSECOND

    @property
    def number(self) -> int:
        """The key in our database."""
        return int(self.key)

    @classmethod
    def of_ours(cls, at: datetime, key: int) -> Self:
        """The place of an event of our audit trail."""
        return cls((at - EPOCH) // MICROSECOND, OURS, f"{key:0{DIGITS}}")

    @classmethod
    def of_logto(cls, at: datetime, key: str) -> Self:
        """The place of an entry of Logto's log."""
        return cls((at - EPOCH) // MICROSECOND, LOGTO, key)

    @classmethod
    def up_to(cls, at: datetime) -> Self:
        """Right after everything at this moment."""
        return cls((at - EPOCH) // MICROSECOND, AFTER_BOTH, "")

    @classmethod
    def before(cls, at: datetime) -> Self:
        """Right before everything at this moment."""
        return cls((at - EPOCH) // MICROSECOND, LOGTO, "")

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that an address names; None where it names none."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            return None
        place = cls(int(found[1]), int(found[2]), found[3])
        try:
            _in_range = place.at + timedelta(days=1)
        except OverflowError:
            return None
        return None if place.source == OURS and not _is_key(place.key) else place

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.microseconds}.{self.source}.{self.key}"


def _is_key(text: str) -> bool:
    """Whether it can be the key of a row of ours."""
    return len(text) == DIGITS and text.isdecimal() and int(text) <= GREATEST_KEY
