"""What the server remembers of who is signed in."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long an ended or expired session is remembered: long enough to tell the person why it
# ended, and to keep what they had typed for them and nobody else.
REMEMBERED = timedelta(days=1)


class EndReason(models.TextChoices):
    """Why a session ended, as far as the person should be told."""

    SIGNED_OUT = "signed_out", _("Signed out here")
    REPLACED = "replaced", _("Replaced by a new sign-in")
    EXPIRED = "expired", _("Expired")
    ENDED_ELSEWHERE = "ended_elsewhere", _("Ended at the identity provider")
    SUSPENDED = "suspended", _("Account suspended")
    GONE = "gone", _("Account deleted")


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by what the rest of the site asks of them."""

    def live(self) -> "SessionQuerySet":
        """Those that still open a page: not ended, not idle for too long, not too old."""
        now = timezone.now()
        return self.filter(
            ended_at=None,
            last_seen_at__gt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
            created_at__gt=now - timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS),
        )

    def forgettable(self) -> "SessionQuerySet":
        """Those that nobody needs any more, not even to be told why they ended."""
        oldest = timezone.now() - REMEMBERED
        longest_life = timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
        return self.filter(
            models.Q(ended_at__lt=oldest)
            | models.Q(last_seen_at__lt=oldest, created_at__lt=oldest - longest_life)
            | models.Q(account_id="", last_seen_at__lt=oldest)
        )


class Session(models.Model):
    """A browser's session. The browser holds the key; here is only its hash."""

    key_hash = models.CharField(max_length=64, primary_key=True, editable=False)
    payload = models.BinaryField(editable=False)
    account_id = models.CharField(max_length=128, blank=True, db_index=True)
    logto_sid = models.CharField(max_length=128, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        """Newest first, as people look for them."""

        ordering: ClassVar = ["-last_seen_at"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        """Whose it is, without anything that would open it."""
        return f"{self.account_id or 'nobody'} since {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def expires_at(self) -> datetime:
        """When it ends if nothing more is heard of this browser."""
        return min(
            self.last_seen_at + timedelta(seconds=settings.SESSION_IDLE_SECONDS),
            self.created_at + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS),
        )

    @property
    def is_live(self) -> bool:
        """Whether it still opens a page."""
        return self.ended_at is None and self.expires_at > timezone.now()


class UsedLogoutToken(models.Model):
    """A back-channel logout token that was obeyed: each `jti` works once."""

    jti_hash = models.CharField(max_length=64, primary_key=True)
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        """The hash: the token itself is not kept."""
        return self.jti_hash
