"""What the shared cache said, remembered until the page under way is made.

A page asks for the tenant's configuration and for our token again and again, in all its threads;
with Redis each time would be a journey. Outside of a page, as in the worker, nothing is remembered.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

_page: ContextVar[dict[str, Any] | None] = ContextVar("page", default=None)


def begin() -> None:
    """A page begins: from now on, remember."""
    _page.set({})


def end() -> None:
    """It is made: forget."""
    _page.set(None)


def of[T](key: str, ask: Callable[[], T | None]) -> T | None:
    """What is remembered, or else what is answered now. That nothing is there, is not remembered."""
    page = _page.get()
    if page is None:
        return ask()
    if (known := page.get(key)) is not None:
        found: T = known
        return found
    answer = ask()
    if answer is not None:
        page[key] = answer
    return answer


def forget(key: str) -> None:
    """Ask again the next time: there is something new."""
    if (page := _page.get()) is not None:
        page.pop(key, None)
