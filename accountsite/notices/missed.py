"""Changes of which no mail was queued: a process died before it could, or an answer was lost.

Whether a change was made whose answer was lost nobody knows, so its mail says just that. What an
admin does, and a change of the address itself, is promised before: see `delivery.promised`.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.logto import errors, users
from accountsite.notices import delivery
from accountsite.notices.models import Notice
from accountsite.signin import preferences

SETTLED = timedelta(minutes=5)  # longer than any change takes
LOOKED_FOR = timedelta(days=2)
AT_ONCE = 100

# What its owner is always told of, when they do it themselves.
TOLD = frozenset(
    {
        Action.APP_REVOKED,
        Action.APPS_REVOKED,
        Action.AUTHENTICATOR_ADDED,
        Action.AUTHENTICATOR_REMOVED,
        Action.AUTHENTICATOR_REPLACED,
        Action.BACKUP_CODES_GENERATED,
        Action.BACKUP_CODES_REMOVED,
        Action.CONNECTION_ADDED,
        Action.CONNECTION_REMOVED,
        Action.CONNECTION_REPLACED,
        Action.CONNECTION_TOKEN_REMOVED,
        Action.CUSTOM_DATA_CHANGED,
        Action.DELETION_CANCELED,
        Action.DELETION_SCHEDULED,
        Action.EMAIL_CHANGED,
        Action.EMAIL_REMOVED,
        Action.EXPORT_DOWNLOADED,
        Action.EXPORT_REQUESTED,
        Action.INVITATION_ACCEPTED,
        Action.INVITATION_DECLINED,
        Action.ORGANIZATION_LEFT,
        Action.PASSKEY_ADDED,
        Action.PASSKEY_REMOVED,
        Action.PASSKEY_RENAMED,
        Action.PASSWORD_CHANGED,
        Action.PASSWORD_SET,
        Action.PHONE_CHANGED,
        Action.PHONE_REMOVED,
        Action.SESSIONS_ENDED,
        Action.SESSION_ENDED,
        Action.TOKEN_CREATED,
        Action.TOKEN_REMOVED,
        Action.TOKEN_RENAMED,
        Action.TOKENS_REMOVED,
        Action.TRUSTED_DEVICE_REMOVED,
        Action.TWO_STEP_TURNED_OFF,
        Action.TWO_STEP_TURNED_ON,
        Action.USERNAME_CHANGED,
        Action.USERNAME_REMOVED,
    }
)


def tell(*, settled: timedelta = SETTLED) -> int:
    """Queue the mails that are missing. Tells of how many changes.

    A change that was begun longer than `settled` ago and never ended ends as uncertain. The job
    stops when Logto does not answer: the others would wait for it in vain.
    """
    trail.give_up(after=settled)
    told = 0
    for event in _untold(settled):
        try:
            told += _tell(event)
        except errors.LogtoError:
            break
    return told


def _untold(settled: timedelta) -> Iterable[AuditEvent]:
    """The newest ones first, without those that were looked at before.

    Sessions come last: they mostly ended by another change, whose mail tells more.
    """
    now = timezone.now()
    found = AuditEvent.objects.filter(
        started_at__range=(now - LOOKED_FOR, now - settled),
        action__in=TOLD,
        actor_kind=ActorKind.PERSON,
        outcome__in=(Outcome.DONE, Outcome.UNKNOWN),
        notices=None,
    ).order_by("-started_at")
    fresh = [event for event in found[: 10 * AT_ONCE] if not cache.get(_key(event))][:AT_ONCE]
    return sorted(fresh, key=lambda event: event.action == Action.SESSIONS_ENDED)


def _tell(event: AuditEvent) -> bool:
    """Find out where to write to, and in which language. Raises Unavailable and the like."""
    is_told = False
    if not _was_told_of(event):
        try:
            user = users.get(event.account_id)
        except errors.NotFound:
            user = None
        if user is not None and user.primary_email:
            liked = preferences.from_profile(user.profile.locale, user.profile.zoneinfo)
            delivery.announce(
                event,
                user.primary_email,
                language=liked.get("language", ""),
                time_zone=liked.get("time_zone", ""),
            )
            is_told = True
    if not is_told:
        cache.set(_key(event), 1, LOOKED_FOR.total_seconds())
    return is_told


def _was_told_of(event: AuditEvent) -> bool:
    """Whether a mail about the same page request went out, or the same was tried again and told."""
    others = Notice.objects.filter(event__account_id=event.account_id)
    if event.request_id and others.filter(event__request_id=event.request_id).exists():
        return True
    return (
        event.outcome == Outcome.UNKNOWN
        and others.filter(
            event__action=event.action, event__started_at__gt=event.started_at
        ).exists()
    )


def _key(event: AuditEvent) -> str:
    """Where it is remembered that nothing is to be told; forgetting it costs one look more."""
    return f"notices:told:{event.pk}"
