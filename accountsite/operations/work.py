"""What a thread works for at the moment, and what that asked of Logto: for its log lines.

A request, or a task of the worker. The threads that gather from Logto belong to it too.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.tasks import TaskResultStatus
from django.tasks.signals import task_enqueued, task_finished, task_started

from accountsite import measurements
from accountsite.logto import correlation

logger = logging.getLogger(__name__)

STATIC = "/static/"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Work:
    """A request that is being answered, or a task that is being done."""

    request: HttpRequest | None = None
    task: str = ""
    status: int = 0  # of the answer, once there is one
    calls: int = 0
    seconds: float = 0.0  # the sum of them; those at the same time count each
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def account(self) -> str:
        """The id of the account that is signed in, if any."""
        return getattr(getattr(self.request, "account", None), "id", "")

    @property
    def route(self) -> str:
        """The name of the request's URL, once it is known; nothing outside of requests."""
        return route_of(self.request) if self.request is not None else ""

    def add(self, call: measurements.LogtoCall) -> None:
        """Count a call of Logto."""
        with self._lock:
            self.calls += 1
            self.seconds += call.seconds


NOTHING = Work()
_current: ContextVar[Work] = ContextVar("work", default=NOTHING)
_task = threading.local()  # the one that this thread of the worker is doing

# What else wants to stand around each work, from its begin to its end: traces.
around: list[Callable[[Work], AbstractContextManager[None]]] = []


def current() -> Work:
    """What this thread works for; NOTHING between requests."""
    return _current.get()


@contextmanager
def under_way(work: Work) -> Iterator[Work]:
    """Work for this inside the block."""
    token = _current.set(work)
    try:
        with ExitStack() as stack:
            for wrap in around:
                stack.enter_context(wrap(work))
            yield work
    finally:
        _current.reset(token)


def route_of(request: HttpRequest) -> str:
    """The name of the view, such as `profile:name`: never what stands in the path.

    For a file `static`, for an address that is none of ours `unknown`.
    """
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or "unknown"
    return "static" if is_for_a_file(request) else "unknown"


def is_for_a_file(request: HttpRequest) -> bool:
    """Whether a file of a page is asked for, there or not."""
    return request.path_info.startswith(STATIC)


def method_of(request: HttpRequest) -> str:
    """The method, or `other`: a client can send any word."""
    method = request.method or ""
    return method if method in METHODS else measurements.OTHER


def listen() -> None:
    """Count calls, and know the tasks of the worker."""
    measurements.listen(measurements.LogtoCall, _count)
    task_enqueued.connect(_task_enqueued)
    task_started.connect(_task_started)
    task_finished.connect(_task_finished)


def _count(call: measurements.LogtoCall) -> None:
    if (work := current()) is not NOTHING:
        work.add(call)


def _task_enqueued(sender: Any, task_result: Any, **_rest: Any) -> None:
    """The line ties the request's id to the task's."""
    name = task_result.task.module_path
    measurements.tell(measurements.Task(name=name, outcome="queued"))
    logger.info("task-%s queued: %s", task_result.id, name)


def _task_started(sender: Any, task_result: Any, **_rest: Any) -> None:
    """In a request, where the demo does its tasks, it is part of that."""
    if current().request is None:
        _end_of_task()  # of one that could not even be told of, as the database was away
        _task.stack = stack = ExitStack()
        stack.enter_context(correlation.bound(f"task-{task_result.id}"))
        stack.enter_context(under_way(Work(task=task_result.task.module_path)))


def _task_finished(sender: Any, task_result: Any, **_rest: Any) -> None:
    began, ended = task_result.started_at, task_result.finished_at
    is_done = task_result.status == TaskResultStatus.SUCCESSFUL
    measurements.tell(
        measurements.Task(
            name=task_result.task.module_path,
            outcome="done" if is_done else "failed",
            seconds=(ended - began).total_seconds() if began and ended else None,
        )
    )
    if current().request is None:
        _end_of_task()


def _end_of_task() -> None:
    if stack := getattr(_task, "stack", None):
        _task.stack = None
        stack.close()
