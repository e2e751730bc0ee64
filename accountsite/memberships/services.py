"""Who runs an organization, and which ones would be left without.

Logto knows no admins: what a role allows, a tenant says by scopes with names of its own. So a role
counts as one of admins

1. if ACCOUNTSITE_ORGANIZATION_ADMIN_ROLES is set: if it is named there, and not otherwise;
2. else if it carries a scope to manage members, such as `manage:members` or `delete:member`;
3. if no role of the tenant does: if it is called admin, administrator or owner.

Case does not count. An admin who is suspended can't help an organization, and does not count either.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from accountsite.logto import organizations, parallel
from accountsite.logto.client import Page
from accountsite.logto.organizations import Member, Organization, Role

NAMES = {"admin", "administrator", "owner"}
MANAGING = {"manage", "delete", "remove", "update", "edit", "write", "admin", "all"}
MEMBERS = {"member", "members", "membership", "memberships"}
HOLDERS = 20  # of a role, that are looked at: a second admin is among the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderless:
    """An organization whose only admin a person is. `others` are the members beside them."""

    organization: Organization
    others: int


def last_admin_of(account_id: str) -> tuple[Leaderless, ...]:
    """The organizations that a person is the last admin of, in two round trips to Logto.

    Raises NotFound for an unknown person, and Unavailable.
    """
    memberships, roles = parallel.gather(
        functools.partial(organizations.of_user, account_id), organizations.roles
    )
    return without(account_id, memberships, roles)


def without(
    account_id: str, memberships: Iterable[Organization], roles: Iterable[Role]
) -> tuple[Leaderless, ...]:
    """Which of a person's organizations nobody would run without them, in one round trip.

    `roles` are all organization roles of the tenant, with their scopes. Raises Unavailable.
    """
    running = admin_role_ids(roles)
    run_by_them = [each for each in memberships if running & {role.id for role in each.roles}]
    # Flat, so that all of it waits at the same time: for each organization first how many they are.
    role_ids = (None, *sorted(running))
    pages = iter(
        parallel.gather(
            *(
                functools.partial(_members, organization.id, role_id)
                for organization in run_by_them
                for role_id in role_ids
            )
        )
    )
    found = []
    for organization in run_by_them:
        every, *holders = (next(pages) for _role_id in role_ids)
        if not any(_has_another(page, account_id) for page in holders):
            others = max(0, (len(every.items) if every.total is None else every.total) - 1)
            found.append(Leaderless(organization=organization, others=others))
    return tuple(found)


def admin_role_ids(roles: Iterable[Role]) -> set[str]:
    """Those of a tenant's organization roles that make admins."""
    roles = tuple(roles)
    if named := {name.casefold() for name in settings.ORGANIZATION_ADMIN_ROLES}:
        return {role.id for role in roles if role.name.casefold() in named}
    managing = {role.id for role in roles if any(map(_manages_members, role.scopes))}
    return managing or {role.id for role in roles if role.name.casefold() in NAMES}


def _manages_members(scope: str) -> bool:
    words = set(re.split(r"[^a-z]+", scope.casefold()))
    return bool(words & MANAGING and words & MEMBERS)


def _members(organization_id: str, role_id: str | None) -> Page[Member]:
    size = HOLDERS if role_id else 1
    return organizations.members(organization_id, role_id=role_id, page_size=size)


def _has_another(page: Page[Member], account_id: str) -> bool:
    others = [
        member
        for member in page.items
        if member.user.id != account_id and not member.user.is_suspended
    ]
    return bool(others) or page.has_next
