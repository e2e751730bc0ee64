"""Reading all parts of an export, as far as Logto gives them.

A part that fails is read again later, when the others were; what still fails then is missing, and
the export says so. That is worth more than no export: it can be asked for again at any time, while
all of it at once may never be there. Without the account itself there is none.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from accountsite.exports.chapters import Chapter
from accountsite.exports.parts import PARTS, Part
from accountsite.exports.parts.subject import Subject
from accountsite.logto import errors
from accountsite.logto.users import User
from accountsite.signin import guards

logger = logging.getLogger(__name__)

WAITS = (0.0, 2.0, 5.0)  # seconds before each round

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is held about a person: their chapters by part, and the parts that are missing."""

    subject: Subject
    chapters: dict[Part, Chapter]
    missing: tuple[Part, ...]

    @classmethod
    def of(cls, subject: Subject, chapters: dict[Part, Chapter]) -> Self:
        """In the order of the parts, in whichever order they were read."""
        return cls(
            subject=subject,
            chapters={part: chapters[part] for part in PARTS if part in chapters},
            missing=tuple(part for part in PARTS if part not in chapters),
        )


def collect(account_id: str, progress: Progress) -> Collection:
    """Read everything. `progress` is told how many parts were read, of how many.

    Raises AccountEnded, Unavailable for the account itself, and what `progress` raises.
    """
    subject = Subject(user=_person(account_id), began_at=timezone.now())
    read: dict[Part, Chapter] = {}
    for wait in WAITS:
        left = [part for part in PARTS if part not in read]
        if left:
            time.sleep(wait)
        for part in left:
            chapter = _read(part, subject)
            if chapter is not None:
                read[part] = chapter
                progress(len(read), len(PARTS))
    return Collection.of(subject, read)


def _person(account_id: str) -> User:
    for wait in WAITS[1:]:
        try:
            return guards.person(account_id, with_enterprise=True)
        except (errors.Unavailable, errors.TooManyRequests):
            time.sleep(wait)
    return guards.person(account_id, with_enterprise=True)


def _read(part: Part, subject: Subject) -> Chapter | None:
    try:
        return part.read(subject)
    except errors.LogtoError as error:
        logger.warning("an export goes on without %s: %s", part.name, type(error).__name__)
        return None
