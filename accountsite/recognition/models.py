"""One row for each device of a person."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class KnownDevice(models.Model):
    """A device that somebody has signed in from. `event_id` is of the mail that is due, if one is.

    That event is in the audit trail, where what is old goes by itself: so it is no foreign key.
    """

    account_id = models.CharField(_("account"), max_length=128, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    words = models.CharField(_("device"), max_length=100, blank=True, editable=False)
    ip_version = models.PositiveSmallIntegerField(default=0, editable=False)
    first_seen_at = models.DateTimeField(_("first seen"), editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), editable=False, db_index=True)
    event_id = models.BigIntegerField(null=True, editable=False, db_index=True)

    class Meta:
        """Newest first, as people look for them."""

        ordering: ClassVar = ["-last_seen_at"]
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "fingerprint"], name="one_known_device")
        ]

    def __str__(self) -> str:
        """What stands in lists of admins."""
        return f"{self.account_id} {self.words}"
