"""From the creation of a token to the mail before it expires.

Logto tells nobody that a token expires, and lists tokens by person only. So this site remembers
those that it created, and asks Logto again before it writes: what was removed meanwhile, or belongs
to nobody any more, is forgotten without a word.
"""

import functools
import itertools
import logging
import operator
import zoneinfo
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.logto import errors, parallel, tokens, users
from accountsite.logto.tokens import PersonalAccessToken
from accountsite.notices import delivery as notices
from accountsite.reminders.models import Reminder

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=7)
SHORTLY_AHEAD = timedelta(days=2)  # of one that lives for so short that a week is most of its life
SHORT_LIFE = 2 * AHEAD
AT_ONCE = 1000  # in one round of the daily job


def remember(account_id: str, token: PersonalAccessToken) -> None:
    """Have the person told before this new token expires. It is no reason to fail: nothing is raised."""
    if token.expires_at is None:
        return
    try:
        Reminder.objects.update_or_create(
            account_id=account_id,
            token_created_at=token.created_at,
            defaults={
                "expires_at": token.expires_at,
                "due_at": _due_at(token.created_at, token.expires_at),
                "language": translation.get_language() or "en",
                "time_zone": timezone.get_current_timezone_name(),
            },
        )
    except DatabaseError:
        logger.exception("nobody will be reminded of a token")


def forget(account_id: str) -> None:
    """Keep nothing about this person's tokens."""
    Reminder.objects.filter(account_id=account_id).delete()


def send_due() -> int:
    """Write to those whose tokens expire soon, once for each token. Tells how many mails it queued.

    It ends when Logto does not answer: the others would wait for it in vain, until the next time.
    Where the operator has taken the section away, there is nowhere to go on from such a mail.
    """
    if not settings.TOKENS:
        return 0
    now = timezone.now()
    Reminder.objects.over(now).delete()
    due = Reminder.objects.due(now).order_by("expires_at")[:AT_ONCE]
    by_account = operator.attrgetter("account_id")
    sent = 0
    for account_id, reminders in itertools.groupby(sorted(due, key=by_account), key=by_account):
        try:
            sent += _tell(account_id, list(reminders))
        except errors.Unavailable:
            logger.warning("reminders wait: Logto does not answer")
            break
    return sent


def _due_at(created_at: datetime, expires_at: datetime) -> datetime:
    is_short = expires_at - created_at <= SHORT_LIFE
    return expires_at - (SHORTLY_AHEAD if is_short else AHEAD)


def _tell(account_id: str, reminders: Iterable[Reminder]) -> int:
    try:
        person, known = parallel.gather(
            functools.partial(users.get, account_id), functools.partial(tokens.of_user, account_id)
        )
    except errors.NotFound:
        forget(account_id)
        return 0
    by_creation = {token.created_at: token for token in known}
    return sum(
        _remind(person, by_creation.get(reminder.token_created_at), reminder)
        for reminder in reminders
    )


def _remind(person: users.User, token: PersonalAccessToken | None, reminder: Reminder) -> bool:
    """Queue the mail, unless another process has. All of it is in the database, or none."""
    if token is None:
        reminder.delete()
        return False
    if person.is_suspended or not person.primary_email:
        return False  # it can change until the token expires
    last_day = timezone.localdate(reminder.expires_at, zoneinfo.ZoneInfo(reminder.time_zone))
    with transaction.atomic():
        mine = Reminder.objects.filter(pk=reminder.pk, told_at=None)
        if not mine.update(told_at=timezone.now()):
            return False
        event = trail.record(
            Action.TOKEN_EXPIRING,
            person.id,
            values={"token": (token.name, None), "expiry": (last_day.isoformat(), None)},
            actor=trail.SYSTEM,
        )
        notices.announce(
            event,
            person.primary_email,
            language=reminder.language,
            time_zone=reminder.time_zone,
        )
    return True
