"""The record of changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Audit(AppConfig):
    """The app that keeps the events."""

    name = "accountsite.audit"
    label = "audit"
    verbose_name = _("Audit")
