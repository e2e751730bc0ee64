"""The app that brings `manage.py provision`."""

from django.apps import AppConfig


class Provisioning(AppConfig):
    """It keeps nothing here: what it made is marked in the tenant."""

    name = "accountsite.provisioning"
    label = "provisioning"
