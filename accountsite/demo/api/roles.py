"""/roles, and /users/:userId/roles: tenant roles, their scopes and who has them."""

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging, search, users
from accountsite.demo.api.calls import Answer, Call, created

FEATURED = 3  # users that a list of roles shows for each

_ids = guard.array(guard.text(minimum=1))
ROLE_IDS = guard.obj({"roleIds": _ids})
USER_IDS = guard.obj({"userIds": guard.array(guard.text(minimum=1), minimum=1)})
SCOPE_IDS = guard.obj({"scopeIds": guard.array(guard.text(minimum=1), minimum=1)})
NEW_ROLE = guard.obj(
    {
        "name": guard.text(minimum=1, maximum=128),
        "description": guard.text(minimum=1, maximum=128),
        "type": guard.optional(guard.one_of("User", "MachineToMachine")),
        "isDefault": guard.optional(guard.boolean()),
        "scopeIds": guard.optional(_ids),
    }
)
CHANGES = guard.obj(
    {
        "name": guard.optional(guard.text(minimum=1, maximum=128)),
        "description": guard.optional(guard.text(minimum=1, maximum=128)),
        "isDefault": guard.optional(guard.boolean()),
    }
)


# Of a user


def of_user(call: Call, user_id: str) -> Answer:
    """The roles of a user."""
    user = users.find(user_id)
    rows = [role for role in state.tenant.roles_of(user) if _is_wanted(call, role)]
    return paging.page(call, rows)


def assign(call: Call, user_id: str) -> Answer:
    """Add roles; those that the user had already are not among `addedRoleIds`."""
    role_ids, user = _asked(call, user_id)
    added = [role_id for role_id in role_ids if role_id not in user.role_ids]
    user.role_ids += added
    return created({"roleIds": role_ids, "addedRoleIds": added})


def replace(call: Call, user_id: str) -> state.Json:
    """Make these the user's roles, all of them."""
    role_ids, user = _asked(call, user_id)
    user.role_ids = role_ids
    return {"roleIds": role_ids}


def remove(call: Call, user_id: str, role_id: str) -> None:
    """Take a role away."""
    user = users.find(user_id)
    if role_id not in user.role_ids:
        raise errors.not_found()
    user.role_ids.remove(role_id)


def _asked(call: Call, user_id: str) -> tuple[list[str], state.User]:
    role_ids = list(dict.fromkeys(call.body(ROLE_IDS)["roleIds"]))
    user = users.find(user_id)
    for role_id in role_ids:
        if find(role_id)["type"] != "User":
            message = "This role is for machines."
            raise errors.Refused(422, "user.invalid_role_type", message)
    return role_ids, user


# The roles themselves


def listing(call: Call) -> Answer:
    """Roles of people and machines, each with how many have it."""
    excluded = state.tenant.users.get(call.query.get("excludeUserId", ""))
    kind = call.query.get("type")
    rows = [
        role
        for role in state.tenant.roles.values()
        if _is_wanted(call, role)
        and kind in (None, role["type"])
        and (excluded is None or role["id"] not in excluded.role_ids)
    ]
    page = paging.page(call, rows)
    return Answer([role | _usage(role["id"]) for role in page.value], headers=page.headers)


def create(call: Call) -> state.Json:
    """A new role, for people unless it says else."""
    asked = call.body(NEW_ROLE)
    _refuse_taken(asked["name"])
    role = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "name": asked["name"],
        "description": asked["description"],
        "type": asked.get("type", "User"),
        "isDefault": asked.get("isDefault", False),
    }
    state.tenant.roles[role["id"]] = role
    state.tenant.scopes[role["id"]] = []
    _give_scopes(role["id"], asked.get("scopeIds", []))
    return role


def get(call: Call, role_id: str) -> state.Json:
    """One role."""
    return find(role_id)


def update(call: Call, role_id: str) -> state.Json:
    """Change what is sent."""
    changes = call.body(CHANGES)
    role = find(role_id)
    if not changes:
        raise errors.nothing_to_change()
    if changes.get("name", role["name"]) != role["name"]:
        _refuse_taken(changes["name"])
    role.update(changes)
    return role


