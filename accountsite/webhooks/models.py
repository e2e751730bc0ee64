"""What Logto told, and what came of it."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accountsite import encryption
from accountsite.webhooks import words

PURPOSE = "webhook"
KEPT = timedelta(days=30)
# After each attempt; the first is longer than an attempt takes, so that nobody else begins one.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MOST_ATTEMPTS = len(WAITS) + 1


class State(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    TOO_OLD = "too_old", _("Too old")
    UNKNOWN = "unknown", _("No use for it")
    FAILED = "failed", _("Failed")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by what is to be done with them."""

    def due(self) -> "DeliveryQuerySet":
        """Those that wait, and have waited long enough."""
        return self.filter(state=State.WAITING, next_attempt_at__lte=timezone.now())

    def old(self) -> "DeliveryQuerySet":
        """Those that nobody asks about any more, and that are too old to be sent again."""
        kept = max(KEPT, timedelta(days=1, seconds=settings.WEBHOOK_MAX_AGE_SECONDS))
        return self.filter(received_at__lt=timezone.now() - kept)


class Delivery(models.Model):
    """One body, however often it arrives. It is kept sealed, as it tells of a person."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=128, editable=False)
    account_id = models.CharField(_("account"), max_length=128, blank=True, editable=False)
    hook_id = models.CharField(_("webhook"), max_length=128, blank=True, editable=False)
    body = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("happened"), null=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    was_missed = models.BooleanField(
        _("fetched"),
        default=False,
        editable=False,
        help_text=_("It did not arrive by itself: this site asked Logto what it had missed."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    effects = models.JSONField(_("effect"), default=list, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    processed_at = models.DateTimeField(_("processed"), null=True)
    error = models.CharField(_("last error"), max_length=100, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        """Newest first, as people look for them."""

        ordering: ClassVar = ["-received_at", "-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="delivery_by_time"),
            models.Index(fields=["account_id", "event", "-created_at"], name="delivery_by_account"),
            models.Index(fields=["event", "-received_at"], name="delivery_by_event"),
            models.Index(fields=["state", "next_attempt_at"], name="delivery_due"),
        ]

    def __str__(self) -> str:
        """What stands in lists of admins."""
        return f"{self.event} {self.received_at:%Y-%m-%d %H:%M:%S}"

    @property
    def correlation_id(self) -> str:
        """By which log lines and audit events name this delivery."""
        return f"webhook-{self.pk}"

    @property
    def effect(self) -> str:
        """What came of it, in words."""
        return words.of(self.effects)

    @staticmethod
    def sealed(content: Any) -> bytes:
        """How a body with this content is kept; `content` gives it back."""
        text = json.dumps(content, separators=(",", ":"))
        return encryption.seal(text.encode(), purpose=PURPOSE)

    def content(self) -> Any:
        """What the body held, or None where it was erased, or sealed with a key that is gone."""
        try:
            return json.loads(encryption.unseal(bytes(self.body), purpose=PURPOSE))
        except encryption.Unreadable:
            return None

    def claimed(self) -> bool:
        """Take it for one attempt that begins now. False if another process was quicker."""
        now: datetime = timezone.now()
        mine = Delivery.objects.due().filter(pk=self.pk, attempts=self.attempts)
        wait = WAITS[min(self.attempts, len(WAITS) - 1)]
        attempts, next_attempt_at = self.attempts + 1, now + wait
        if not mine.update(attempts=attempts, next_attempt_at=next_attempt_at):
            return False
        self.attempts, self.next_attempt_at = attempts, next_attempt_at
        return True


class KnownAccount(models.Model):
    """An account as Logto last told of it: by field, a keyed hash that gives no value away."""

    account_id = models.CharField(max_length=128, primary_key=True)
    hashes = models.JSONField(default=dict)
    as_of = models.DateTimeField()

    def __str__(self) -> str:
        """Whose it is."""
        return self.account_id


class Reconciliation(models.Model):
    """Up to when a webhook's deliveries were compared with what arrived here."""

    hook_id = models.CharField(max_length=128, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        """Which one, and until when."""
        return f"{self.hook_id} {self.until:%Y-%m-%d %H:%M:%S}"
