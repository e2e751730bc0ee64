"""The end of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Deletion(AppConfig):
    """The app that remembers which accounts are to be deleted."""

    name = "accountsite.deletion"
    label = "deletion"
    verbose_name = _("Deletion of accounts")
