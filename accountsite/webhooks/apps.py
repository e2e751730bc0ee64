"""What Logto tells by itself."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Webhooks(AppConfig):
    """The app that keeps the deliveries."""

    name = "accountsite.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")
