"""/one-time-tokens, /subject-tokens and /sentinel-activities: what helps an admin help a person."""

import secrets

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging, users
from accountsite.demo.api.calls import Answer, Call, created

ONE_TIME_SECONDS = 600
SUBJECT_SECONDS = 600

STATUSES = ("active", "consumed", "revoked", "expired")
NEW_TOKEN = guard.obj(
    {
        "email": users.EMAIL,
        "context": guard.optional(guard.free_object()),
        "expiresIn": guard.optional(guard.number()),
    }
)
PROOF = guard.obj({"token": guard.text(minimum=1), "email": users.EMAIL})
STATUS = guard.obj({"status": guard.one_of(*STATUSES)})
SUBJECT = guard.obj(
    {"userId": guard.text(minimum=1), "context": guard.optional(guard.free_object())}
)
UNLOCKING = guard.obj(
    {
        "targetType": guard.one_of("User", "App"),
        "targets": guard.array(guard.text(minimum=1), minimum=1),
    }
)


def listing(call: Call) -> Answer:
    """One-time tokens, newest first, of an email or a status if asked."""
    wanted = {key: call.query.get(key) for key in ("email", "status")}
    every = map(_shown, reversed(state.tenant.one_time_tokens.values()))
    return paging.page(
        call,
        [row for row in every if all(value in (None, row[key]) for key, value in wanted.items())],
    )


def create(call: Call) -> Answer:
    """A token for a link in a mail. `expiresIn` is in seconds; older ones of the email are void."""
    asked = call.body(NEW_TOKEN)
    for row in state.tenant.one_time_tokens.values():
        if row["email"] == asked["email"] and _shown(row)["status"] == "active":
            row["status"] = "revoked"
    row = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "email": asked["email"],
        "token": secrets.token_urlsafe(24),
        "context": asked.get("context", {}),
        "status": "active",
        "createdAt": state.now(),
        "expiresAt": state.now() + int(asked.get("expiresIn", ONE_TIME_SECONDS) * 1000),
    }
    state.tenant.one_time_tokens[row["id"]] = row
    return created(row)


def get(call: Call, token_id: str) -> state.Json:
    """One token."""
    return _shown(_find(token_id))


def delete(call: Call, token_id: str) -> None:
    """Remove a token."""
    if state.tenant.one_time_tokens.pop(token_id, None) is None:
        raise errors.not_found()


def verify(call: Call) -> state.Json:
    """Take a token, once."""
    asked = call.body(PROOF)
    return take(asked["token"], email=asked["email"])


def take(token: str, *, email: str) -> state.Json:
    """Use up a token of this address. Raises errors.Refused: 404 or 400 `one_time_token.…`."""
    for row in state.tenant.one_time_tokens.values():
        if row["token"] == token:
            return _consume(row, email)
    raise errors.Refused(404, "one_time_token.token_not_found", "There is no such token.")


def update_status(call: Call, token_id: str) -> state.Json:
    """Void a token, or say that it was used; none comes back to life."""
    status = call.body(STATUS)["status"]
    row = _find(token_id)
    if status == "active":
        code = "one_time_token.cannot_reactivate_token"
        raise errors.Refused(400, code, "A token does not come back.")
    row["status"] = status
    return row


def create_subject_token(call: Call) -> Answer:
    """A token to act as a user, for the token endpoint to exchange."""
    asked = call.body(SUBJECT)
    users.find(asked["userId"])
    value = f"sub_{secrets.token_urlsafe(24)}"
    state.tenant.subject_tokens[value] = {
        "userId": asked["userId"],
        "context": asked.get("context", {}),
        "expiresAt": state.now() + SUBJECT_SECONDS * 1000,
    }
    return created({"subjectToken": value, "expiresIn": SUBJECT_SECONDS})


def forget_activities(call: Call) -> None:
    """Let locked identifiers try again. This tenant locks none, so there is nothing to forget."""
    call.body(UNLOCKING)


def _find(token_id: str) -> state.Json:
    try:
        return state.tenant.one_time_tokens[token_id]
    except KeyError:
        raise errors.no_such("one-time token", token_id) from None


def _shown(row: state.Json) -> state.Json:
    is_over = row["status"] == "active" and row["expiresAt"] <= state.now()
    return row | {"status": "expired"} if is_over else row


def _consume(row: state.Json, email: str) -> state.Json:
    status = _shown(row)["status"]
    if row["email"] != email:
        raise _refused("email_mismatch", "The token is for another address.")
    if status != "active":
        code = {"consumed": "token_consumed", "revoked": "token_revoked"}.get(status)
        raise _refused(code or "token_expired", "The token works no longer.")
    row["status"] = "consumed"
    return row


def _refused(code: str, message: str) -> errors.Refused:
    return errors.Refused(400, f"one_time_token.{code}", message)
