"""What happened to an account: our own audit trail, Logto's log, and the mails about it.

Lists that grow have an end here, which the chapter tells: the newest are what one looks for.
"""

import time
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter
from accountsite.exports.parts.subject import Subject
from accountsite.logto import client, logs
from accountsite.logto.logs import Entry
from accountsite.notices.models import Notice

MOST = 5000  # of each; more than years of one person's use
LONGEST = 120.0  # seconds that the log is read for, which stays below the lease of an export


def activity(subject: Subject) -> Chapter:
    """What the audit trail tells its owner; of an admin no more than that it was one."""
    found = list(
        AuditEvent.objects.of(subject.id).filter(started_at__lte=subject.began_at)[: MOST + 1]
    )
    rows = [
        (one.started_at, one.sentence, _changes(one), ActorKind(one.actor_kind).label, one.device,
         one.address)
        for one in found[:MOST]
    ]  # fmt: skip
    heads = (_("When"), _("What"), _("Changes"), _("By"), _("Device"), _("IP address"))
    return Chapter(
        data=[_event(one) for one in found[:MOST]],
        blocks=(chapters.table(*heads, rows=rows),),
        note=_cut() if len(found) > MOST else "",
    )


def log(subject: Subject) -> Chapter:
    """What Logto wrote down. Its records hold codes, so only what we know is taken."""
    found, is_cut = _entries(subject)
    rows = [
        (one.created_at, one.key, one.is_success, one.application_id,
         user_agents.describe(one.user_agent) if one.user_agent else "", one.ip)
        for one in found
    ]  # fmt: skip
    heads = (_("When"), _("What"), _("Done"), _("App"), _("Device"), _("IP address"))
    return Chapter(
        data=chapters.plain(found),
        blocks=(chapters.table(*heads, rows=rows),),
        note=_cut() if is_cut else "",
    )


def mails(subject: Subject) -> Chapter:
    """The mails that this site sent, as long as it remembers them."""
    found = Notice.objects.filter(event__account_id=subject.id).select_related("event")[:MOST]
    data = [
        {
            "sent_at": chapters.plain(one.sent_at),
            "created_at": chapters.plain(one.created_at),
            "to": one.recipient,
            "about": one.event.action,
            "state": one.state,
            "language": one.language,
        }
        for one in found
    ]
    rows = [(one.created_at, one.recipient, one.event.sentence, _sent(one)) for one in found]
    heads = (_("When"), _("To"), _("About"), _("State"))
    return Chapter(data=data, blocks=(chapters.table(*heads, rows=rows),))


def _entries(subject: Subject) -> tuple[list[Entry], bool]:
    """The newest of the log, and whether there are older ones.

    What comes in meanwhile moves the pages; an entry that is seen twice counts once.
    """
    found: dict[str, Entry] = {}
    give_up = time.monotonic() + LONGEST
    for page in _pages(subject):
        found |= {one.id: one for one in page.items}
        if not page.has_next or not page.items:
            return list(found.values())[:MOST], len(found) > MOST
        if len(found) >= MOST or time.monotonic() > give_up:
            break
    return list(found.values())[:MOST], True


def _pages(subject: Subject) -> Iterator[client.Page[Entry]]:
    number = 0
    while True:
        number += 1
        yield logs.search(
            account_id=subject.id,
            before=subject.began_at,
            page=number,
            page_size=client.MAX_PAGE_SIZE,
        )


def _event(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": chapters.plain(event.started_at),
        "action": event.action,
        "outcome": event.outcome,
        "by": event.actor_kind,
        "changes": event.changes,
        "ip": event.address,
        "user_agent": event.user_agent,
        "request": event.request_id,
    }


def _changes(event: AuditEvent) -> str:
    if event.outcome != Outcome.DONE:
        return ""
    return ", ".join(
        f"{field.title}: {field.before or '–'} → {field.after or '–'}"
        for field in event.changed_fields()
    )


def _sent(notice: Notice) -> str:
    return str(notice.get_state_display())


def _cut() -> str:
    return _("Only the newest are listed here. Ask for the older ones if you need them.")
