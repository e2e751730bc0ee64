"""Puts our admin site in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class Admin(AdminConfig):
    """Django's admin, with a first page that tells how things are."""

    default_site = "accountsite.dashboard.site.Site"
