"""The demo as a Django application: the site knows it for its command, the tenant for its pages."""

from django.apps import AppConfig


class Demo(AppConfig):
    name = "accountsite.demo"
    label = "demo"
