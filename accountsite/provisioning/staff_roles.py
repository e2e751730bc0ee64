"""The roles whose holders may use the site's admin. All sites of a tenant share them."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings

from accountsite.logto import roles
from accountsite.logto.roles import Role
from accountsite.provisioning import marks
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step


def provide(found: Inventory) -> Iterator[Step]:
    """A role for each level of the staff, held by nobody yet."""
    known = {role.name: role for role in found.roles}
    for name, setting, description in _wanted():
        role = known.get(name)
        if role is None:
            make = partial(roles.create, name=name, description=marks.of_role(description))
            yield Step(outcome=Outcome.MADE, text=f"role {name}", act=make)
        elif role.is_for_people:
            yield Step(outcome=Outcome.RIGHT, text=f"role {name}")
        else:
            text = f"role {name} is one for machines, which no person can hold: name another by {setting}"
            yield Step(outcome=Outcome.BY_HAND, text=text)


def withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """The end of what was made here, but for what others rely on by now. Raises LogtoError."""
    others = {marks.site_of(application) for application in found.applications}
    others -= {None, site.origin}
    for role in found.roles:
        if marks.is_role(role):
            reason = f"{min(map(str, others))} needs it" if others else _reliance(role)
            if reason:
                yield Step(outcome=Outcome.LEFT, text=f"role {role.name}: {reason}")
            else:
                act = partial(roles.delete, role.id)
                yield Step(outcome=Outcome.REMOVED, text=f"role {role.name}", act=act)


def _wanted() -> Iterator[tuple[str, str, str]]:
    """Name, setting and description; a role that two settings name is the higher one."""
    wanted = (
        (settings.ACCOUNTSITE_ADMIN_ROLE, "ACCOUNTSITE_ADMIN_ROLE", "Manages people’s accounts."),
        (
            settings.ACCOUNTSITE_HELPER_ROLE,
            "ACCOUNTSITE_HELPER_ROLE",
            "Resets passwords, signs people out and unlocks their sign-in.",
        ),
        (settings.ACCOUNTSITE_VIEWER_ROLE, "ACCOUNTSITE_VIEWER_ROLE", "Looks up accounts."),
    )
    names: set[str] = set()
    for name, setting, description in wanted:
        if name not in names:
            names.add(name)
            yield name, setting, description


def _reliance(role: Role) -> str:
    """Why it is better kept: what people made of it is not this program's to undo."""
    if roles.holders(role.id, page_size=1).items:
        return "people hold it, so remove it in the Console if it is no longer needed"
    if roles.scopes(role.id):
        return "it has permissions, so remove it in the Console if it is no longer needed"
    return ""
