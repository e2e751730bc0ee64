"""Which mails must have come, and which of them did not."""

from collections.abc import Iterator

from tests.chaos.records import Event
from tests.chaos.truth import Evidence, stands_for

# What its owner gets a mail about. Written down here once more, on purpose: a list that was taken
# from the site would agree with it when it forgets something.
TOLD_BY_MAIL = frozenset(
    {
        "account.restored",
        "account.suspended",
        "app.revoked",
        "apps.revoked",
        "authenticator.added",
        "authenticator.removed",
        "authenticator.replaced",
        "backup_codes.generated",
        "backup_codes.removed",
        "connection.added",
        "connection.removed",
        "connection.replaced",
        "custom_data.changed",
        "email.changed",
        "email.removed",
        "export.downloaded",
        "export.requested",
        "password.changed",
        "password.set",
        "phone.changed",
        "phone.removed",
        "session.ended",
        "sessions.ended",
        "token.created",
        "token.removed",
        "token.renamed",
        "two_step.turned_off",
        "two_step.turned_on",
        "username.changed",
        "username.removed",
    }
)


def lost(evidence: Evidence) -> Iterator[str]:
    """Changes that took effect, whatever the person was told, of which no mail came."""
    for event in evidence.events:
        if not event.is_ours or event.action not in TOLD_BY_MAIL:
            continue
        if not _took_effect(evidence, event):
            continue
        notices = evidence.notices_of_event.get(event.id, [])
        missing = [notice for notice in notices if notice.id not in evidence.mailed]
        if missing or not (notices or _told_otherwise(evidence, event)):
            states = ", ".join(notice.state for notice in missing) or "none was queued"
            yield f"{event.action} {event.outcome}, event {event.id} of {event.account_id}: {states}"


def _told_otherwise(evidence: Evidence, event: Event) -> bool:
    """By the mail about another part of the same request, or about the same thing tried again."""
    return any(
        notice.id in evidence.mailed
        for other in evidence.events_of_account.get(event.account_id, ())
        if (other.request_id and other.request_id == event.request_id)
        or (event.outcome != "done" and other.action == event.action and other.id > event.id)
        for notice in evidence.notices_of_event.get(other.id, ())
    )


def _took_effect(evidence: Evidence, event: Event) -> bool:
    if event.outcome == "done":
        return True
    writes = evidence.writes_of(event.request_id)
    return any(write.is_change and stands_for(event, write) for write in writes)
