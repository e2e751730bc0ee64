"""One person as a page: facts, and tables of what they have."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.audit.actions import Action
from accountsite.directory import person
from accountsite.directory.scenes import Deed
from accountsite.logto import users
from accountsite.logto.grants import Grant
from accountsite.signin.staff import Level

SHOWN = 20  # rows of one table, until all of them are asked for
NOTHING = "–"
type May = Callable[[Level], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A link to an action. `about` tells several of one name apart."""

    title: str
    url: str
    about: str = ""
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a fieldset."""

    title: str
    value: str
    note: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table; the first cell names it."""

    cells: tuple[str, ...]
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A fieldset or a table of the page. `more` is how many rows are not shown."""

    slug: str
    title: str
    facts: tuple[Fact, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    acts: tuple[Act, ...] = ()
    empty: str = ""
    text: str = ""
    note: str = ""
    more: int = 0
    is_failed: bool = False

    @property
    def has_acts(self) -> bool:
        """Whether a column of the table is for actions."""
        return any(line.acts for line in self.lines)


def url_of(deed: Deed, account_id: str, *, item: str = "") -> str:
    """The address of an action's page."""
    address = reverse(f"admin:directory_user_{deed.slug}", args=[account_id])
    return f"{address}?{urlencode({'item': item})}" if item else address


def when(moment: datetime) -> str:
    """A point in time, as Django's admin writes them."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def at(moment: datetime | None, otherwise: str) -> str:
    return when(moment) if moment else otherwise


def until(moment: datetime | None) -> str:
    if moment is None:
        return _("Never")
    if moment <= timezone.now():
        return _("Expired on %(when)s") % {"when": when(moment)}
    return when(moment)


def factor_name(bound: Any) -> str:
    if bound.remaining_codes is not None:
        return _("%(count)d left") % {"count": bound.remaining_codes}
    return bound.name or (user_agents.describe(bound.agent) if bound.agent else NOTHING)


def newest_of_each(given: Iterable[Grant]) -> Iterator[Grant]:
    """One grant for each application, as that is what is revoked."""
    newest: dict[str, Grant] = {}
    for grant in sorted(given, key=lambda grant: grant.granted_at):
        newest[grant.application_id] = grant
    yield from sorted(newest.values(), key=lambda grant: grant.application_name.lower())


def proved(user: users.User, field: str, value: str | None, changes: tuple[Action, ...]) -> str:
    """Whether somebody proved that it is theirs, as far as this site knows."""
    if not value:
        return ""
    event = person.proof(user.id, field, *changes)
    if event is None:
        return _("Not entered here, so nobody here knows whether it was verified.")
    if person.is_proved(event):
        return _("Verified with a code on %(when)s.") % {"when": when(event.started_at)}
    return _("Entered by an admin on %(when)s, not verified.") % {"when": when(event.started_at)}
