"""What can come of a delivery, each with its words for admins."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Effect(models.TextChoices):
    """One thing that was done, or why nothing was."""

    SESSIONS_ENDED = "sessions_ended", _("Signed out here")
    TASKS_CANCELED = "tasks_canceled", _("What was scheduled is canceled")
    FORGOTTEN = "forgotten", _("Forgotten here")
    AUDITED = "audited", _("Written into the audit trail")
    MAILED = "mailed", _("Mail to the person")
    DEVICE_SEEN = "device_seen", _("Device noted")
    REFRESHED = "refreshed", _("Cached data renewed")
    NOTED = "noted", _("State noted for later comparisons")
    NOTHING_CHANGED = "nothing_changed", _("Nothing had changed")
    OURS = "ours", _("Done by this site, and in the audit trail already")
    TOLD = "told", _("In the audit trail already")
    OVERTAKEN = "overtaken", _("Overtaken by a later event")
    NOBODY = "nobody", _("No such account")


def of(effects: Iterable[str]) -> str:
    """These effects in one line; those of a newer version stand as they are."""
    names = [str(Effect(code).label) if code in Effect else code for code in effects]
    return ", ".join(names)
