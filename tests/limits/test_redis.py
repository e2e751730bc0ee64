"""With Redis the counters are there, and count the same."""

import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress

import pytest
import redis

from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from tests.conftest import ALICE

REDIS = shutil.which("redis-server") or shutil.which("valkey-server")

pytestmark = pytest.mark.skipif(REDIS is None, reason="there is no redis-server")


@pytest.fixture(scope="module")
def redis_url():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    with redis.from_url(url) as connection:
        for _try in range(100):
            with suppress(redis.ConnectionError):
                connection.ping()
                break
            time.sleep(0.05)
    yield url
    server.terminate()
    server.wait()


@pytest.fixture(autouse=True)
def empty_redis(settings, redis_url):
    settings.REDIS_URL = redis_url
    with redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection


def attempt(times):
    passed = 0
    for _attempt in range(times):
        with suppress(attempts.TooMany):
            attempts.count(Kind.PASSWORD, account=ALICE)
            passed += 1
    return passed


def test_so_many_are_let_through_and_no_more():
    assert attempt(times=10) == 5


def test_the_refusal_says_when_to_try_again():
    attempt(times=5)

    with pytest.raises(attempts.TooMany) as refusal:
        attempts.count(Kind.PASSWORD, account=ALICE)

    assert 295 <= refusal.value.retry_after <= 300


def test_success_forgets_the_failures():
    attempt(times=5)
    attempts.succeeded(Kind.PASSWORD, account=ALICE)

    assert attempt(times=10) == 5


def test_attempts_at_the_same_time_are_counted_one_by_one():
    passed = []
    threads = [
        threading.Thread(target=lambda: passed.append(attempt(times=4))) for _thread in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(passed) == 5


def test_every_counter_ends_by_itself(empty_redis):
    attempt(times=1)

    keys = empty_redis.keys("*")
    assert len(keys) == 3
    assert all(key.startswith(b"accountsite:limits:") for key in keys)
    assert all(empty_redis.ttl(key) > 0 for key in keys)
