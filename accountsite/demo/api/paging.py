"""Pages of a list: `page` and `page_size`, `Total-Number` and `Link`."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.api.calls import Answer, Call

DEFAULT_SIZE = 20
LARGEST_SIZE = 100


def page(call: Call, rows: Sequence[Any]) -> Answer:
    """The page that was asked for, of all these rows.

    Raises errors.Refused, 400 `guard.invalid_pagination`.
    """
    number, size = asked(call)
    return answer(call, rows[(number - 1) * size : number * size], len(rows))


def asked(call: Call) -> tuple[int, int]:
    """The page's number, from 1, and its size.

    Raises errors.Refused, 400 `guard.invalid_pagination`.
    """
    number = _positive(call.query.get("page", "1"))
    size = _positive(call.query.get("page_size", str(DEFAULT_SIZE)))
    if size > LARGEST_SIZE:
        raise _invalid()
    return number, size


def is_asked(call: Call) -> bool:
    """Whether a list that is paged only on request is to be paged."""
    return "page" in call.query or "page_size" in call.query


def answer(call: Call, rows: Sequence[Any], total: int) -> Answer:
    """These rows as the page of a longer list."""
    number, size = asked(call)
    last = max(1, -(-total // size))
    links = {"first": 1}
    if number > 1:
        links["prev"] = number - 1
    links["last"] = last
    if number < last:
        links["next"] = number + 1
    header = ", ".join(f'<{_address(call, target)}>; rel="{rel}"' for rel, target in links.items())
    return Answer(list(rows), headers={"Total-Number": str(total), "Link": header})


def _address(call: Call, number: int) -> str:
    """The same list at another page. Logto's links leave out /api, and join repeated values."""
    query = {key: ",".join(values) for key, values in call.query.lists()} | {"page": str(number)}
    below = call.request.path.removeprefix("/api")
    return f"{state.tenant.endpoint}{below}?{urlencode(query)}"


def _positive(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise _invalid()
    return int(value)


def _invalid() -> errors.Refused:
    return errors.Refused(400, "guard.invalid_pagination", "There is no such page.")
