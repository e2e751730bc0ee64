"""By what it is known that something of the tenant was made by this program, and for which site.

Applications keep data for whoever wants to, which people don't see: there the mark is. Webhooks and
roles have no such place. There it is the name of the one and the description of the other, and who
changes that takes it over: it is not changed or removed any more.
"""

from enum import StrEnum
from typing import Any

from accountsite.logto import applications, hooks, reading, roles
from accountsite.provisioning.sites import Site

KEY = "accountsiteProvision"  # in the custom data of applications
MADE_BY = "Made by accountsite provision"


class Use(StrEnum):
    """What an application is for."""

    SIGN_IN = "sign-in"
    TOKEN_EXCHANGE = "token-exchange"  # noqa: S105 - a use


def of_application(site: Site, use: Use) -> dict[str, Any]:
    """The custom data that an application is made with."""
    return {KEY: {"site": site.origin, "use": use.value}}


def is_application_of(application: applications.Application, site: Site, use: Use) -> bool:
    """Whether it was made for this site and use."""
    return bool(_mark(application) == of_application(site, use)[KEY])


def site_of(application: applications.Application) -> str | None:
    """The origin of the site that it was made for, None if it was not made here."""
    return reading.loose_text(_mark(application), "site")


def of_hook(site: Site) -> str:
    """The name that a webhook is made with."""
    return f"{MADE_BY} for {site.origin}"


def is_hook_of(hook: hooks.Hook, site: Site) -> bool:
    """Whether it was made for this site."""
    return hook.name == of_hook(site)


def of_role(description: str) -> str:
    """The description that a role is made with; all sites of a tenant share its roles."""
    return f"{description} {MADE_BY}."


def is_role(role: roles.Role) -> bool:
    """Whether it was made here."""
    return role.is_for_people and role.description.endswith(f" {MADE_BY}.")


def _mark(application: applications.Application) -> dict[str, Any]:
    mark = application.custom_data.get(KEY)
    return mark if isinstance(mark, dict) else {}
