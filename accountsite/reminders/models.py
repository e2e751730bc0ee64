"""One row for each token that was created here and will expire."""

from datetime import datetime
from typing import ClassVar

from django.db import models


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders by what is to be done with them."""

    def due(self, now: datetime) -> "ReminderQuerySet":
        """Those that nobody was sent yet, of tokens that still work."""
        return self.filter(told_at=None, due_at__lte=now, expires_at__gt=now)

    def over(self, now: datetime) -> "ReminderQuerySet":
        """Those of tokens that have expired."""
        return self.filter(expires_at__lte=now)


class Reminder(models.Model):
    """Whom to remind of which token: neither its value nor its name is here.

    The moment of its creation tells it from the person's others, and stays when it is renamed.
    Language and time zone are those in which it was created.
    """

    account_id = models.CharField(max_length=128)
    token_created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=16)
    time_zone = models.CharField(max_length=64)
    told_at = models.DateTimeField(null=True)

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        """Each token once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account_id", "token_created_at"], name="one_reminder_for_each"
            )
        ]

    def __str__(self) -> str:
        """What stands in logs."""
        return f"reminder {self.pk} for {self.due_at:%Y-%m-%d}"
