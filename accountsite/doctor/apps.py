"""The doctor, who has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Doctor(AppConfig):
    """The app that brings `manage.py doctor`."""

    name = "accountsite.doctor"
    label = "doctor"
    verbose_name = _("Doctor")
