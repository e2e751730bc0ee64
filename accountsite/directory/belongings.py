"""What an account holds besides itself: roles, organizations, custom data."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accountsite.audit.actions import Action
from accountsite.directory.accounts import told
from accountsite.directory.cases import Case, Changed, Unable
from accountsite.limits import turns
from accountsite.logto import organizations, roles, users
from accountsite.logto.organizations import Organization
from accountsite.logto.roles import Role
from accountsite.signin import staff


def set_roles(case: Case, wanted: Iterable[Role]) -> None:
    """Give exactly these roles; what they bring here counts at once.

    Raises Unable for an admin who would lose the role that they manage people by, and Unavailable.
    """
    wanted = tuple(wanted)
    before, after = (_named(each.name for each in some) for some in (case.held, wanted))
    if before == after:
        raise Unable(_("Nothing is different from what it was."))
    level = staff.level_of(role.name for role in wanted)
    with case.change(Action.ROLES_CHANGED, values={"roles": (before, after)}), told():
        if case.is_self and (level is None or level < case.actor.level):
            raise Unable(
                _("You would lose what you may do here. Ask another admin to take this role away.")
            )
        roles.replace(case.person.id, role_ids=[role.id for role in wanted])
        staff.adjust(case.person.id, level)


def join(case: Case, organization: Organization, role_ids: Iterable[str]) -> None:
    """Make them a member, with these organization roles. Raises Unable and Unavailable."""
    values = {"organization": (None, organization.name)}
    role_ids = list(role_ids)
    with case.change(Action.ORGANIZATIONS_CHANGED, values=values), told():
        organizations.add(organization.id, account_ids=[case.person.id])
        if role_ids:
            organizations.replace_roles(
                organization.id, account_id=case.person.id, role_ids=role_ids
            )


def set_organization_roles(
    case: Case, organization: Organization, wanted: Iterable[organizations.Role]
) -> None:
    """Give exactly these roles in an organization of theirs. Raises Unable and Unavailable."""
    wanted = tuple(wanted)
    before, after = (_named(each.name for each in some) for some in (organization.roles, wanted))
    if before == after:
        raise Unable(_("Nothing is different from what it was."))
    values = {"organization": (organization.name, organization.name), "roles": (before, after)}
    with case.change(Action.ORGANIZATIONS_CHANGED, values=values), told():
        organizations.replace_roles(
            organization.id,
            account_id=case.person.id,
            role_ids=[role.id for role in wanted],
        )


def leave(case: Case, organization: Organization) -> None:
    """Take them out of an organization, the last admin too. Raises Unable and Unavailable."""
    values = {"organization": (organization.name, None)}
    with case.change(Action.ORGANIZATIONS_CHANGED, values=values), told():
        organizations.remove(organization.id, account_id=case.person.id)


def set_custom_data(case: Case, data: dict[str, Any], *, seen: str) -> None:
    """Put this in place of all custom data, unless it is no longer what the admin saw.

    Raises Changed, Unable and Unavailable, and turns.Busy while somebody else writes.
    """
    keys = sorted(
        key
        for key in {*case.person.custom_data, *data}
        if _said(case.person.custom_data.get(key, _said)) != _said(data.get(key, _said))
    )
    if not keys:
        raise Unable(_("Nothing is different from what it was."))
    values = {"custom_data": (None, ", ".join(keys))}
    with (
        case.change(Action.CUSTOM_DATA_CHANGED, values=values),
        told(),
        turns.alone(f"custom-data:{case.person.id}"),
    ):
        if fingerprint(users.custom_data(case.person.id)) != seen:
            raise Changed
        users.replace_custom_data(case.person.id, data)


def fingerprint(value: Any) -> str:
    """What tells whether it is still the same, and nothing of what it is."""
    return hashlib.sha256(_said(value).encode()).hexdigest()


def _said(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
