"""What is kept for it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Reminders(AppConfig):
    """The app that keeps whom to remind, and when."""

    name = "accountsite.reminders"
    label = "reminders"
    verbose_name = _("Reminders")
