"""/hooks: who is told of what happens, and how that went."""

import secrets

from accountsite.demo import state, webhooks
from accountsite.demo.api import errors, guard, logs, paging
from accountsite.demo.api.calls import Answer, Call, created

DAY = 24 * 60 * 60 * 1000  # milliseconds

_changed = ("Created", "Deleted", "Data.Updated")
EVENTS = (
    *("PostRegister", "PostSignIn", "PostSignInAdaptiveMfaTriggered", "PostResetPassword"),
    *(f"User.{what}" for what in (*_changed, "SuspensionStatus.Updated")),
    *(f"Role.{what}" for what in (*_changed, "Scopes.Updated")),
    *(f"Scope.{what}" for what in _changed),
    *(f"Organization.{what}" for what in (*_changed, "Membership.Updated")),
    *(f"OrganizationRole.{what}" for what in (*_changed, "Scopes.Updated")),
    *(f"OrganizationScope.{what}" for what in _changed),
    *("Identifier.Lockout", "Message.RateLimited", "Grant.LimitExceeded"),
)

_event = guard.one_of(*EVENTS)
_events = guard.array(_event, minimum=1)
_config = guard.obj(
    {
        "url": guard.text(),
        "headers": guard.optional(guard.free_object()),
        "retries": guard.optional(guard.number()),
    }
)
_fields = {
    "name": guard.optional(guard.text(minimum=1, maximum=256)),
    "event": guard.optional(guard.nullable(_event)),
    "events": guard.optional(_events),
    "enabled": guard.optional(guard.boolean()),
}
NEW_HOOK = guard.obj({**_fields, "config": _config})
CHANGES = guard.obj({**_fields, "config": guard.optional(_config)})
TEST = guard.obj({"events": _events, "config": _config})


def listing(call: Call) -> Answer | list[state.Json]:
    """Every hook, signing key and all."""
    rows = [_shown(call, hook) for hook in reversed(state.tenant.hooks.values())]
    return paging.page(call, rows) if paging.is_asked(call) else rows


def create(call: Call) -> Answer:
    """A new hook, with a signing key of the tenant's making."""
    asked = call.body(NEW_HOOK)
    events = asked.get("events") or ([asked["event"]] if asked.get("event") else [])
    if not events:
        raise errors.Refused(400, "hook.missing_events", "Say which events to tell of.")
    hook = new(
        asked.get("name", "Hook"), events, asked["config"], enabled=asked.get("enabled", True)
    )
    return created(hook)


def new(
    name: str,
    events: list[str],
    config: state.Json,
    *,
    enabled: bool,
    signing_key: str | None = None,
) -> state.Json:
    """Add a hook to the tenant."""
    hook: state.Json = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "name": name,
        "event": None,
        "events": events,
        "config": config,
        "signingKey": signing_key or secrets.token_urlsafe(24),
        "enabled": enabled,
        "createdAt": state.now(),
    }
    state.tenant.hooks[hook["id"]] = hook
    return hook


def get(call: Call, hook_id: str) -> state.Json:
    """One hook; with how often it fired in a day if `includeExecutionStats=true`."""
    if hook_id not in state.tenant.hooks:
        raise errors.no_such("hook", hook_id)
    return _shown(call, state.tenant.hooks[hook_id])


def update(call: Call, hook_id: str) -> state.Json:
    """Change what is sent; `config` is replaced whole."""
    changes = call.body(CHANGES)
    if not changes:
        raise errors.nothing_to_change()
    if hook_id not in state.tenant.hooks:
        raise errors.not_there("hook")
    state.tenant.hooks[hook_id].update(changes)
    return state.tenant.hooks[hook_id]


def delete(call: Call, hook_id: str) -> None:
    """Remove a hook with its logs."""
    if state.tenant.hooks.pop(hook_id, None) is None:
        raise errors.not_found()
    state.tenant.hook_logs.pop(hook_id, None)


def renew_signing_key(call: Call, hook_id: str) -> state.Json:
    """Another signing key; the old one signs nothing any more."""
    if hook_id not in state.tenant.hooks:
        raise errors.not_there("hook")
    state.tenant.hooks[hook_id]["signingKey"] = secrets.token_urlsafe(24)
    return state.tenant.hooks[hook_id]


def recent_logs(call: Call, hook_id: str) -> Answer:
    """The deliveries of a day, or of the time that is asked for, newest first."""
    rows = state.tenant.hook_logs.get(hook_id, [])
    if "start_time" not in call.query and "end_time" not in call.query:
        rows = [row for row in rows if row["createdAt"] > state.now() - DAY]
    return paging.page(call, logs.matching(call, reversed(rows), {}))


def test(call: Call, hook_id: str) -> None:
    """Send made-up events now. Runs without the tenant's lock, since the hook may call back."""
    asked = call.body(TEST)
    with state.tenant.lock:
        hook = state.tenant.hooks.get(hook_id)
    if hook is None:
        raise errors.no_such("hook", hook_id)
    for event in asked["events"]:
        outcome = webhooks.test(hook, event, asked["config"])
        if outcome.status is None:
            message = "The hook's address did not answer."
            raise errors.Refused(422, "hook.send_test_payload_failed", message)
        if not outcome.is_success:
            data = {"responseStatus": outcome.status, "responseBody": outcome.text}
            message = "The hook's address answered with an error."
            raise errors.Refused(422, "hook.endpoint_responded_with_error", message, data=data)


def _shown(call: Call, hook: state.Json) -> state.Json:
    if not call.flag("includeExecutionStats"):
        return hook
    since = state.now() - DAY
    rows = [row for row in state.tenant.hook_logs.get(hook["id"], []) if row["createdAt"] > since]
    successes = sum(row["payload"]["result"] == "Success" for row in rows)
    return hook | {"executionStats": {"requestCount": len(rows), "successCount": successes}}
