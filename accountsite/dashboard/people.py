"""What is known here about one person: the trail, mails, sessions, and what Logto told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite import user_agents
from accountsite.audit import pruning
from accountsite.audit.models import AuditEvent
from accountsite.notices.models import Notice
from accountsite.signin.models import Session
from accountsite.webhooks.models import Delivery

MOST = 25  # rows of each part; the rest is a click away


@dataclass(frozen=True, slots=True)
class Row:
    """One thing: when, what, how it stands, and where it is shown in full."""

    at: datetime
    what: str
    state: str
    more: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, newest first, and the list with all of them."""

    title: str | Promise
    rows: tuple[Row, ...]
    list_url: str
    has_more: bool


def parts(account_id: str, *, may: Callable[[str], bool]) -> list[Part]:
    """The parts that this admin may see; `may` asks for a permission by name."""
    return [read(account_id) for permission, read in PARTS.items() if may(permission)]


def directory_url(account_id: str) -> str:
    """Where the account itself is shown; empty for an id that no account can have."""
    try:
        return reverse("admin:directory_user_change", args=[account_id])
    except NoReverseMatch:
        return ""


def _events(account_id: str) -> Part:
    """Of an account that is gone, only that it is: its events went with it."""
    events = AuditEvent.objects.of(account_id)
    if not events.exists():
        events = AuditEvent.objects.of(pruning.pseudonym(account_id))
    rows = [
        Row(
            at=event.started_at,
            what=event.sentence,
            state=event.get_outcome_display(),
            more=" · ".join(
                filter(None, [event.get_actor_kind_display(), event.device, event.address])
            ),
            url=_page(event),
        )
        for event in events[: MOST + 1]
    ]
    return _part(gettext_lazy("Audit trail"), rows, "audit_auditevent", q=account_id)


def _mails(account_id: str) -> Part:
    mails = Notice.objects.filter(event__account_id=account_id).select_related("event")
    rows = [
        Row(
            at=mail.created_at,
            what=mail.event.sentence,
            state=mail.get_state_display(),
            more=mail.masked_recipient,
            url=_page(mail),
        )
        for mail in mails[: MOST + 1]
    ]
    return _part(gettext_lazy("Mails"), rows, "notices_notice", q=account_id)


def _sessions(account_id: str) -> Part:
    sessions = Session.objects.filter(account_id=account_id)
    rows = [
        Row(
            at=session.last_seen_at,
            what=user_agents.describe(session.user_agent) if session.user_agent else "–",
            state=session.get_end_reason_display() if not session.is_live else _("Signed in"),
            more=session.address or "",
            url=_page(session),
        )
        for session in sessions[: MOST + 1]
    ]
    return _part(gettext_lazy("Sessions of this site"), rows, "signin_session", q=account_id)


def _deliveries(account_id: str) -> Part:
    deliveries = Delivery.objects.filter(account_id=account_id)
    rows = [
        Row(
            at=delivery.received_at,
            what=delivery.event,
            state=delivery.get_state_display(),
            more=delivery.effect,
            url=_page(delivery),
        )
        for delivery in deliveries[: MOST + 1]
    ]
    return _part(gettext_lazy("What Logto told"), rows, "webhooks_delivery", q=account_id)


def _part(title: str | Promise, rows: Iterable[Row], model: str, **query: str) -> Part:
    kept = tuple(rows)
    return Part(
        title=title,
        rows=kept[:MOST],
        list_url=reverse(f"admin:{model}_changelist", query=query),
        has_more=len(kept) > MOST,
    )


def _page(thing: Model) -> str:
    meta: Any = thing._meta  # noqa: SLF001 - documented, for all its name
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])


PARTS: dict[str, Callable[[str], Part]] = {
    "audit.view_auditevent": _events,
    "notices.view_notice": _mails,
    "signin.view_session": _sessions,
    "webhooks.view_delivery": _deliveries,
}
