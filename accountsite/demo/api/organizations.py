"""/organizations, and /users/:userId/organizations: who is a member where, with which roles."""

from typing import Any

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging, users
from accountsite.demo.api.calls import Answer, Call, created

_ids = guard.array(guard.text(minimum=1))
USER_IDS = guard.obj({"userIds": guard.array(guard.text(minimum=1), minimum=1)})
ROLES = guard.obj(
    {"organizationRoleIds": guard.optional(_ids), "organizationRoleNames": guard.optional(_ids)}
)
ROLES_OF_SEVERAL = guard.obj(
    {
        "userIds": guard.array(guard.text(minimum=1), minimum=1),
        "organizationRoleIds": guard.array(guard.text(minimum=1), minimum=1),
    }
)
_fields = {
    "description": guard.optional(guard.nullable(guard.text(maximum=256))),
    "customData": guard.optional(guard.free_object()),
    "isMfaRequired": guard.optional(guard.boolean()),
    "color": guard.optional(guard.free_object()),
    "branding": guard.optional(guard.free_object()),
    "customCss": guard.optional(guard.nullable(guard.text())),
}
NEW_ORGANIZATION = guard.obj({"name": guard.text(minimum=1, maximum=128), **_fields})
CHANGES = guard.obj({"name": guard.optional(guard.text(minimum=1, maximum=128)), **_fields})


def of_user(call: Call, user_id: str) -> list[state.Json]:
    """The organizations of a user, each with the roles they have there."""
    users.find(user_id)
    return [
        organization | {"organizationRoles": _named(roles)}
        for organization, roles in state.tenant.organizations_of(user_id)
    ]


def listing(call: Call) -> Answer:
    """Organizations, newest first, with how many members each has."""
    text = call.query.get("q", "").lower()
    every = reversed(state.tenant.organizations.values())
    rows = [one for one in every if text in one["name"].lower() or text == one["id"]]
    page = paging.page(call, rows)
    return Answer([one | _members(one["id"]) for one in page.value], headers=page.headers)


def create(call: Call) -> Answer:
    """A new organization."""
    asked = call.body(NEW_ORGANIZATION)
    organization = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(),
        "name": asked["name"],
        "description": asked.get("description"),
        "customData": asked.get("customData", {}),
        "isMfaRequired": asked.get("isMfaRequired", False),
        "color": asked.get("color", {}),
        "branding": asked.get("branding", {}),
        "customCss": asked.get("customCss"),
        "createdAt": state.now(),
    }
    state.tenant.organizations[organization["id"]] = organization
    state.tenant.members[organization["id"]] = {}
    return created(organization)


def get(call: Call, organization_id: str) -> state.Json:
    """One organization."""
    return find(organization_id)


def update(call: Call, organization_id: str) -> state.Json:
    """Change what is sent."""
    changes = call.body(CHANGES)
    organization = find(organization_id)
    organization.update(changes)
    return organization


def delete(call: Call, organization_id: str) -> None:
    """Remove an organization, its memberships and invitations."""
    if organization_id not in state.tenant.organizations:
        raise errors.not_found()
    call.happened = state.tenant.organizations.pop(organization_id)
    state.tenant.members.pop(organization_id, None)
    for invitation in list(state.tenant.invitations.values()):
        if invitation["organizationId"] == organization_id:
            del state.tenant.invitations[invitation["id"]]


# Members


def members(call: Call, organization_id: str) -> Answer:
    """The members with their roles, newest user first; of an unknown organization nobody."""
    text = call.query.get("q", "").strip("%").lower()
    role_id = call.query.get("organizationRoleId")
    rows = [
        (state.tenant.users[user_id].record, role_ids)
        for user_id, role_ids in reversed(state.tenant.members.get(organization_id, {}).items())
        if role_id is None or role_id in role_ids
    ]
    found = [row for row in rows if not text or _is_wanted(row[0], text)]
    page = paging.page(call, found)
    shown = [record | {"organizationRoles": _named(_roles(ids))} for record, ids in page.value]
    return Answer(shown, headers=page.headers)


def add_members(call: Call, organization_id: str) -> Answer:
    """Add users; members stay what they are."""
    user_ids = call.body(USER_IDS)["userIds"]
    present = _find_members(organization_id)
    if any(user_id not in state.tenant.users for user_id in user_ids):
        raise errors.dangling()
    added = [user_id for user_id in user_ids if user_id not in present]
    present.update((user_id, []) for user_id in added)
    call.happened = _delta(organization_id, added=added)
    return created({"userIds": user_ids})


