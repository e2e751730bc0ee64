"""Work outside of requests."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Schedule(AppConfig):
    """The app that remembers when each job ran."""

    name = "accountsite.schedule"
    label = "schedule"
    verbose_name = _("Schedule")
