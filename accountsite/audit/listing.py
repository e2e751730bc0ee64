"""A change list for a table that only grows: nothing is counted, and no page is found by skipping.

A page begins after, or before, the key of a row. Django's own list counts all rows for each page,
skips to a page by reading everything before it, and looks through the table for its dates.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.functional import cached_property

from accountsite.audit.models import AuditEvent

OLDER_THAN, NEWER_THAN = "older_than", "newer_than"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class CappedPaginator(Paginator[Any]):
    """For lists that may be long: counts so far, and no further."""

    MOST = 10_000  # rows

    @cached_property
    def count(self) -> int:
        """How many there are, up to the cap."""
        return cast("QuerySet[Any]", self.object_list)[: self.MOST].count()


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands: its time, and its number among those of the same time."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """The key of a row."""
        return cls(event.started_at, event.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` made of it. Raises ValueError."""
        microseconds, _dash, number = text.partition("-")
        try:
            return cls(EPOCH + int(microseconds) * MICROSECOND, int(number))
        except OverflowError as error:
            raise ValueError(text) from error

    def __str__(self) -> str:
        """For an address."""
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.pk}"


def newest_first(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """In the order of the list."""
    return events.order_by("-started_at", "-pk")


def older(events: QuerySet[AuditEvent], key: Key) -> QuerySet[AuditEvent]:
    """What stands below this key, newest first."""
    below = events.filter(started_at__lte=key.at).exclude(started_at=key.at, pk__gte=key.pk)
    return newest_first(below)


def newer(events: QuerySet[AuditEvent], key: Key) -> QuerySet[AuditEvent]:
    """What stands above this key, oldest first."""
    above = events.filter(started_at__gte=key.at).exclude(started_at=key.at, pk__lte=key.pk)
    return above.order_by("started_at", "pk")


@dataclass(frozen=True, slots=True)
class Choice:
    """A year, month or day to choose, and its address."""

    title: str
    query: str


class Listing(ChangeList):
    """The list of events. Templates ask for `older_query`, `newer_query`, `back` and `dates`."""

    older_query = ""
    newer_query = ""
    back: Choice | None = None
    dates: tuple[Choice, ...] = ()

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[AuditEvent]:
        """The filtered events. Where in them the page begins is no filter."""
        self.cursors = {name: self.params.pop(name, "") for name in (OLDER_THAN, NEWER_THAN)}
        for name in self.cursors:
            self.filter_params.pop(name, None)
        try:
            return super().get_queryset(request, exclude_parameters)
        except OverflowError as error:  # a year that no calendar has
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        """The rows of this page, with one more on the far side to know whether it goes on."""
        rows, has_newer, has_older = self._page()
        self.result_list = rows
        self.result_count = len(rows)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = CappedPaginator(rows, self.list_per_page)
        if has_older:
            self.older_query = self.get_query_string({OLDER_THAN: str(Key.of(rows[-1]))})
        if has_newer:
            self.newer_query = self.get_query_string({NEWER_THAN: str(Key.of(rows[0]))})
        self.back, self.dates = _dates(self)

    def _page(self) -> tuple[list[AuditEvent], bool, bool]:
        size = self.list_per_page
        try:
            if text := self.cursors[NEWER_THAN]:
                found = list(newer(self.queryset, Key.parse(text))[: size + 1])
                return found[:size][::-1], len(found) > size, True
            if text := self.cursors[OLDER_THAN]:
                found = list(older(self.queryset, Key.parse(text))[: size + 1])
                return found[:size], True, len(found) > size
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        found = list(newest_first(self.queryset)[: size + 1])
        return found[:size], False, len(found) > size


def _dates(listing: Listing) -> tuple[Choice | None, tuple[Choice, ...]]:
    """One step back, and the years, months or days to choose from: those that the table spans."""
    bounds = _bounds()
    if bounds is None:
        return None, ()
    chosen = [_number(listing, part) for part in ("year", "month", "day")]
    year, month, day = chosen
    if day and month and year:
        return _choice(listing, year, month), ()
    if month and year:
        return _choice(listing, year), tuple(_days(listing, year, month, bounds))
    if year:
        return _choice(listing), tuple(_months(listing, year, bounds))
    first, last = bounds
    if first.year == last.year:
        return None, tuple(_months(listing, first.year, bounds))
    return None, tuple(_choice(listing, year) for year in range(first.year, last.year + 1))


def _months(listing: Listing, year: int, bounds: tuple[date, date]) -> list[Choice]:
    first, last = ((bound.year, bound.month) for bound in bounds)
    months = range(1, 13)
    return [_choice(listing, year, month) for month in months if first <= (year, month) <= last]


def _days(listing: Listing, year: int, month: int, bounds: tuple[date, date]) -> list[Choice]:
    try:
        days = [date(year, month, 1) + timedelta(days=number) for number in range(31)]
    except (ValueError, OverflowError):
        return []
    return [
        _choice(listing, year, month, day.day)
        for day in days
        if day.month == month and bounds[0] <= day <= bounds[1]
    ]


def _bounds() -> tuple[date, date] | None:
    """The first and the last day of the table: two looks into an index."""
    times = AuditEvent.objects.values_list("started_at", flat=True)
    first, last = times.order_by("started_at").first(), times.order_by("-started_at").first()
    if first is None or last is None:
        return None
    return timezone.localdate(first), timezone.localdate(last)


def _number(listing: Listing, part: str) -> int:
    text = str(listing.params.get(f"{listing.date_hierarchy}__{part}", ""))
    return int(text) if text.isascii() and text.isdigit() else 0


def _choice(listing: Listing, year: int = 0, month: int = 0, day: int = 0) -> Choice:
    field = listing.date_hierarchy
    chosen = {f"{field}__year": year, f"{field}__month": month, f"{field}__day": day}
    query = listing.get_query_string(
        {name: number for name, number in chosen.items() if number}, [f"{field}__"]
    )
    if day:
        return Choice(formats.date_format(date(year, month, day), "MONTH_DAY_FORMAT"), query)
    if month:
        return Choice(formats.date_format(date(year, month, 1), "YEAR_MONTH_FORMAT"), query)
    return Choice(str(year) if year else "", query)
