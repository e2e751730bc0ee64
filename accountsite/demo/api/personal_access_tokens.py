"""/users/:userId/personal-access-tokens: named tokens, whose values every list shows in full."""

import secrets

from accountsite.demo import state
from accountsite.demo.api import errors, guard, users
from accountsite.demo.api.calls import Answer, Call, created

_name = guard.text(minimum=1, maximum=256)
NEW_TOKEN = guard.obj({"name": _name, "expiresAt": guard.optional(guard.nullable(guard.number()))})
RENAMING = guard.obj({"currentName": guard.optional(guard.text()), "name": _name})
NEW_NAME = guard.obj({"name": _name})
WHICH = guard.obj({"name": guard.text()})


def listing(call: Call, user_id: str) -> list[state.Json]:
    """All tokens, values too."""
    return users.find(user_id).personal_access_tokens


def create(call: Call, user_id: str) -> Answer:
    """A new token. `expiresAt` is in milliseconds; 0 and null are for ever."""
    asked = call.body(NEW_TOKEN)
    expires_at = asked.get("expiresAt")
    if expires_at and expires_at < state.now():
        raise errors.bad_request("The token would have expired already.")
    user = state.tenant.users.get(user_id)
    if user is None:
        raise errors.dangling(404)
    _refuse_taken(user, asked["name"])
    token = {
        "tenantId": state.TENANT_ID,
        "userId": user_id,
        "name": asked["name"],
        "value": f"pat_{secrets.token_hex(16)}",
        "createdAt": state.now(),
        "expiresAt": expires_at,
    }
    user.personal_access_tokens.append(token)
    return created(token)


def rename(call: Call, user_id: str) -> state.Json:
    """Rename the token that `currentName` says."""
    asked = call.body(RENAMING)
    return _rename(user_id, asked.get("currentName"), asked["name"])


def rename_by_path(call: Call, user_id: str, name: str) -> state.Json:
    """The older form, with the name in the path."""
    return _rename(user_id, name, call.body(NEW_NAME)["name"])


def delete(call: Call, user_id: str) -> None:
    """Delete the token of this name."""
    _delete(user_id, call.body(WHICH)["name"])


def delete_by_path(call: Call, user_id: str, name: str) -> None:
    """The older form, with the name in the path."""
    _delete(user_id, name)


def _rename(user_id: str, current_name: str | None, name: str) -> state.Json:
    user = state.tenant.users.get(user_id)
    token = None if user is None else _find(user, current_name)
    if user is None or token is None:
        raise errors.not_there("personal_access_token")
    if name != token["name"]:
        _refuse_taken(user, name)
    token["name"] = name
    return token


def _delete(user_id: str, name: str) -> None:
    user = state.tenant.users.get(user_id)
    token = None if user is None else _find(user, name)
    if user is None or token is None:
        raise errors.not_found()
    user.personal_access_tokens.remove(token)


def _find(user: state.User, name: str | None) -> state.Json | None:
    return next((token for token in user.personal_access_tokens if token["name"] == name), None)


def _refuse_taken(user: state.User, name: str) -> None:
    if _find(user, name) is not None:
        code = "user.personal_access_token_name_exists"
        raise errors.Refused(422, code, "There is a token of this name.")
