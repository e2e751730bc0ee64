"""What the tenant has of all that a site needs."""

from dataclasses import dataclass

from django.conf import settings

from accountsite.logto import account_center, applications, hooks, parallel, roles
from accountsite.logto.account_center import AccountCenter
from accountsite.logto.applications import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The tenant at one moment. `own` is the application by which it is asked."""

    own: Application
    applications: tuple[Application, ...]
    hooks: tuple[hooks.Hook, ...]
    roles: tuple[roles.Role, ...]
    account_center: AccountCenter


def read() -> Inventory:
    """Look at everything at the same time. Raises LogtoError."""
    own, every, listeners, held, center = parallel.gather(
        lambda: applications.get(settings.LOGTO_M2M_APP_ID),
        applications.every,
        hooks.every,
        lambda: roles.every(with_those_for_machines=True),
        account_center.get,
    )
    return Inventory(
        own=own, applications=every, hooks=listeners, roles=held, account_center=center
    )
