"""What other packages of this site keep about a person, beside what has a chapter of its own.

Those packages stand above this one, so their tables are named here, each with the fields that are
told. Nothing is taken that is not named; a test fails for a table with a person's id that is named
nowhere.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter, Table
from accountsite.exports.parts.history import MOST
from accountsite.exports.parts.subject import Subject
from accountsite.signin import staff


@dataclass(frozen=True, slots=True)
class Record:
    """A table, what its rows are to their owner, and the fields that are told."""

    model: str
    title: Any
    fields: tuple[str, ...]
    at: str
    """The field with the time that a reader asks for."""
    by: str = "account_id"


RECORDS = (
    Record(
        "deletion.Deletion",
        gettext_lazy("Scheduled deletion of the account"),
        ("state", "held", "requested_at", "due_at", "email"),
        at="due_at",
    ),
    Record(
        "reminders.Reminder",
        gettext_lazy("Reminders of tokens that expire"),
        ("token_created_at", "expires_at", "due_at", "told_at"),
        at="due_at",
    ),
    Record(
        "webhooks.Delivery",
        gettext_lazy("Messages of the sign-in service about the account"),
        ("event", "created_at", "received_at", "effects"),
        at="received_at",
    ),
    Record(
        "webhooks.KnownAccount",
        gettext_lazy("Marks by which changes are noticed"),
        ("as_of",),
        at="as_of",
    ),
    Record(
        "auth.User",
        gettext_lazy("Entry as an admin of this site"),
        ("first_name", "email", "date_joined", "last_login", "is_active", "is_superuser"),
        at="date_joined",
        by="username",
    ),
)

ELSEWHERE = {
    "audit.AuditEvent": "the chapter of the activity",
    "recognition.KnownDevice": "the chapter of known devices",
    "signin.Session": "the chapter of visits",
    "exports.Export": "the export itself",
    "directory.Row": "work of an admin in hand, which is gone after days; what it does is activity",
}
"""Tables with the id of a person that are told of elsewhere, or not at all, and why."""


def records(subject: Subject) -> Chapter:
    """The rows of each of these tables, the newest of many."""
    data: dict[str, Any] = {}
    blocks: list[Table] = []
    for record in RECORDS:
        rows = _rows(record, subject)
        data[record.model] = [{name: chapters.plain(row[name]) for name in row} for row in rows]
        lines = [(row[record.at], row.get("event", "")) for row in rows]
        blocks.append(chapters.table(_("When"), _("What"), rows=lines, title=str(record.title)))
    return Chapter(data=data, blocks=tuple(blocks))


def _rows(record: Record, subject: Subject) -> list[dict[str, Any]]:
    is_staff = record.by == "username"
    whose = {record.by: staff.username_of(subject.id) if is_staff else subject.id}
    rows: models.QuerySet[models.Model] = models.QuerySet(apps.get_model(record.model))
    return list(rows.filter(**whose).order_by(f"-{record.at}").values(*record.fields)[:MOST])