def replace_members(call: Call, organization_id: str) -> None:
    """Make these the members, all of them."""
    user_ids = call.body(guard.obj({"userIds": _ids}))["userIds"]
    present = _find_members(organization_id)
    if any(user_id not in state.tenant.users for user_id in user_ids):
        raise errors.dangling()
    added = [user_id for user_id in user_ids if user_id not in present]
    removed = [user_id for user_id in present if user_id not in user_ids]
    state.tenant.members[organization_id] = {
        user_id: present.get(user_id, []) for user_id in user_ids
    }
    call.happened = _delta(organization_id, added=added, removed=removed)


def remove_member(call: Call, organization_id: str, user_id: str) -> None:
    """End a membership."""
    if user_id not in state.tenant.members.get(organization_id, {}):
        raise errors.not_found()
    del state.tenant.members[organization_id][user_id]
    call.happened = _delta(organization_id, removed=[user_id])


# Roles of members


def member_roles(call: Call, organization_id: str, user_id: str) -> Answer | list[state.Json]:
    """The roles of a member there."""
    rows = _roles(_find_member(organization_id, user_id))
    return paging.page(call, rows) if paging.is_asked(call) else rows


def add_member_roles(call: Call, organization_id: str, user_id: str) -> Answer:
    """Give a member roles."""
    asked = call.body(ROLES)
    present = _find_member(organization_id, user_id)
    present += [role_id for role_id in _role_ids(asked) if role_id not in present]
    return created(asked)


def replace_member_roles(call: Call, organization_id: str, user_id: str) -> None:
    """Make these the roles of a member, all of them."""
    asked = call.body(ROLES)
    _find_member(organization_id, user_id)[:] = _role_ids(asked)


def remove_member_role(call: Call, organization_id: str, user_id: str, role_id: str) -> None:
    """Take a role from a member."""
    present = _find_member(organization_id, user_id)
    if role_id not in present:
        raise errors.not_found()
    present.remove(role_id)


def add_roles(call: Call, organization_id: str) -> Answer:
    """Give several members several roles."""
    asked = call.body(ROLES_OF_SEVERAL)
    role_ids = _role_ids(asked)
    everyone = [_find_member(organization_id, user_id) for user_id in asked["userIds"]]
    for present in everyone:
        present += [role_id for role_id in role_ids if role_id not in present]
    return created(asked)


def member_scopes(call: Call, organization_id: str, user_id: str) -> list[state.Json]:
    """What a member may do there, by all of their roles."""
    role_ids = _find_member(organization_id, user_id)
    return state.tenant.organization_scopes_by(role_ids)


def find(organization_id: str) -> state.Json:
    """The organization with this id.

    Raises errors.Refused, 404 `entity.not_exists_with_id`.
    """
    try:
        return state.tenant.organizations[organization_id]
    except KeyError:
        raise errors.no_such("organization", organization_id) from None


def _find_members(organization_id: str) -> dict[str, list[str]]:
    try:
        return state.tenant.members[organization_id]
    except KeyError:
        raise errors.dangling() from None


def _find_member(organization_id: str, user_id: str) -> list[str]:
    """The ids of a member's roles, to be changed in place."""
    try:
        return state.tenant.members[organization_id][user_id]
    except KeyError:
        message = "This user is no member."
        raise errors.Refused(422, "organization.require_membership", message) from None


def _roles(role_ids: list[str]) -> list[state.Json]:
    return [state.tenant.organization_roles[role_id] for role_id in role_ids]


def _role_ids(asked: state.Json) -> list[str]:
    """The ids of the roles asked for by id or name."""
    by_name = {role["name"]: role["id"] for role in state.tenant.organization_roles.values()}
    role_ids = list(asked.get("organizationRoleIds", []))
    role_ids += [by_name.get(name, "") for name in asked.get("organizationRoleNames", [])]
    if any(role_id not in state.tenant.organization_roles for role_id in role_ids):
        raise errors.dangling()
    return list(dict.fromkeys(role_ids))


def _named(roles: list[state.Json]) -> list[state.Json]:
    return [{"id": role["id"], "name": role["name"]} for role in roles]


def _members(organization_id: str) -> state.Json:
    people = [
        state.tenant.users[user_id].record for user_id in state.tenant.members[organization_id]
    ]
    keys = ("id", "avatar", "name")
    featured = [{key: record[key] for key in keys} for record in people[:3]]
    return {"usersCount": len(people), "featuredUsers": featured}


def _is_wanted(record: state.Json, text: str) -> bool:
    fields = ("id", "name", "username", "primaryEmail", "primaryPhone")
    return any(text in (record[field] or "").lower() for field in fields)


def _delta(organization_id: str, **changes: Any) -> state.Json:
    names = {"added": "addedUserIds", "removed": "removedUserIds"}
    told = {names[key]: ids for key, ids in changes.items() if ids}
    return {"organizationId": organization_id} | told
