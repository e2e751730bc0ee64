"""One row for each account that is to be deleted, until nothing is left of it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# After each attempt. The first is longer than an attempt can take, so that nobody else makes it.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 5, 15, 60, 360, 1440))
DAY = timedelta(days=1)


class State(models.TextChoices):
    """How far it is. Each step is taken again if a process dies in it, and does no harm then."""

    SCHEDULED = "scheduled", _("Scheduled")  # it can be kept
    LEAVING = "leaving", _("Being deleted")  # the call to Logto is made, or about to be
    GONE = "gone", _("Deleted, traces remain")  # Logto has no such account any more


class Held(models.TextChoices):
    """Why one that is due waits all the same."""

    LAST_ADMIN = "last_admin", _("The last admin of an organization")
    SUSPENDED = "suspended", _("The account is suspended")


class DeletionQuerySet(models.QuerySet["Deletion"]):
    """Deletions by what is to be done with them."""

    def due(self) -> "DeletionQuerySet":
        """Those whose next step may be taken now."""
        return self.filter(next_attempt_at__lte=timezone.now())

    def can_be_kept(self) -> "DeletionQuerySet":
        """Those of which nothing was done yet."""
        return self.filter(state=State.SCHEDULED)


class Deletion(models.Model):
    """An account that is to be deleted. The row goes last of all.

    `email` is where the last mail goes, since Logto does not know it any more by then, and `event_id`
    the audit event that this mail tells of.
    """

    account_id = models.CharField(_("account"), max_length=128, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCHEDULED)
    held = models.CharField(_("held"), max_length=10, choices=Held, blank=True)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    email = models.EmailField(max_length=320, blank=True)
    language = models.CharField(max_length=16)
    time_zone = models.CharField(max_length=64)
    event_id = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_index=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    objects: ClassVar = DeletionQuerySet.as_manager()

    class Meta:
        """The next one first."""

        ordering: ClassVar = ["due_at", "pk"]
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")

    def __str__(self) -> str:
        """What stands in lists of admins."""
        return f"{self.account_id} {self.state}"

    @property
    def can_be_kept(self) -> bool:
        """Whether it is not too late."""
        return self.state == State.SCHEDULED

    def claimed(self) -> bool:
        """Take it for one attempt that begins now. False if another process was quicker."""
        wait = WAITS[min(self.attempts, len(WAITS) - 1)]
        mine = Deletion.objects.due().filter(pk=self.pk, attempts=self.attempts)
        changes = {"attempts": self.attempts + 1, "next_attempt_at": timezone.now() + wait}
        return self._moved(mine, changes)

    def begun(self, *, email: str) -> bool:
        """From now on it can't be kept. False if it was, in the meantime."""
        not_gone = Deletion.objects.filter(pk=self.pk).exclude(state=State.GONE)
        return self._moved(not_gone, {"state": State.LEAVING, "email": email, "held": ""})

    def put_off(self, held: Held | None, *, due_at: datetime, email: str) -> bool:
        """Wait for another day. False if it was kept in the meantime."""
        tomorrow = timezone.now() + DAY
        changes = {
            "state": State.SCHEDULED,
            "held": held or "",
            "due_at": due_at,
            "email": email,
            "attempts": 0,
            "next_attempt_at": tomorrow if held else due_at,
            "last_error": "",
        }
        return self._moved(Deletion.objects.filter(pk=self.pk), changes)

    def went(self, event_id: int) -> bool:
        """The account is gone at Logto, as this event says. What comes now needs no waiting."""
        changes = {"state": State.GONE, "event_id": event_id, "attempts": 0}
        return self._moved(Deletion.objects.filter(pk=self.pk), changes)

    def failed(self, error: Exception) -> None:
        """Note what went wrong, in a word that names nobody."""
        self._moved(Deletion.objects.filter(pk=self.pk), {"last_error": type(error).__name__[:100]})

    def _moved(self, rows: DeletionQuerySet, changes: dict[str, Any]) -> bool:
        if not rows.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True
