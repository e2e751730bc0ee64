"""/resources: the APIs that tokens are issued for."""

from typing import Any

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging
from accountsite.demo.api.calls import Call

DEFAULT = guard.obj({"isDefault": guard.boolean()})


def listing(call: Call) -> Any:
    """Every API resource; paged on request."""
    rows = list(state.tenant.resources.values())
    return paging.page(call, rows) if paging.is_asked(call) else rows


def update_default(call: Call, resource_id: str) -> state.Json:
    """Make it the default one, instead of another, or take that away."""
    asked = call.body(DEFAULT)
    if resource_id not in state.tenant.resources:
        raise errors.no_such("resource", resource_id)
    if asked["isDefault"]:
        for row in state.tenant.resources.values():
            row["isDefault"] = False
    state.tenant.resources[resource_id]["isDefault"] = asked["isDefault"]
    return state.tenant.resources[resource_id]
