"""Mails about changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Notices(AppConfig):
    """The app that keeps track of what was sent."""

    name = "accountsite.notices"
    label = "notices"
    verbose_name = _("Notices")
