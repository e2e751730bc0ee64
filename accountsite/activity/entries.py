"""One thing that happened, as its owner reads it, whoever wrote it down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite import user_agents
from accountsite.activity import applications, words
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.logto import logs

ENDS = {
    Outcome.REFUSED: gettext_lazy("It was refused, and nothing changed."),
    Outcome.UNKNOWN: gettext_lazy(
        "It is uncertain whether it worked: have a look at your settings."
    ),
    Outcome.STARTED: gettext_lazy("It was begun and not finished: have a look at your settings."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. What is empty is not known, or no browser or app was involved.

    `path` is the address of its details, and `way_out` that of what to do about it.
    """

    at: datetime
    sentence: str
    outcome: Outcome
    by: str
    app: str
    device: str
    address: str
    path: str
    way_out: str

    @property
    def title(self) -> str:
        """The sentence as a heading."""
        return self.sentence.rstrip(".")

    @property
    def end(self) -> str:
        """How it ended, and what that means; empty where it was done, as the sentence says."""
        return str(ENDS.get(self.outcome, ""))

    @classmethod
    def of_event(cls, event: AuditEvent) -> Self:
        """What the audit trail tells; where an admin acted from is nobody else's business."""
        is_by_admin = event.actor_kind == ActorKind.ADMIN
        return cls(
            at=event.started_at,
            sentence=event.sentence,
            outcome=Outcome(event.outcome),
            by=actor(event),
            app="",
            device="" if is_by_admin else event.device,
            address="" if is_by_admin else event.address or "",
            path=reverse("activity:event", args=[event.pk]),
            way_out=reverse("activity:not_me", args=[event.pk]),
        )

    @classmethod
    def of_log(cls, entry: logs.Entry, names: Mapping[str, str]) -> Self:
        """What Logto's log tells; `names` are those of apps, by their ids."""
        return cls(
            at=entry.created_at,
            sentence=words.sentence(entry),
            outcome=Outcome.DONE if entry.is_success else Outcome.REFUSED,
            by="",
            app=applications.name(entry.application_id, names),
            device=user_agents.describe(entry.user_agent) if entry.user_agent else "",
            address=entry.ip or "",
            path=reverse("activity:logged", args=[entry.id]),
            way_out=reverse("activity:logged_not_me", args=[entry.id]),
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
