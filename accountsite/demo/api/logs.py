"""/logs: what happened at the tenant, newest first."""

import math
from collections.abc import Iterable

from accountsite.demo import state
from accountsite.demo.api import errors, paging
from accountsite.demo.api.calls import Answer, Call


def listing(call: Call) -> Answer:
    """Rows, narrowed by user, application, key and time (milliseconds)."""
    payload = {key: call.query.get(key) for key in ("userId", "applicationId")}
    return paging.page(call, matching(call, reversed(state.tenant.logs), payload))


def get(call: Call, log_id: str) -> state.Json:
    """One row."""
    for row in state.tenant.logs:
        if row["id"] == log_id:
            return row
    raise errors.no_such("log", log_id)


def matching(
    call: Call, rows: Iterable[state.Json], payload: dict[str, str | None]
) -> list[state.Json]:
    """The rows with this payload, and with the key and in the time that the query asks for.

    Raises errors.Refused, 400 `guard.invalid_input`.
    """
    start, end = _time(call, "start_time", -math.inf), _time(call, "end_time", math.inf)
    if start > end:
        raise _bad_time("start_time")
    key = call.query.get("logKey")
    wanted = {name: value for name, value in payload.items() if value}
    return [
        row
        for row in rows
        if start <= row["createdAt"] <= end
        and (not key or row["key"] == key)
        and all(row["payload"].get(name) == value for name, value in wanted.items())
    ]


def _time(call: Call, name: str, default: float) -> float:
    value = call.query.get(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError:
        raise _bad_time(name) from None


def _bad_time(name: str) -> errors.Refused:
    return errors.Refused(400, "guard.invalid_input", f"{name} is no time.")
