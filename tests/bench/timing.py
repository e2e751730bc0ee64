"""Where the time of a page goes, told in its `Server-Timing` header; for one page at a time.

`cpu` is what all threads of the process worked for the page. `wait` is how long the page had nothing
to do but wait for Logto, and `row` how many calls of Logto it waited for one after another.

With BENCH_PARTS=1 it also tells what of `cpu` was what, none of it counted twice: what a part spends
inside of another one is that one's. These clocks take time themselves, so both are never asked for
in the same run.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import requests.adapters
from cryptography.fernet import Fernet
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.db.backends.utils import CursorWrapper
from django.db.models.query import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpRequest, HttpResponse
from django.middleware import gzip
from django.template.base import Template

from accountsite.logto import parallel, transport
from accountsite.signin.session_store import SessionStore


class Ledger:
    """What is known of the page under way."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.begin()

    def begin(self) -> None:
        """A new page."""
        self.spent: dict[str, float] = defaultdict(float)
        self.queries = 0
        self.calls: list[tuple[float, float]] = []

    def add(self, part: str, seconds: float) -> None:
        """Time that a thread spent on a part."""
        with self.guard:
            self.spent[part] += seconds

    @property
    def waited(self) -> float:
        """Seconds during which at least one call was on its way."""
        total, until = 0.0, 0.0
        for begin, end in sorted(self.calls):
            total += max(0.0, end - max(begin, until))
            until = max(until, end)
        return total

    @property
    def in_a_row(self) -> int:
        """How many calls were waited for one after another: those that overlap count as one."""
        count, until = 0, 0.0
        for begin, end in sorted(self.calls):
            if begin >= until:
                count, until = count + 1, end
            until = min(until, end)
        return count


ledger = Ledger()
_stacks = threading.local()


def counted(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, with its CPU time written down; that of parts inside of it is theirs."""

    def counting(*args: Any, **options: Any) -> Any:
        stack: list[float] = _stacks.__dict__.setdefault("inside", [])
        stack.append(0.0)
        began = time.thread_time()
        try:
            return function(*args, **options)
        finally:
            spent = time.thread_time() - began
            ledger.add(part, spent - stack.pop())
            if stack:
                stack[-1] += spent

    return counting


def _query(function: Callable[..., Any]) -> Callable[..., Any]:
    def counting(*args: Any, **options: Any) -> Any:
        ledger.queries += 1
        return function(*args, **options)

    return counting


def _on_the_wire(function: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            ledger.calls.append((began, time.perf_counter()))

    return timed


def install() -> None:
    """Count queries and calls; that takes next to no time."""
    CursorWrapper.execute = _query(CursorWrapper.execute)  # type: ignore[method-assign]
    adapter: Any = requests.adapters.HTTPAdapter
    adapter.send = _on_the_wire(adapter.send)


def install_clocks() -> None:
    """Put the clocks of the parts in."""
    wrapped: list[tuple[str, Any, str]] = [
        ("template", Template, "render"),
        ("database", SQLCompiler, "execute_sql"),
        ("database", QuerySet, "_fetch_all"),
        ("database", QuerySet, "update"),
        ("database", CursorWrapper, "execute"),
        ("session", SessionStore, "load"),
        ("session", SessionStore, "save"),
        ("session", Fernet, "encrypt"),
        ("session", Fernet, "decrypt"),
        ("cache", LocMemCache, "get"),
        ("cache", LocMemCache, "add"),
        ("cache", RedisCache, "get"),
        ("cache", RedisCache, "add"),
        ("calls", transport, "send"),
        ("reading", transport.Answer, "read"),
        ("threads", parallel, "_outcomes"),
        ("compression", gzip, "compress_string"),
    ]
    for part, owner, name in wrapped:
        setattr(owner, name, counted(part, getattr(owner, name)))


def timing(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The outermost middleware."""
    install()
    whole = get_response
    if os.environ.get("BENCH_PARTS"):
        install_clocks()
        whole = counted("middleware", get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.COOKIES:  # the tenant, which tells by webhook what a change has changed
            return get_response(request)
        ledger.begin()
        began, worked = time.perf_counter(), time.process_time()
        response: HttpResponse = whole(request)
        worked, took = time.process_time() - worked, time.perf_counter() - began
        numbers = {
            "wall": took * 1000,
            "wait": ledger.waited * 1000,
            "cpu": worked * 1000,
            "calls": len(ledger.calls),
            "row": ledger.in_a_row,
            "queries": ledger.queries,
            **{f"in_{part}": seconds * 1000 for part, seconds in ledger.spent.items()},
        }
        response["Server-Timing"] = ", ".join(
            f"{name};dur={number:.3f}" for name, number in numbers.items()
        )
        return response

    return middleware
