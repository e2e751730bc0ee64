"""What the tenant's apps are called: asked beside the log, and kept for some minutes."""

from collections.abc import Mapping

from django.core.cache import cache

from accountsite.elsewhere import apps
from accountsite.logto import applications

KEY = "activity:applications"
SECONDS = 300


def known() -> dict[str, str] | None:
    """The names by id, if they were asked for lately. Nobody waits."""
    names: dict[str, str] | None = cache.get(KEY)
    return names


def ask() -> dict[str, str]:
    """The names by id. Raises Unavailable."""
    return {application.id: application.name for application in applications.every()}


def keep(names: dict[str, str]) -> None:
    """Remember them for a while."""
    cache.set(KEY, names, SECONDS)


def name(application_id: str | None, names: Mapping[str, str]) -> str:
    """What an app is called, as on the page of apps; empty where nobody knows."""
    if not application_id:
        return ""
    return apps.name_of(application_id, names.get(application_id, ""))
