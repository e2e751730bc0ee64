"""How the site looks."""

from django.apps import AppConfig


class Appearance(AppConfig):
    """The brand's colours, and filters for templates."""

    name = "accountsite.appearance"
