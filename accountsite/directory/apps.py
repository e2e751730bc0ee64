"""The people of the tenant, for admins."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Directory(AppConfig):
    """The app with the users of Django's admin."""

    name = "accountsite.directory"
    label = "directory"
    verbose_name = _("People")
