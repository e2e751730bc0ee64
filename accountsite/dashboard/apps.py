"""What admins see first."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Dashboard(AppConfig):
    """An app without tables, whose `admin` shows those of others."""

    name = "accountsite.dashboard"
    label = "dashboard"
    verbose_name = _("Dashboard")
