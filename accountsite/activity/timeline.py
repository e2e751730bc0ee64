"""What happened, as its owner reads it: in days, newest first, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Self

from babel import Locale, dates
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.audit.models import ActorKind, AuditEvent, Outcome

ENDS = {
    Outcome.REFUSED: gettext_lazy("It was refused, and nothing changed."),
    Outcome.UNKNOWN: gettext_lazy(
        "It is uncertain whether it worked: have a look at your settings."
    ),
    Outcome.STARTED: gettext_lazy("It was begun and not finished: have a look at your settings."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `device` and `address` are empty where no browser was involved."""

    key: int
    at: datetime
    sentence: str
    outcome: Outcome
    by: str
    device: str
    address: str

    @property
    def title(self) -> str:
        """The sentence as a heading."""
        return self.sentence.rstrip(".")

    @property
    def end(self) -> str:
        """How it ended, and what that means; empty where it was done, as the sentence says."""
        return str(ENDS.get(self.outcome, ""))

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """What the audit trail tells."""
        return cls(
            key=event.pk,
            at=event.started_at,
            sentence=event.sentence,
            outcome=Outcome(event.outcome),
            by=actor(event),
            device=event.device,
            address=event.address or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happened on one day, where the person is."""

    date: date
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """The day in words: today and yesterday are called so."""
        today = timezone.localdate()
        if self.date == today:
            return _("Today")
        if self.date == today - timedelta(days=1):
            return _("Yesterday")
        locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
        return str(dates.format_date(self.date, "full", locale=locale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of it. `older` is the key before which it goes on, None at the end."""

    days: tuple[Day, ...]
    older: int | None


def of(entries: Iterable[Entry], *, older: int | None) -> Timeline:
    """The page with these entries, which are in order."""
    by_day = groupby(entries, key=lambda entry: timezone.localdate(entry.at))
    return Timeline(
        days=tuple(Day(date=day, entries=tuple(entries)) for day, entries in by_day), older=older
    )


def actor(event: AuditEvent) -> str:
    """Who did it, as its owner would say: never more of an admin than that it was one."""
    match event.actor_kind:
        case ActorKind.PERSON:
            return _("You")
        case ActorKind.ADMIN:
            return _("An admin")
        case ActorKind.LOGTO:
            return _("The sign-in service")
        case _:
            return _("This site")