def delete(call: Call, role_id: str) -> None:
    """Remove a role, and take it from everyone."""
    call.happened = find(role_id)
    for user in state.tenant.users.values():
        if role_id in user.role_ids:
            user.role_ids.remove(role_id)
    for role_ids in state.tenant.application_roles.values():
        if role_id in role_ids:
            role_ids.remove(role_id)
    state.tenant.scopes.pop(role_id, None)
    del state.tenant.roles[role_id]


def members(call: Call, role_id: str) -> Answer:
    """The users with a role, newest first."""
    find(role_id)
    is_wanted = search.wanted(call.query)
    every = reversed(state.tenant.users.values())
    found = [user for user in every if role_id in user.role_ids and is_wanted(user)]
    page = paging.page(call, found)
    return Answer([users.shown(user) for user in page.value], headers=page.headers)


def add_members(call: Call, role_id: str) -> Answer:
    """Give a role to users."""
    user_ids = call.body(USER_IDS)["userIds"]
    if find(role_id)["type"] != "User":
        raise errors.Refused(422, "user.invalid_role_type", "This role is for machines.")
    people = [users.find(user_id) for user_id in user_ids]
    for user in people:
        if role_id in user.role_ids:
            raise errors.Refused(422, "role.user_exists", "One of them has the role already.")
    for user in people:
        user.role_ids.append(role_id)
    return created({"userIds": user_ids})


def remove_member(call: Call, role_id: str, user_id: str) -> None:
    """Take a role from a user."""
    find(role_id)
    remove(call, user_id, role_id)


def scopes(call: Call, role_id: str) -> Answer | list[state.Json]:
    """The scopes of API resources that a role gives."""
    find(role_id)
    rows = state.tenant.scopes.get(role_id, [])
    return paging.page(call, rows) if paging.is_asked(call) else rows


def add_scopes(call: Call, role_id: str) -> Answer:
    """Let a role give more scopes."""
    scope_ids = call.body(SCOPE_IDS)["scopeIds"]
    find(role_id)
    _give_scopes(role_id, scope_ids)
    return created(state.tenant.scopes[role_id])


def remove_scope(call: Call, role_id: str, scope_id: str) -> None:
    """Let a role give a scope no longer."""
    find(role_id)
    rows = state.tenant.scopes.get(role_id, [])
    kept = [scope for scope in rows if scope["id"] != scope_id]
    if len(kept) == len(rows):
        raise errors.not_found()
    state.tenant.scopes[role_id] = kept
    call.happened = kept


def find(role_id: str) -> state.Json:
    """The role with this id.

    Raises errors.Refused, 404 `entity.not_exists_with_id`.
    """
    try:
        return state.tenant.roles[role_id]
    except KeyError:
        raise errors.no_such("role", role_id) from None


def _is_wanted(call: Call, role: state.Json) -> bool:
    text = call.query.get("search", "").strip("%").lower()
    return text in role["name"].lower() or text in role["description"].lower()


def _usage(role_id: str) -> state.Json:
    people = [user.record for user in state.tenant.users.values() if role_id in user.role_ids]
    machines = [
        state.tenant.applications[application_id]
        for application_id, role_ids in state.tenant.application_roles.items()
        if role_id in role_ids and application_id in state.tenant.applications
    ]
    return {
        "usersCount": len(people),
        "featuredUsers": [_some(one, "id", "avatar", "name") for one in people[:FEATURED]],
        "applicationsCount": len(machines),
        "featuredApplications": [_some(one, "id", "name", "type") for one in machines[:FEATURED]],
    }


def _some(record: state.Json, *keys: str) -> state.Json:
    return {key: record[key] for key in keys}


def _refuse_taken(name: str) -> None:
    if any(role["name"] == name for role in state.tenant.roles.values()):
        raise errors.Refused(422, "role.name_in_use", "There is a role of this name.")


def _give_scopes(role_id: str, scope_ids: list[str]) -> None:
    known = {scope["id"]: scope for rows in state.tenant.scopes.values() for scope in rows}
    for scope_id in scope_ids:
        if scope_id not in known:
            raise errors.no_such("scope", scope_id)
        if known[scope_id] not in state.tenant.scopes[role_id]:
            state.tenant.scopes[role_id].append(known[scope_id])
