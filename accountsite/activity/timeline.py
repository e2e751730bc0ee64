"""What happened, from our audit trail and Logto's log as one: in days, newest first, in pages.

A page begins before a place. Each source tells the newest that it has from there; what may be
incomplete at its end is left to the next page, so that nothing is told twice or gets lost.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby

from babel import Locale, dates
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.activity import kinds, logbook
from accountsite.activity.entries import Entry
from accountsite.activity.kinds import Kind
from accountsite.activity.logbook import Found
from accountsite.activity.places import AFTER_BOTH, EPOCH, LOGTO, OURS, Place
from accountsite.audit.models import AuditEvent, AuditEventQuerySet
from accountsite.logto import logs
from accountsite.logto.logs import Key

type Told = AuditEvent | logs.Entry

PAGE = 30
MILLISECOND = timedelta(milliseconds=1)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)  # what any clock and database can bear


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody looks for: a kind, and days where they are, both included."""

    kind: Kind = Kind.EVERYTHING
    since: date | None = None
    until: date | None = None

    @property
    def after(self) -> datetime | None:
        """The first moment."""
        return _midnight(self.since) if self.since else None

    @property
    def before(self) -> Place | None:
        """Where it ends: before the day after the last one."""
        if self.until is None:
            return None
        return Place.before(_midnight(min(self.until, LAST_DAY) + timedelta(days=1)))


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


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A page of it. `older` is where it goes on, None at the end.

    `is_partial` tells that Logto did not answer: only what this site knows is there.
    """

    entries: tuple[Entry, ...]
    older: Place | None
    is_partial: bool

    @cached_property
    def days(self) -> list[Day]:
        """The entries by day."""
        by_day = groupby(self.entries, key=lambda entry: timezone.localdate(entry.at))
        return [Day(date=day, entries=tuple(entries)) for day, entries in by_day]


def read(
    account_id: str, chosen: Chosen, *, before: Place | None = None, size: int = PAGE
) -> Timeline:
    """A page of what happened to somebody, in one round trip and with two queries. Raises nothing."""
    start = min((place for place in (before, chosen.before) if place), default=None)
    events = _events(account_id, chosen, start, most=size + 1)
    keys = kinds.keys(chosen.kind)
    found = logbook.read(
        account_id,
        keys,
        after=chosen.after,
        before=_moment_of_logto(start),
        at_once=max(size, logbook.AT_ONCE),
    )
    told = [*events, *_right_after(account_id, start, keys)]
    every: list[Told] = [*events, *logbook.untold(found.entries, told)]
    return _merged(every, found, start, size)


def _merged(every: Iterable[Told], found: Found, start: Place | None, size: int) -> Timeline:
    floor = _floor(found)
    certain = sorted(
        (
            (place, told)
            for place, told in ((_place(told), told) for told in every)
            if (start is None or place < start) and (floor is None or floor < place)
        ),
        key=operator.itemgetter(0),
        reverse=True,
    )
    shown = certain[:size]
    return Timeline(
        entries=tuple(_entry(told, found.names) for _place, told in shown),
        older=shown[-1][0] if len(certain) > size else floor,
        is_partial=found.is_partial,
    )


def _place(told: Told) -> Place:
    if isinstance(told, AuditEvent):
        return Place.of_ours(told.started_at, told.pk)
    return Place.of_logto(told.created_at, told.id)


def _entry(told: Told, names: Mapping[str, str]) -> Entry:
    if isinstance(told, AuditEvent):
        return Entry.of_event(told)
    return Entry.of_log(told, names)


def _floor(found: Found) -> Place | None:
    """Up to where something may be missing, so that this page ends above it.

    Whether an app was opened by a sign-in is only certain some minutes above. With more entries at
    once than a page holds that would be no page at all, so it is done without; and where all of
    them are of one moment, the next page begins before it, come what may.
    """
    if found.horizon is None or found.newest is None:
        return None
    for at in (found.horizon + logbook.OPENED_WITHIN, found.horizon):
        if at < found.newest:
            return Place.up_to(at)
    return Place.before(found.horizon)


def _events(
    account_id: str, chosen: Chosen, start: Place | None, *, most: int
) -> Sequence[AuditEvent]:
    """The newest events of our trail before a place, of this kind and time."""
    events = AuditEvent.objects.of(account_id)
    if (actions := kinds.actions(chosen.kind)) is not None:
        events = events.filter(action__in=actions)
    if chosen.after:
        events = events.filter(started_at__gte=chosen.after)
    if start:
        events = events.filter(_is_before(start))
    return list(events[:most])


def _right_after(account_id: str, start: Place | None, keys: Sequence[Key]) -> AuditEventQuerySet:
    """Events of the page before that tell of entries on this one."""
    events: AuditEventQuerySet = AuditEvent.objects.of(account_id)
    if start is None or not set(keys) & set(logbook.TOLD.values()):
        return events.none()
    soon = start.at + logbook.SKEW
    return events.filter(action__in=logbook.TOLD, started_at__range=(start.at, soon))


def _is_before(place: Place) -> Q:
    if place.source == AFTER_BOTH:
        return Q(started_at__lte=place.at)
    is_earlier = Q(started_at__lt=place.at)
    if place.source == OURS:
        return is_earlier | Q(started_at=place.at, pk__lt=place.number)
    return is_earlier


def _moment_of_logto(place: Place | None) -> datetime | None:
    """The last millisecond of which Logto may have something before this place."""
    if place is None:
        return None
    last = place.at - MILLISECOND if (place.source, place.key) == (LOGTO, "") else place.at
    return EPOCH + (last - EPOCH) // MILLISECOND * MILLISECOND


def _midnight(day: date) -> datetime:
    """When a day begins where the person is."""
    day = min(max(day, FIRST_DAY), LAST_DAY + timedelta(days=1))
    return timezone.make_aware(datetime.combine(day, time.min))
