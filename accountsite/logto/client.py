"""Calls of the Management API, with this site's token.

A 401 did nothing, so any call may be sent again after it: once, with a new token. What fails is an
error of `errors`; every call here may raise Unavailable, Unauthorized, Forbidden and
TooManyRequests, which the modules' docstrings don't repeat.
"""

from dataclasses import dataclass
from typing import Any

from accountsite.logto import credentials, errors, reading, transport
from accountsite.logto.reading import Read
from accountsite.logto.transport import Accept, Query, Upload

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_PAGES = 50  # of lists read to their end: 5,000 entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[T]:
    """Part of a list. `total` is how many there are in all, None where Logto stopped counting."""

    items: tuple[T, ...]
    number: int
    size: int
    total: int | None

    @property
    def count(self) -> int | None:
        """How many pages there are; at least one."""
        return None if self.total is None else max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        """Whether another page follows; a guess from a full page where Logto stopped counting."""
        if self.total is None:
            return len(self.items) == self.size
        return self.number * self.size < self.total


def get[T](route: str, *ids: str, read: Read[T], query: Query | None = None) -> T:
    """What is there."""
    return _call("GET", route, *ids, query=query).read(read)


def page[T](
    route: str,
    *ids: str,
    read: Read[T],
    number: int = 1,
    size: int = PAGE_SIZE,
    query: Query | None = None,
) -> Page[T]:
    """One page of a list; `read` reads one item. Pages count from 1 and hold at most 100."""
    number, size = max(1, number), min(max(1, size), MAX_PAGE_SIZE)
    pairs = [*transport.pairs(query), ("page", str(number)), ("page_size", str(size))]
    answer = _call("GET", route, *ids, query=pairs)
    return Page(
        items=answer.read(reading.each(read)), number=number, size=size, total=_total(answer)
    )


def every[T](route: str, *ids: str, read: Read[T], query: Query | None = None) -> tuple[T, ...]:
    """A whole list, however many pages it takes, up to 5,000 entries."""
    items: list[T] = []
    for number in range(1, MAX_PAGES + 1):
        part = page(route, *ids, read=read, number=number, size=MAX_PAGE_SIZE, query=query)
        items += part.items
        if not part.has_next or not part.items:
            break
    return tuple(items)


def post[T](
    route: str,
    *ids: str,
    read: Read[T],
    body: Any = None,
    upload: Upload | None = None,
    accept: Accept | None = None,
) -> T:
    """Make or do something. Refusals that `accept` knows for answers are read like success."""
    return _call("POST", route, *ids, body=body, upload=upload, accept=accept).read(read)


def put[T](route: str, *ids: str, read: Read[T], body: Any) -> T:
    """Replace something."""
    return _call("PUT", route, *ids, body=body).read(read)


def patch[T](route: str, *ids: str, read: Read[T], body: Any) -> T:
    """Change part of something."""
    return _call("PATCH", route, *ids, body=body).read(read)


def delete(route: str, *ids: str, query: Query | None = None) -> None:
    """Remove something."""
    _call("DELETE", route, *ids, query=query)


def _call(method: str, route: str, *ids: str, **parts: Any) -> transport.Answer:
    token = credentials.token()
    try:
        return _send(method, route, *ids, token=token, **parts)
    except errors.Unauthorized:
        token = credentials.renewed(token)
        transport.retried(method, f"/api{route}", reason="token")
    return _send(method, route, *ids, token=token, **parts)


def _send(method: str, route: str, *ids: str, token: str, **parts: Any) -> transport.Answer:
    # Logto knows the scheme only as "Bearer"; in lower case it answers 401 (measured).
    headers = {"Authorization": f"Bearer {token}"}
    return transport.send(method, f"/api{route}", *ids, headers=headers, **parts)


def _total(answer: transport.Answer) -> int | None:
    if answer.headers.get("total-number-is-capped", "").lower() == "true":
        return None
    total = answer.headers.get("total-number", "")
    return int(total) if total.isascii() and total.isdigit() else None
