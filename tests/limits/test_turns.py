"""One at a time, and once only, in all processes."""

from datetime import timedelta

import pytest
from django.db import transaction

from accountsite.limits import turns
from accountsite.limits.models import Counter
from tests.other_process import python

pytestmark = pytest.mark.django_db


def test_while_one_is_at_it_another_is_refused():
    with turns.alone("codes:alice"), pytest.raises(turns.Busy), turns.alone("codes:alice"):
        pytest.fail("two at once")


def test_a_refusal_does_not_end_the_turn_of_the_first():
    with turns.alone("codes:alice"):
        for _attempt in range(2):
            with pytest.raises(turns.Busy), turns.alone("codes:alice"):
                pytest.fail("two at once")


def test_another_thing_can_be_done_meanwhile():
    with turns.alone("codes:alice"), turns.alone("codes:bob"):
        pass


def test_afterwards_it_is_the_next_ones_turn_even_after_an_error():
    with pytest.raises(ZeroDivisionError), turns.alone("codes:alice"):
        raise ZeroDivisionError

    with turns.alone("codes:alice"):
        pass


def test_the_turn_of_a_process_that_died_ends_by_itself(clock):
    assert turns.is_first("turn", seconds=60)  # as `alone` begins
    clock.shift(timedelta(seconds=59))
    assert not turns.is_first("turn", seconds=60)

    clock.shift(timedelta(seconds=2))

    assert turns.is_first("turn", seconds=60)


def test_who_was_too_slow_does_not_end_the_turn_of_the_next(clock):
    with turns.alone("codes:alice", seconds=60):
        clock.shift(timedelta(seconds=61))
        assert turns.is_first("codes:alice", seconds=60)

    assert not turns.is_first("codes:alice", seconds=60)


def test_one_is_the_first_and_nobody_else():
    assert [turns.is_first("code:123456", seconds=60) for _attempt in range(3)] == [
        True,
        False,
        False,
    ]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_no_second_turn():
    with pytest.raises(RuntimeError), transaction.atomic():
        turns.is_first("code:123456", seconds=60)


def test_the_table_does_not_tell_whose_turn_it_is():
    turns.is_first("codes:alice", seconds=60)

    assert "alice" not in Counter.objects.get().key


THREADS = """
from concurrent.futures import ThreadPoolExecutor
from accountsite.limits import turns
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(lambda _: turns.is_first("code", seconds=60), range(24))))
"""


def test_of_many_at_once_one_is_the_first(tmp_path):
    done = python(THREADS, tmp_path / "db.sqlite3")

    assert done.stdout.strip() == "1", done.stderr
