"""From a change to the mail about it."""

import logging
import smtplib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.mail import InvalidMailer
from django.db import DatabaseError, transaction
from django.tasks import task
from django.utils import timezone, translation

from accountsite import measurements
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.logto import correlation, errors
from accountsite.notices import letters
from accountsite.notices.models import MOST_ATTEMPTS, Notice, State
from accountsite.refusals import Refusal

logger = logging.getLogger(__name__)

AT_ONCE = 100  # mails in one round of the scheduled job
PROMISED = timedelta(minutes=10)  # longer than any change takes
PERMANENT = 500  # SMTP replies from here on are final


def announce(
    event: AuditEvent, *addresses: str | None, language: str = "", time_zone: str = ""
) -> None:
    """Tell the owner of these addresses of a change, by a mail to each; None and "" get none.

    Language and time zone are those of the request at hand, which is the person's own; who acts for
    somebody else names theirs. Nothing is raised, and nobody waits for the mail server.
    """
    for address in _each(addresses):
        try:
            notice, is_new = _kept(event, address, language, time_zone)
            if is_new or notice.fell_due():
                measurements.tell(measurements.Mail(outcome="queued"))
                deliver.enqueue(notice.pk)
        except DatabaseError:
            logger.exception("no notice of audit event %s", event.pk)


@contextmanager
def promised(
    event: AuditEvent, *addresses: str | None, language: str = "", time_zone: str = ""
) -> Iterator[None]:
    """Keep the mails of `announce` ready around the one call that makes the change.

    For an address that nobody could find out later: should this process die before it announces,
    or should nobody hear whether the change was made, they are sent after PROMISED all the same,
    and tell how far it came. Raises DatabaseError, and then nothing was changed.
    """
    with transaction.atomic():
        kept = [
            _kept(event, address, language, time_zone, wait=PROMISED)
            for address in _each(addresses)
        ]
    try:
        yield
    except (Refusal, errors.Rejected):
        _take_back(kept)
        raise
    except errors.Unavailable as error:
        if not error.maybe_done:
            _take_back(kept)
        raise


def _each(addresses: Iterable[str | None]) -> Iterable[str]:
    return dict.fromkeys(address.lower() for address in addresses if address)


def _kept(
    event: AuditEvent,
    address: str,
    language: str,
    time_zone: str,
    *,
    wait: timedelta = timedelta(0),
) -> tuple[Notice, bool]:
    """The notice for an address, and whether it was made now; then it is due after `wait`."""
    return Notice.objects.get_or_create(
        event=event,
        recipient=address,
        defaults={
            "language": language or translation.get_language() or "en",
            "time_zone": time_zone or timezone.get_current_timezone_name(),
            "next_attempt_at": timezone.now() + wait,
        },
    )


def _take_back(kept: Iterable[tuple[Notice, bool]]) -> None:
    """Delete those that were made for a change that was not made."""
    keys = [notice.pk for notice, is_new in kept if is_new]
    try:
        Notice.objects.filter(pk__in=keys, attempts=0).delete()
    except DatabaseError:
        logger.exception("a mail tells of a change that was refused")


@task
def deliver(notice_id: int) -> None:
    """Try to send one notice, unless it was sent or is being sent. The next try comes by itself."""
    _try(notice_id)


def deliver_due() -> int:
    """Try what is due, and give up on what was tried too often. Tells how many it tried.

    It ends when the mail server does not answer: the others would wait for it in vain.
    """
    due = Notice.objects.due()
    due.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED)
    keys = due.order_by("next_attempt_at").values_list("pk", flat=True)[:AT_ONCE]
    tried = 0
    for key in list(keys):
        tried += 1
        error = _try(key)
        if error is not None and not _smtp_codes(error):
            break
    return tried


def try_again(notice: Notice) -> None:
    """Send one that failed as if it were new."""
    notice.state, notice.attempts, notice.next_attempt_at = State.QUEUED, 0, timezone.now()
    notice.save(update_fields=["state", "attempts", "next_attempt_at"])
    deliver.enqueue(notice.pk)


def forget_old() -> int:
    """Delete the notices of long ago. Tells how many."""
    forgotten: int = Notice.objects.old().delete()[0]
    return forgotten


def forget_sent(action: Action, *, but: Collection[int] = ()) -> int:
    """Delete the notices of such events, but these, that wait no more: with the address in them."""
    done = Notice.objects.filter(event__action=action).exclude(state=State.QUEUED)
    forgotten: int = done.exclude(event_id__in=but).delete()[0]
    return forgotten


def _try(notice_id: int) -> Exception | None:
    """Send it if it is due. Gives what went wrong, if anything did."""
    notice = Notice.objects.due().select_related("event").filter(pk=notice_id).first()
    if notice is None or not notice.claimed():
        return None
    try:
        with correlation.bound(notice.event.request_id):
            letters.of(notice).send(using="default")
    except (OSError, ValueError, InvalidMailer) as error:  # an SMTPException is an OSError
        _failed(notice, error)
        return error
    notice.state, notice.sent_at, notice.last_error = State.SENT, timezone.now(), ""
    notice.save(update_fields=["state", "sent_at", "last_error"])
    measurements.tell(measurements.Mail(outcome="sent"))
    return None


def _failed(notice: Notice, error: Exception) -> None:
    notice.last_error = _words_for(error)
    if notice.attempts >= MOST_ATTEMPTS or _is_final(error):
        notice.state = State.FAILED
    notice.save(update_fields=["state", "last_error"])
    is_over = notice.state == State.FAILED
    measurements.tell(measurements.Mail(outcome="failed" if is_over else "delayed"))
    logger.warning(
        "notice %s %s after attempt %d: %s",
        notice.pk,
        "failed" if is_over else "waits",
        notice.attempts,
        notice.last_error,
    )


def _is_final(error: Exception) -> bool:
    """Whether no later attempt can do better: the address or our own settings are wrong."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # the operator can mend it
    codes = _smtp_codes(error)
    return min(codes, default=0) >= PERMANENT or isinstance(error, ValueError | LookupError)


def _words_for(error: Exception) -> str:
    """What went wrong, without the server's text, which may name the person."""
    return " ".join([type(error).__name__, *map(str, sorted(_smtp_codes(error)))])


def _smtp_codes(error: Exception) -> set[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _text in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()
