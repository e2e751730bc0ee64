"""Nobody guesses for long: attempts are counted, and refused when they are too many."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from accountsite import origin
from accountsite.limits import attempts, rules, storage
from accountsite.limits.models import Counter
from accountsite.limits.rules import DAY, HOUR, MINUTE, Kind, Per, Rule
from tests.conftest import ALICE
from tests.other_process import python

pytestmark = pytest.mark.django_db

BOB = "bob000000001"


@pytest.fixture(autouse=True)
def rulebook(monkeypatch):
    """Rules that a test can see through."""
    monkeypatch.setattr(
        rules,
        "RULES",
        (
            Rule(Kind.PASSWORD, Per.ADDRESS, 8, HOUR),
            Rule(Kind.PASSWORD, Per.ACCOUNT, 3, 5 * MINUTE),
            Rule(Kind.PASSWORD, Per.ACCOUNT, 5, DAY),
            Rule(Kind.SEND, Per.TARGET, 1, MINUTE),
        ),
    )


def attempt(times=1, account=ALICE):
    """How many of so many attempts were let through."""
    passed = 0
    for _attempt in range(times):
        with suppress(attempts.TooMany):
            attempts.count(Kind.PASSWORD, account=account)
            passed += 1
    return passed


def test_so_many_are_let_through_and_no_more():
    assert attempt(times=10) == 3


def test_the_refusal_says_when_to_try_again(clock):
    attempt(times=3)
    clock.shift(timedelta(seconds=61))

    with pytest.raises(attempts.TooMany) as refusal, translation.override("en"):
        attempts.count(Kind.PASSWORD, account=ALICE)

    assert 5 * MINUTE - 62 <= refusal.value.retry_after <= 5 * MINUTE - 61
    assert str(refusal.value) == "Too many attempts. Try again in 4 minutes."


def test_after_that_it_works_again(clock):
    attempt(times=3)
    clock.shift(timedelta(seconds=5 * MINUTE + 1))

    assert attempt() == 1


def test_refused_attempts_do_not_make_the_wait_longer(clock):
    attempt(times=3)
    clock.shift(timedelta(seconds=4 * MINUTE))
    assert attempt() == 0
    clock.shift(timedelta(seconds=MINUTE + 1))

    assert attempt() == 1


def test_the_wait_is_that_of_the_strictest_rule(clock):
    attempt(times=3)
    clock.shift(timedelta(seconds=6 * MINUTE))
    attempt(times=2)

    assert attempt() == 0
    assert attempts.wait(Kind.PASSWORD, account=ALICE) > 23 * HOUR


def test_accounts_are_counted_apart():
    attempt(times=3)

    assert attempt(account=BOB) == 1


def test_kinds_are_counted_apart():
    attempt(times=3)

    attempts.count(Kind.SEND, account=ALICE, target="a@example.com")


def test_a_client_is_counted_over_all_accounts():
    assert [attempt(times=3, account=f"account-{number}") for number in range(4)] == [3, 3, 2, 0]


def test_what_a_client_is_refused_is_not_counted_against_the_account():
    with origin.bound(origin.Origin(address="192.0.2.66")):
        attempt(times=8, account="somebody")
        attempt(times=8, account="somebody-else")
        attempt(times=8, account=ALICE)

    assert attempt(times=3) == 3


@pytest.mark.parametrize(
    ("one", "other", "are_one_client"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_an_ipv6_network_is_one_client(one, other, are_one_client):
    def spend(address):
        with origin.bound(origin.Origin(address=address)):
            return sum(attempt(times=2, account=f"{address}-{n}") for n in range(4))

    assert spend(one) == 8
    assert spend(other) == (0 if are_one_client else 8)


def test_a_target_is_counted_however_it_is_written():
    attempts.count(Kind.SEND, account=ALICE, target="a@example.com")

    with pytest.raises(attempts.TooMany) as refusal, translation.override("en"):
        attempts.count(Kind.SEND, account=BOB, target=" A@Example.com")

    assert str(refusal.value) == "You can get another code in 60 seconds."


def test_success_forgets_the_failures_of_the_account_but_not_of_the_client():
    attempt(times=2)
    attempts.succeeded(Kind.PASSWORD, account=ALICE)

    assert attempt(times=3) == 3
    attempts.succeeded(Kind.PASSWORD, account=ALICE)
    assert attempt(times=3) == 3
    attempts.succeeded(Kind.PASSWORD, account=ALICE)
    assert attempt(times=3) == 0


def test_the_wait_can_be_asked_for_without_counting():
    assert attempts.wait(Kind.SEND, account=ALICE, target="a@example.com") == 0

    attempts.count(Kind.SEND, account=ALICE, target="a@example.com")

    assert 59 <= attempts.wait(Kind.SEND, account=ALICE, target="a@example.com") <= 60


def test_a_request_without_an_address_is_counted_by_the_rest():
    with origin.bound(origin.NOWHERE):
        assert attempt(times=10) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (3601, "2 hours"),
        (86400, "24 hours"),
    ],
)
def test_waits_are_rounded_up(seconds, words):
    with translation.override("en"):
        assert attempts.words_for(seconds) == words


def test_counters_do_not_tell_whose_they_are():
    attempt()
    attempts.count(Kind.SEND, account=ALICE, target="a@example.com")

    kept = " ".join(Counter.objects.values_list("key", flat=True))
    assert kept
    assert not any(word in kept for word in (ALICE, "example", "192.0.2.7"))


def test_counters_that_are_over_are_forgotten(clock):
    attempt()
    clock.shift(timedelta(hours=2))

    assert storage.forget_expired() == 2
    assert [counter.key.split("/")[0] for counter in Counter.objects.all()] == ["password:account"]


@pytest.mark.django_db(transaction=True)
def test_no_attempt_is_counted_where_a_rollback_would_forget_it():
    with transaction.atomic(), pytest.raises(RuntimeError):
        attempt()


RACE = """
import threading
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
passed, start = [], threading.Barrier(16)

def guess():
    start.wait()
    for _attempt in range(4):
        try:
            attempts.count(Kind.PASSWORD, account="alice")
        except attempts.TooMany:
            continue
        passed.append(1)

threads = [threading.Thread(target=guess) for _thread in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(passed))
"""


def test_attempts_at_the_same_time_are_counted_one_by_one_and_outlive_a_restart(tmp_path):
    first = python(RACE, tmp_path / "db.sqlite3")
    again = python(RACE, tmp_path / "db.sqlite3")

    assert (first.stdout.strip(), again.stdout.strip()) == ("5", "0"), first.stderr + again.stderr
