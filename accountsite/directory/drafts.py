"""Bulk jobs before they begin: what would be done, and what is wrong with which row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accountsite.directory import accounts, forms
from accountsite.directory.access import Actor
from accountsite.directory.cases import Unable
from accountsite.directory.models import Job, JobKind, Row, RowState, sealed
from accountsite.directory.tables import Line
from accountsite.logto import client, parallel, users
from accountsite.logto.users import Field, User

LONGEST_QUERY = 3_000  # characters
CREATED_BY = ("email", "phone", "username", "name")
FOUND_BY = ("id", "email", "username", "phone")
FIELDS = {
    "id": Field.ID,
    "email": Field.EMAIL,
    "phone": Field.PHONE,
    "username": Field.USERNAME,
}


@dataclass(slots=True, kw_only=True)
class Checked:
    """A row after the dry run."""

    number: int
    values: dict[str, Any]
    key: str = ""
    problem: str = ""
    is_done: bool = False


def create(actor: Actor, lines: Sequence[Line]) -> Job:
    """A draft of accounts to make: each row held against the rules, the others and the tenant."""
    checked = [_checked(line) for line in lines]
    _mark_doubles(checked)
    _mark_taken(checked)
    return _saved(JobKind.CREATE, actor, checked)


def suspend(actor: Actor, lines: Sequence[Line]) -> Job:
    """A draft of accounts to suspend, each found by the first of its columns that is filled."""
    checked = [Checked(number=line.number, values=dict(line.values)) for line in lines]
    _find(checked)
    for row in checked:
        if row.key == actor.id:
            row.problem = _("This is your own account. Ask another admin to do this.")
    return _saved(JobKind.SUSPEND, actor, checked)


def of_selection(kind: JobKind, actor: Actor, account_ids: Iterable[str]) -> Job:
    """A draft about these accounts."""
    unique = list(dict.fromkeys(account_ids))
    checked = [
        Checked(number=number, values={"id": account_id}, key=account_id)
        for number, account_id in enumerate(unique, start=1)
    ]
    return _saved(kind, actor, checked, is_expanded=kind is not JobKind.EXPORT)


def of_search(kind: JobKind, actor: Actor, query: Mapping[str, Any], *, total: int) -> Job:
    """A draft about everybody that a search finds, who get their rows when the work begins."""
    asked = {name: value for name, value in query.items() if value}
    return _saved(kind, actor, [], is_expanded=False, options={"query": asked, "total": total})


def _saved(
    kind: JobKind,
    actor: Actor,
    checked: Sequence[Checked],
    *,
    is_expanded: bool = True,
    options: dict[str, Any] | None = None,
) -> Job:
    language = {"language": translation.get_language() or "en"}
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            actor_id=actor.id,
            is_expanded=is_expanded,
            options=language | (options or {}),
        )
        Row.objects.bulk_create(_row(job, each) for each in checked)
    return job


def _row(job: Job, checked: Checked) -> Row:
    state = RowState.WAITING
    if checked.problem:
        state = RowState.SKIPPED if checked.is_done else RowState.REFUSED
    return Row(
        job=job,
        number=checked.number,
        key="" if checked.problem else checked.key,
        account_id=checked.key,
        state=state,
        problem=checked.problem,
        sealed=sealed(checked.values),
    )


def _checked(line: Line) -> Checked:
    """What can be said of a row by itself. Its values become those that Logto keeps."""
    row = Checked(number=line.number, values={name: line.values.get(name) for name in CREATED_BY})
    form = forms.Person({name: value or "" for name, value in row.values.items()})
    if not form.is_valid():
        row.problem = " ".join(
            f"{form.fields[name].label}: {' '.join(map(str, found))}"
            for name, found in form.errors.items()
        )
        return row
    row.values = {name: form.cleaned_data[name] or None for name in CREATED_BY}
    try:
        accounts.check_rules(row.values)
    except Unable as refusal:
        row.problem = str(refusal)
    return row


def _mark_doubles(checked: Sequence[Checked]) -> None:
    """Refuse what an earlier row has: two accounts can't share it."""
    seen: dict[tuple[str, str], int] = {}
    for row in checked:
        for name in ("email", "phone", "username"):
            value = (row.values.get(name) or "").lower()
            if not value or row.problem:
                continue
            first = seen.setdefault((name, value), row.number)
            if first != row.number:
                row.problem = _("The same as in row %(number)d.") % {"number": first}


def _mark_taken(checked: Sequence[Checked]) -> None:
    """Refuse what an account of the tenant has."""
    said = {
        "email": _("Another account has this email address."),
        "phone": _("Another account has this phone number."),
        "username": _("Another account has this username."),
    }
    for name, found in _known(checked, said, lambda _row: list(said)).items():
        for row in checked:
            if not row.problem and (row.values.get(name) or "").lower() in found:
                row.problem = said[name]


def _find(checked: Sequence[Checked]) -> None:
    """Say which account each row is about."""
    known = _known(checked, FOUND_BY, lambda row: [_column_of(row)])
    firsts: dict[str, int] = {}
    for row in checked:
        column = _column_of(row)
        user = known.get(column, {}).get(row.values.get(column, "").lower())
        if user is None:
            row.problem = _("No account has this.")
            continue
        row.key = user.id
        if user.is_suspended:
            row.problem, row.is_done = _("It is suspended already."), True
        elif firsts.setdefault(user.id, row.number) != row.number:
            row.problem = _("The same as in row %(number)d.") % {"number": firsts[user.id]}


def _column_of(row: Checked) -> str:
    """The column by which a row names its account. A phone number becomes digits."""
    column = next((name for name in FOUND_BY if row.values.get(name)), "id")
    if column == "phone":
        row.values["phone"] = "".join(filter(str.isdecimal, row.values["phone"]))
    return column


def _known(
    checked: Sequence[Checked],
    names: Iterable[str],
    columns: Callable[[Checked], list[str]],
) -> dict[str, dict[str, User]]:
    """The tenant's accounts with one of the rows' values, by column and value in lower case.

    It takes a call for each portion of a column's values, all at once.
    """
    wanted: dict[str, set[str]] = {name: set() for name in names}
    for row in checked:
        for name in () if row.problem else columns(row):
            if value := row.values.get(name):
                wanted[name].add(value)
    calls = [
        (name, values)
        for name, every in wanted.items()
        for values in _portions(name, sorted(every))
    ]
    answers: tuple[tuple[User, ...], ...] = parallel.gather(
        *(_asking(name, values) for name, values in calls)
    )
    found: dict[str, dict[str, User]] = {name: {} for name in wanted}
    for (name, _values), people in zip(calls, answers, strict=True):
        found[name] |= {_value(user, name).lower(): user for user in people}
    return found


def _asking(name: str, values: Sequence[str]) -> Callable[[], tuple[User, ...]]:
    is_id = name == "id"
    return lambda: users.with_any(FIELDS[name], values, ignoring_case=not is_id)


def _value(user: User, name: str) -> str:
    values = {
        "id": user.id,
        "email": user.primary_email,
        "phone": user.primary_phone,
        "username": user.username,
    }
    return values[name] or ""


def _portions(name: str, values: Sequence[str]) -> Iterator[list[str]]:
    """The values in as few addresses as servers take: some know none of more than 4,000 bytes."""
    portion: list[str] = []
    length = 0
    for value in values:
        more = len(urlencode({f"search.{FIELDS[name]}": value})) + 1
        if portion and (length + more > LONGEST_QUERY or len(portion) == client.MAX_PAGE_SIZE):
            yield portion
            portion, length = [], 0
        portion.append(value)
        length += more
    if portion:
        yield portion
