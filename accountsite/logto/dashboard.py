"""The tenant's own figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from accountsite.logto import client, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, and how it differs from that of the period before."""

    count: int
    delta: int

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's figures."""
        answer = reading.obj(data)
        return cls(count=reading.whole(answer, "count"), delta=reading.whole(answer, "delta"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUsers:
    """Accounts made today and in the last seven days."""

    today: Figure
    last_7_days: Figure

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `users/new`."""
        answer = reading.obj(data)
        return cls(
            today=Figure.from_json(answer.get("today")),
            last_7_days=Figure.from_json(answer.get("last7Days")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many people were active on one day."""

    on_date: date
    count: int

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One point of `dauCurve`."""
        answer = reading.obj(data)
        on_date = date.fromisoformat(reading.text(answer, "date"))
        return cls(on_date=on_date, count=reading.whole(answer, "count"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUsers:
    """People who signed in or used a token: by day, and in the last day, week and month."""

    days: tuple[Day, ...]
    daily: Figure
    weekly: Figure
    monthly: Figure

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `users/active`."""
        answer = reading.obj(data)
        return cls(
            days=reading.items(answer, "dauCurve", Day.from_json),
            daily=Figure.from_json(answer.get("dau")),
            weekly=Figure.from_json(answer.get("wau")),
            monthly=Figure.from_json(answer.get("mau")),
        )


def total_users() -> int:
    """How many accounts there are."""
    return client.get("/dashboard/users/total", read=_total)


def new_users() -> NewUsers:
    """How many are new."""
    return client.get("/dashboard/users/new", read=NewUsers.from_json)


def active_users(*, on_date: date | None = None) -> ActiveUsers:
    """How many are active, up to a day, else up to today."""
    query = {"date": on_date.isoformat()} if on_date else None
    return client.get("/dashboard/users/active", read=ActiveUsers.from_json, query=query)


def _total(data: Any) -> int:
    return reading.whole(reading.obj(data), "totalUserCount")
