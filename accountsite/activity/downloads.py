"""The timeline as a table for other programs: CSV, as RFC 4180 has it.

A reader that takes no charset from HTTP, as spreadsheets are, knows UTF-8 by its byte order mark.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack

from babel import Locale, numbers
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.activity import timeline
from accountsite.activity.entries import Entry
from accountsite.activity.places import Place
from accountsite.activity.timeline import Chosen, Timeline
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.refusals import Refusal

MOST_ROWS = 5_000
AT_ONCE = 100
BYTE_ORDER_MARK = "\ufeff"
# With these a spreadsheet takes a text for a formula, and would work out what somebody else wrote.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class UnableToDownload(Refusal):
    """The list can't be had in full."""


def begin(account_id: str, chosen: Chosen) -> Iterator[str]:
    """The table of what was chosen, newest first, in pieces of a hundred rows.

    A piece is read when it is asked for, in the language and time zone of now. Raises TooMany, and
    UnableToDownload while Logto is out; if it fails later on, the last line tells of missing rows.
    """
    attempts.count(Kind.LIST, account=account_id)
    first = timeline.read(account_id, chosen, size=AT_ONCE)
    if first.is_partial:
        raise UnableToDownload(
            _(
                "The sign-in service does not answer, so the list would not be complete. "
                "Try again in a moment."
            )
        )
    return _pieces(account_id, chosen, first, _Manner())


def most_rows() -> str:
    """How many rows there are at most, as people write it."""
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return str(numbers.format_decimal(MOST_ROWS, locale=locale))


def _pieces(account_id: str, chosen: Chosen, first: Timeline, manner: "_Manner") -> Iterator[str]:
    place: Place | None = None
    left = MOST_ROWS
    yield BYTE_ORDER_MARK
    while left:
        with manner.taken():
            page = first
            if place is not None:
                page = timeline.read(account_id, chosen, before=place, size=AT_ONCE)
            piece = _table(page, left=left, is_first=place is None)
        yield piece
        left = max(0, left - len(page.entries))
        place = page.older
        if place is None or page.is_partial:
            return


class _Manner:
    """The language and time zone of a request, for after it."""

    def __init__(self) -> None:
        self.language = translation.get_language() or "en"
        self.zone = timezone.get_current_timezone()

    def taken(self) -> AbstractContextManager[object]:
        """Speak so inside the block."""
        stack = ExitStack()
        stack.enter_context(translation.override(self.language))
        stack.enter_context(timezone.override(self.zone))
        return stack


def _table(page: Timeline, *, left: int, is_first: bool) -> str:
    """The rows of a page, as far as there is room, and what is missing after them."""
    rows = [_titles()] if is_first else []
    if page.is_partial:
        rows.append([_("The list ends here, as the sign-in service did not answer any more.")])
    else:
        rows += [_cells(entry) for entry in page.entries[:left]]
        if len(page.entries) >= left and (page.older or len(page.entries) > left):
            rows.append([_("The list ends here. Choose fewer days to get what is older.")])
    return _written(rows)


def _titles() -> list[str]:
    return [
        _("Time"),
        _("What"),
        _("Result"),
        _("By"),
        _("App"),
        _("Device"),
        _("IP address"),
    ]


def _cells(entry: Entry) -> list[str]:
    return [
        timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
        entry.sentence,
        str(entry.outcome.label),
        entry.by,
        entry.app,
        entry.device,
        entry.address,
    ]


def _written(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A text that stays one in a spreadsheet."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
