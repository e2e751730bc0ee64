"""One row for each mail, from the change that it tells of until it is old."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accountsite.audit import fields
from accountsite.audit.models import AuditEvent

# After each attempt; the first is longer than a mail server can keep us waiting, so that nobody
# else sends what is still being sent.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440))
MOST_ATTEMPTS = len(WAITS) + 1
KEPT = timedelta(days=30)


class State(models.TextChoices):
    """Where a mail is."""

    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by what is to be done with them."""

    def due(self) -> "NoticeQuerySet":
        """Those that wait, and have waited long enough."""
        return self.filter(state=State.QUEUED, next_attempt_at__lte=timezone.now())

    def old(self) -> "NoticeQuerySet":
        """Those that nobody will ask about any more."""
        return self.filter(created_at__lt=timezone.now() - KEPT)


class Notice(models.Model):
    """A mail about one event to one address."""

    event = models.ForeignKey(AuditEvent, models.CASCADE, related_name="notices")
    recipient = models.EmailField(max_length=320)
    language = models.CharField(max_length=16)
    time_zone = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        """Newest first, as people look for them."""

        ordering: ClassVar = ["-created_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "recipient"], name="one_mail_for_each")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "next_attempt_at"], name="notice_due")]

    def __str__(self) -> str:
        """What stands in lists of admins."""
        return f"{self.masked_recipient} {self.state}"

    @property
    def masked_recipient(self) -> str:
        """The address as admins see it."""
        return fields.email(self.recipient)

    @property
    def next_wait(self) -> timedelta:
        """How long after an attempt that begins now the next one may begin."""
        return WAITS[min(self.attempts, len(WAITS) - 1)]

    def claimed(self) -> bool:
        """Take it for one attempt that begins now. False if another process was quicker."""
        now: datetime = timezone.now()
        mine = Notice.objects.due().filter(pk=self.pk, attempts=self.attempts)
        attempts, next_attempt_at = self.attempts + 1, now + self.next_wait
        if not mine.update(attempts=attempts, next_attempt_at=next_attempt_at):
            return False
        self.attempts, self.next_attempt_at = attempts, next_attempt_at
        return True

    def fell_due(self) -> bool:
        """Let what was only promised so far be sent now. False if it was due, or tried, before."""
        now: datetime = timezone.now()
        waits = Notice.objects.filter(pk=self.pk, attempts=0, next_attempt_at__gt=now)
        return bool(waits.update(next_attempt_at=now))
