"""Several reads of one page at the same time.

The threads work for the request that called: its id and language go along. They must not touch
the database: a connection opened in one of them would never be closed.
"""

import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, overload

from django.utils import timezone, translation

from accountsite.logto import errors

# The 16 threads of a worker can want some hundred calls at a time. With 32, and each page's own thread
# for one of them, a worker waits for Logto when all of its processor's time is used, not before.
THREADS = 32

type Call[T] = Callable[[], T]


@overload
def gather[A](one: Call[A], /) -> tuple[A]: ...
@overload
def gather[A, B](one: Call[A], two: Call[B], /) -> tuple[A, B]: ...
@overload
def gather[A, B, C](one: Call[A], two: Call[B], three: Call[C], /) -> tuple[A, B, C]: ...
@overload
def gather[A, B, C, D](
    one: Call[A], two: Call[B], three: Call[C], four: Call[D], /
) -> tuple[A, B, C, D]: ...
@overload
def gather[A, B, C, D, E](
    one: Call[A], two: Call[B], three: Call[C], four: Call[D], five: Call[E], /
) -> tuple[A, B, C, D, E]: ...
@overload
def gather[T](*calls: Call[T]) -> tuple[T, ...]: ...


def gather(*calls: Call[Any]) -> tuple[Any, ...]:
    """The results, in order. All calls have ended when it returns.

    Raises the error of the first call, in order, that failed.
    """
    outcomes = _outcomes(calls)
    for outcome in outcomes:
        if isinstance(outcome, _Failed):
            raise outcome.error
    return tuple(outcomes)


@overload
def settle[A](one: Call[A], /) -> tuple[A | errors.LogtoError]: ...
@overload
def settle[A, B](
    one: Call[A], two: Call[B], /
) -> tuple[A | errors.LogtoError, B | errors.LogtoError]: ...
@overload
def settle[A, B, C](
    one: Call[A], two: Call[B], three: Call[C], /
) -> tuple[A | errors.LogtoError, B | errors.LogtoError, C | errors.LogtoError]: ...
@overload
def settle[T](*calls: Call[T]) -> tuple[T | errors.LogtoError, ...]: ...


def settle(*calls: Call[Any]) -> tuple[Any, ...]:
    """For panels that may fail alone: each call's result, or the LogtoError that it ended with.

    Any other exception is raised, as `gather` does.
    """
    outcomes = _outcomes(calls)
    for outcome in outcomes:
        if isinstance(outcome, _Failed) and not isinstance(outcome.error, errors.LogtoError):
            raise outcome.error
    return tuple(outcome.error if isinstance(outcome, _Failed) else outcome for outcome in outcomes)


def in_background(call: Call[None]) -> None:
    """Start a call that nobody waits for. It must handle its own errors."""
    _pool().submit(_bound(call))


class _Failed:
    """Stands for the result of a call that has none."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _outcomes(calls: tuple[Call[Any], ...]) -> list[Any]:
    """Run the first call here and the others in the pool.

    What the pool has not begun by then is run here too: no page waits for a queue, and calls that
    gather themselves cannot lock the pool.
    """
    if not calls:
        return []
    rest = [(call, _pool().submit(_bound(call))) for call in calls[1:]]
    return [_attempt(calls[0]), *(_result(call, future) for call, future in rest)]


def _result(call: Call[Any], future: Future[Any]) -> Any:
    return _attempt(call) if future.cancel() else future.result()


def _attempt(call: Call[Any]) -> Any:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - it is raised again, in the thread that waits
        return _Failed(error)


def _bound(call: Call[Any]) -> Call[Any]:
    """The call, tied to the context, language and time zone that are active now.

    Django's translation and timezone ignore a copied context in another thread, on purpose.
    """
    context = contextvars.copy_context()
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def run() -> Any:
        with translation.override(language), timezone.override(zone):
            return _attempt(call)

    return functools.partial(context.run, run)


@functools.cache
def _pool() -> ThreadPoolExecutor:
    """Made at the first use, after any fork."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="logto")
