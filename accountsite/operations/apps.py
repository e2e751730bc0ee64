"""What operators need: health, logs, checks."""

from django.apps import AppConfig


class Operations(AppConfig):
    """The app whose system checks guard the deployment."""

    name = "accountsite.operations"
    label = "operations"
