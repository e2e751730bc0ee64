"""Several calls at the same time, for one request."""

import contextvars
import runpy
import threading
import time
from pathlib import Path

import pytest
from django.utils import timezone, translation

from accountsite.logto import correlation, errors, parallel, transport

ROOT = Path(__file__).parents[2]


def fail(error: Exception):
    raise error


def in_every_thread(read):
    """What each thread of the pool, and this one, reads, all at the same time."""
    together = threading.Barrier(parallel.THREADS + 1, timeout=5)

    def wait_and_read():
        together.wait()
        return threading.get_ident(), read()

    found = parallel.gather(*[wait_and_read] * (parallel.THREADS + 1))
    assert len({thread for thread, _ in found}) == parallel.THREADS + 1
    return {value for _, value in found}


def test_results_come_in_the_order_of_the_calls():
    def slow(value: int) -> int:
        time.sleep(0.05 / value)
        return value

    assert parallel.gather(lambda: slow(1), lambda: slow(2), lambda: slow(3)) == (1, 2, 3)


def test_calls_run_at_the_same_time():
    together = threading.Barrier(4, timeout=5)

    parallel.gather(*[together.wait] * 4)


def test_no_call_is_no_result():
    assert parallel.gather() == ()


def test_the_first_error_in_order_is_raised_when_all_have_ended():
    ended = []

    def slow():
        time.sleep(0.05)
        ended.append(True)

    with pytest.raises(ValueError, match="first"):
        parallel.gather(
            slow, lambda: fail(ValueError("first")), lambda: fail(KeyError("second")), slow
        )

    assert ended == [True, True]


def test_the_request_id_and_other_context_go_along():
    mine = contextvars.ContextVar("mine", default="")
    mine.set("value")
    with correlation.bound("request-1"):
        found = in_every_thread(lambda: (correlation.request_id.get(), mine.get()))

    assert found == {("request-1", "value")}


def test_the_language_and_time_zone_go_along():
    zone = timezone.get_fixed_timezone(540)
    with translation.override("ko"), timezone.override(zone):
        found = in_every_thread(
            lambda: (translation.get_language(), timezone.get_current_timezone())
        )

    assert found == {("ko", zone)}


def test_nothing_stays_in_the_threads_for_the_next_request():
    with translation.override("ko"), correlation.bound("request-1"):
        in_every_thread(lambda: None)

    found = in_every_thread(lambda: (translation.get_language(), correlation.request_id.get()))

    assert found == {("en", "")}


def test_calls_may_gather_themselves_however_many_they_are():
    def nested() -> int:
        return sum(parallel.gather(*[lambda: 1] * 10))

    assert sum(parallel.gather(*[nested] * 20)) == 200


def test_a_panel_can_fail_alone():
    outage = errors.Unavailable("down")

    assert parallel.settle(lambda: 1, lambda: fail(outage), lambda: 3) == (1, outage, 3)


def test_a_mistake_of_ours_is_not_a_failed_panel():
    with pytest.raises(ZeroDivisionError):
        parallel.settle(lambda: 1, lambda: 1 / 0)


def test_a_call_can_go_on_alone():
    done = threading.Event()

    parallel.in_background(done.set)

    assert done.wait(5)


def test_every_thread_of_a_worker_can_keep_a_connection_to_logto():
    web = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"]

    assert web + parallel.THREADS <= transport.POOL_SIZE
