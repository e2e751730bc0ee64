"""Limits on attempts."""

from django.apps import AppConfig


class Limits(AppConfig):
    """The app that keeps the counters."""

    name = "accountsite.limits"
    label = "limits"
