"""How long a new token lives: what can be chosen, within what the operator allows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.refusals import Refusal

DAYS = (7, 30, 90, 365)
USUAL = 30  # what is chosen on a new page, where that is allowed
LONGEST = 3650  # days; an end that nobody lives to see says "never" without saying so
ON_DATE = "date"
NEVER = "never"
END_OF_DAY = time(23, 59, 59)


class TooLong(Refusal):
    """Longer than the operator allows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The first and the last day on which a token made now can end, where the person is."""

    first: date
    last: date
    is_bound: bool  # by the operator: then it has to end at all

    @classmethod
    def today(cls) -> "Limits":
        """Those of this day."""
        day = timezone.localdate()
        most = settings.TOKENS_DAYS or LONGEST
        return cls(first=day, last=day + timedelta(days=most), is_bound=bool(settings.TOKENS_DAYS))


def choices() -> list[tuple[str, str]]:
    """What a page offers: some lengths, a date, and no end at all if the operator lets people."""
    limits = Limits.today()
    offered = [(str(days), _until(days, limits)) for days in lengths()]
    offered.append((ON_DATE, _("Until a day that you choose")))
    if not limits.is_bound:
        offered.append(
            (NEVER, _("Without an end. Whoever finds it can use it until you remove it."))
        )
    return offered


def lengths() -> tuple[int, ...]:
    """The lengths that are offered, in days; the longest allowed one is always among them."""
    most = settings.TOKENS_DAYS
    if not most:
        return DAYS
    return (*(days for days in DAYS if days < most), most)


def usual() -> str:
    """What is chosen before the person chooses."""
    return str(max((days for days in lengths() if days <= USUAL), default=lengths()[0]))


def moment(choice: str, day: date | None) -> datetime | None:
    """When a token with this choice ends: so many days from now, or with a day where they are."""
    if choice == NEVER:
        return None
    if choice == ON_DATE:
        assert day is not None  # noqa: S101 - the form asks for it
        return timezone.make_aware(datetime.combine(day, END_OF_DAY))
    return timezone.now() + timedelta(days=int(choice))


def check(expires_at: datetime | None) -> None:
    """Raise TooLong for what the operator does not allow, whatever the page said."""
    limits = Limits.today()
    if expires_at is None:
        if limits.is_bound:
            raise TooLong(_("Here every token has to end some day. Choose when."))
        return
    if timezone.localdate(expires_at) > limits.last:
        last = formats.date_format(limits.last, "DATE_FORMAT")
        raise TooLong(_("Choose %(date)s or an earlier day.") % {"date": last})


def _until(days: int, limits: Limits) -> str:
    words = ngettext("%(days)d day, until %(date)s", "%(days)d days, until %(date)s", days)
    last = formats.date_format(limits.first + timedelta(days=days), "DATE_FORMAT")
    return words % {"days": days, "date": last}
