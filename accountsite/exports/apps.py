"""Copies of what is held about people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Exports(AppConfig):
    """The app that keeps them for a day."""

    name = "accountsite.exports"
    label = "exports"
    verbose_name = _("Exports")
