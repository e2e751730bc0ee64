"""/organization-roles and /organization-scopes: what organizations can give their members."""

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging
from accountsite.demo.api.calls import Answer, Call, created

_description = guard.optional(guard.nullable(guard.text(maximum=256)))
NEW_ROLE = guard.obj(
    {
        "name": guard.text(minimum=1, maximum=128),
        "description": _description,
        "type": guard.optional(guard.one_of("User", "MachineToMachine")),
        "organizationScopeIds": guard.optional(guard.array(guard.text())),
    }
)
NEW_SCOPE = guard.obj({"name": guard.text(minimum=1, maximum=128), "description": _description})
CHANGES = guard.obj(
    {"name": guard.optional(guard.text(minimum=1, maximum=128)), "description": _description}
)
SCOPE_IDS = guard.obj({"organizationScopeIds": guard.array(guard.text())})


# Roles


def roles(call: Call) -> Answer:
    """The roles, each with its scopes."""
    text = call.query.get("q", "").lower()
    rows = [
        role | {"scopes": _scopes(role["id"]), "resourceScopes": []}
        for role in state.tenant.organization_roles.values()
        if text in role["name"].lower()
    ]
    return paging.page(call, rows)


def create_role(call: Call) -> Answer:
    """A new role."""
    asked = call.body(NEW_ROLE)
    _refuse_taken(state.tenant.organization_roles, asked["name"])
    role = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "name": asked["name"],
        "description": asked.get("description"),
        "type": asked.get("type", "User"),
    }
    scopes = _find_scopes(asked.get("organizationScopeIds", []))
    state.tenant.organization_roles[role["id"]] = role
    state.tenant.organization_scopes_of[role["id"]] = scopes
    return created(role)


def role(call: Call, role_id: str) -> state.Json:
    """One role."""
    return _find_role(role_id)


def update_role(call: Call, role_id: str) -> state.Json:
    """Change what is sent."""
    changes = call.body(CHANGES)
    found = _find_role(role_id)
    if changes.get("name", found["name"]) != found["name"]:
        _refuse_taken(state.tenant.organization_roles, changes["name"])
    found.update(changes)
    return found


def delete_role(call: Call, role_id: str) -> None:
    """Remove a role, and take it from every member."""
    if role_id not in state.tenant.organization_roles:
        raise errors.not_found()
    for members in state.tenant.members.values():
        for role_ids in members.values():
            if role_id in role_ids:
                role_ids.remove(role_id)
    state.tenant.organization_scopes_of.pop(role_id, None)
    call.happened = state.tenant.organization_roles.pop(role_id)


def role_scopes(call: Call, role_id: str) -> Answer | list[state.Json]:
    """What a role allows."""
    rows = _scopes(role_id)
    return paging.page(call, rows) if paging.is_asked(call) else rows


def add_role_scopes(call: Call, role_id: str) -> Answer:
    """Let a role allow more."""
    asked = call.body(SCOPE_IDS)
    _find_role(role_id)
    present = state.tenant.organization_scopes_of[role_id]
    new = _find_scopes(asked["organizationScopeIds"])
    present += [scope_id for scope_id in new if scope_id not in present]
    return created(asked)


def replace_role_scopes(call: Call, role_id: str) -> None:
    """Make these what a role allows, all of it."""
    asked = call.body(SCOPE_IDS)
    _find_role(role_id)
    scope_ids = _find_scopes(asked["organizationScopeIds"])
    state.tenant.organization_scopes_of[role_id] = scope_ids


def remove_role_scope(call: Call, role_id: str, scope_id: str) -> None:
    """Let a role allow less."""
    present = state.tenant.organization_scopes_of.get(role_id, [])
    if scope_id not in present:
        raise errors.not_found()
    present.remove(scope_id)


# Scopes


def scopes(call: Call) -> Answer:
    """The scopes."""
    text = call.query.get("q", "").lower()
    every = state.tenant.organization_scopes.values()
    return paging.page(call, [scope for scope in every if text in scope["name"].lower()])


def create_scope(call: Call) -> Answer:
    """A new scope."""
    asked = call.body(NEW_SCOPE)
    _refuse_taken(state.tenant.organization_scopes, asked["name"])
    scope = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "name": asked["name"],
        "description": asked.get("description"),
    }
    state.tenant.organization_scopes[scope["id"]] = scope
    return created(scope)


def scope(call: Call, scope_id: str) -> state.Json:
    """One scope."""
    return _find_scope(scope_id)


def update_scope(call: Call, scope_id: str) -> state.Json:
    """Change what is sent."""
    changes = call.body(CHANGES)
    found = _find_scope(scope_id)
    found.update(changes)
    return found


def delete_scope(call: Call, scope_id: str) -> None:
    """Remove a scope, and take it from every role."""
    if scope_id not in state.tenant.organization_scopes:
        raise errors.not_found()
    for scope_ids in state.tenant.organization_scopes_of.values():
        if scope_id in scope_ids:
            scope_ids.remove(scope_id)
    call.happened = state.tenant.organization_scopes.pop(scope_id)


def _scopes(role_id: str) -> list[state.Json]:
    scope_ids = state.tenant.organization_scopes_of.get(role_id, [])
    return [state.tenant.organization_scopes[scope_id] for scope_id in scope_ids]


def _find_role(role_id: str) -> state.Json:
    try:
        return state.tenant.organization_roles[role_id]
    except KeyError:
        raise errors.no_such("organization role", role_id) from None


def _find_scope(scope_id: str) -> state.Json:
    try:
        return state.tenant.organization_scopes[scope_id]
    except KeyError:
        raise errors.no_such("organization scope", scope_id) from None


def _find_scopes(scope_ids: list[str]) -> list[str]:
    if any(scope_id not in state.tenant.organization_scopes for scope_id in scope_ids):
        raise errors.dangling()
    return list(dict.fromkeys(scope_ids))


def _refuse_taken(present: dict[str, state.Json], name: str) -> None:
    if any(one["name"] == name for one in present.values()):
        message = "There is one of this name."
        raise errors.Refused(422, "entity.duplicate_value_of_unique_field", message)
