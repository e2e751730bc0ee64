"""What admins see first."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class Dashboard(AppConfig):
    """An app without tables, whose `admin` shows those of others."""

    name = "accountsite.dashboard"
    label = "dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Call the queue's table by what it holds, not by how it is made."""
        apps.get_app_config("django_tasks_database").verbose_name = _("Tasks")
