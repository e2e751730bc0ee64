"""Ending many things at once."""

import time
from collections.abc import Callable

import pytest

from accountsite.elsewhere import endings
from accountsite.logto import errors


def counted(calls: list[int], number: int, *, failures: int = 0) -> Callable[[], None]:
    """Writes down that it was called, and fails so many times."""

    def ending() -> None:
        calls.append(number)
        if calls.count(number) <= failures:
            raise errors.Unavailable("no answer")

    return ending


def test_hundreds_end_each_once() -> None:
    calls: list[int] = []

    left = endings.end(counted(calls, number) for number in range(500))

    assert left == 0
    assert sorted(calls) == list(range(500))


def test_what_fails_is_tried_once_more_and_then_counted() -> None:
    calls: list[int] = []

    left = endings.end([counted(calls, number, failures=number) for number in range(4)])

    assert left == 2
    assert [calls.count(number) for number in range(4)] == [1, 2, 2, 2]


def test_nobody_waits_for_minutes() -> None:
    slow = [lambda: time.sleep(0.3)] * (3 * endings.AT_ONCE)

    left = endings.end(slow, patience=0.25)

    assert left == 2 * endings.AT_ONCE


def test_what_is_left_makes_it_uncertain() -> None:
    endings.check(0)

    with pytest.raises(errors.Unavailable) as failure:
        endings.check(1)
    assert failure.value.maybe_done
