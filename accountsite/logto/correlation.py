"""The id of the page request that we work for, in our log lines and in those of Logto's side."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"

request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def bound(value: str) -> Iterator[None]:
    """Work for this request id inside the block: for tasks, which have no middleware."""
    token = request_id.set(value)
    try:
        yield
    finally:
        request_id.reset(token)
