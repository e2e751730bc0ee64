"""/dashboard/users: how many there are, came and were active. Days are UTC, counts of people."""

import datetime as dt
from collections import defaultdict

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.api.calls import Call

CURVE = 30  # days
WEEK = 7


def total(call: Call) -> state.Json:
    """How many users there are."""
    return {"totalUserCount": len(state.tenant.users)}


def new(call: Call) -> state.Json:
    """Who came today and in the last seven days, each with the change from the time before."""
    counts: dict[dt.date, int] = defaultdict(int)
    for user in state.tenant.users.values():
        counts[_day(user.record["createdAt"])] += 1
    today = _day(state.now())

    def within(first: int, days: int) -> int:
        return sum(counts[today - dt.timedelta(day)] for day in range(first, first + days))

    return {
        "today": _change(within(0, 1), within(1, 1)),
        "last7Days": _change(within(0, WEEK), within(WEEK, WEEK)),
    }


def active(call: Call) -> state.Json:
    """Who got tokens: by day for thirty days, and in a day, week and month, with the change."""
    today = _asked_day(call)
    people: dict[dt.date, set[str]] = defaultdict(set)
    for row in state.tenant.logs:
        if row["key"].startswith("ExchangeTokenBy.") and "userId" in row["payload"]:
            people[_day(row["createdAt"])].add(row["payload"]["userId"])

    def within(first: int, days: int) -> int:
        span = (people[today - dt.timedelta(day)] for day in range(first, first + days))
        return len(set().union(*span))

    days = [today - dt.timedelta(day) for day in reversed(range(CURVE))]
    return {
        "dauCurve": [{"date": day.isoformat(), "count": len(people[day])} for day in days],
        "dau": _change(within(0, 1), within(1, 1)),
        "wau": _change(within(0, WEEK), within(WEEK, WEEK)),
        "mau": _change(within(0, CURVE), within(CURVE, CURVE)),
    }


def _change(count: int, before: int) -> state.Json:
    return {"count": count, "delta": count - before}


def _day(milliseconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).date()


def _asked_day(call: Call) -> dt.date:
    value = call.query.get("date")
    if not value:
        return _day(state.now())
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        message = "date is no day."
        raise errors.Refused(400, "guard.invalid_input", message) from None
