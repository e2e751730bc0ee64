"""Redis, which may be away or emptied at any time without anybody noticing."""

import pickle
import socket
import time

import pytest
import redis as client
from django.core.cache import cache
from django.test import Client

from accountsite import caches
from accountsite.limits import attempts, turns
from accountsite.limits.rules import Kind
from accountsite.logto import credentials, passwords
from tests.conftest import ALICE, API
from tests.other_process import python
from tests.stack import ports, redis
from tests.stack.relay import Relay

pytestmark = pytest.mark.skipif(not redis.is_installed(), reason="there is no redis-server")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with redis.start(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def server(running, settings):
    """A Redis that is this site's, empty and up."""
    if running.process.poll() is not None:
        running.start()
    running.flush()
    use(settings, running.url)
    yield running
    caches._paused_until.clear()


def use(settings, url):
    backend = "accountsite.caches.Shared"
    settings.REDIS_URL = url
    settings.CACHES = {
        "default": {"BACKEND": backend, "LOCATION": url, "KEY_PREFIX": "accountsite"}
    }


@pytest.fixture
def no_pause(monkeypatch):
    """Redis is asked again at once."""
    monkeypatch.setattr(caches, "PAUSE_SECONDS", 0.0)


OTHER = """
from django.core.cache import cache
from accountsite.logto import credentials
print(cache.get("name"), cache.add("lock", 1, 600), credentials.token())
cache.delete("name")
"""


def test_all_processes_share_what_is_kept_and_the_token_and_the_locks(server, settings, tmp_path):
    cache.set("name", "한글", 60)
    assert cache.add("lock", 1, 600)
    assert credentials.token() == "m2m"

    done = python(  # which reaches no Logto
        OTHER,
        tmp_path / "db.sqlite3",
        REDIS_URL=server.url,
        SECRET_KEY=settings.SECRET_KEY,
        LOGTO_ENDPOINT=settings.LOGTO_ENDPOINT,
    )

    assert done.stdout.split() == ["한글", "False", "m2m"], done.stderr
    assert cache.get("name") is None


def test_everything_django_asks_of_a_cache_works(server):
    check_everything()


def test_and_works_without_redis_in_the_memory_of_the_process(server):
    server.kill()

    check_everything()


def check_everything():
    assert cache.get("a") is None
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert cache.incr("a", 4) == 5
    assert cache.decr("a", 7) == -2
    assert cache.get("a") == -2
    cache.set("b", ("text", 1.5), None)
    assert cache.set_many({"c": b"", "d": "7"}, 60) == []
    assert cache.get_many(["a", "b", "c", "d", "e"]) == {
        "a": -2,
        "b": ("text", 1.5),
        "c": b"",
        "d": "7",
    }
    assert cache.get_many([]) == {}
    assert cache.get_or_set("e", lambda: "made", 60) == "made"
    assert "e" in cache
    assert cache.touch("e", 60)
    assert not cache.touch("f", 60)
    assert cache.delete("e")
    assert not cache.delete("e")
    cache.delete_many(["c", "d"])
    assert cache.get_many(["c", "d"]) == {}
    cache.clear()
    assert not cache.has_key("b")


def test_a_redis_that_is_killed_makes_a_miss_and_no_error(server, caplog):
    cache.set("name", "kept", 60)
    server.kill()

    assert [cache.get("name") for _time in range(3)] == [None] * 3

    assert len(caplog.records) == 1


def test_meanwhile_the_process_remembers_for_itself(server):
    server.kill()

    cache.set("name", "kept", 60)

    assert cache.get("name") == "kept"


def test_it_is_used_again_when_it_is_back(server, no_pause, caplog):
    server.kill()
    cache.set("name", "here", 60)
    server.start()

    assert cache.get("name") is None
    cache.set("name", "there", 60)

    assert [message.partition(";")[0] for message in caplog.messages] == [
        "Redis is away",
        "Redis is back",
    ]
    with client.from_url(server.url) as connection:
        assert connection.keys() == [b"accountsite:1:name"]


def test_a_restart_in_between_is_not_even_an_outage(server, caplog):
    cache.set("name", "kept", 60)
    server.restart()

    cache.set("name", "again", 60)

    assert cache.get("name") == "again"
    assert not caplog.records


def test_a_connection_that_breaks_in_the_middle_of_a_question_is_not_an_outage(
    server, settings, caplog
):
    """As behind a proxy, or with a Redis that hands over to another one."""
    with Relay(server.port) as between:
        use(settings, f"redis://127.0.0.1:{between.port}/0")
        cache.set("name", "kept", 60)
        between.loses_next = True

        assert cache.get("name") == "kept"

    assert not between.loses_next, "it did"
    assert not caplog.records


def test_where_nobody_listens_no_page_waits(settings):
    use(settings, f"redis://127.0.0.1:{ports.free()}/0")
    began = time.monotonic()

    assert cache.get("name") is None

    assert time.monotonic() - began < caches.WAIT_SECONDS / 2


def test_what_was_deleted_meanwhile_does_not_come_back_in_the_next_outage(server, no_pause):
    server.kill()
    cache.set("name", "old", 60)
    server.start()
    cache.delete("name")
    server.kill()

    assert cache.get("name") is None


def test_of_a_redis_that_does_not_answer_one_page_waits_and_for_a_second(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()

        for number in range(20):
            cache.set(f"name-{number}", "kept", 60)

        assert time.monotonic() - began < 2 * caches.WAIT_SECONDS
        assert cache.get("name-19") == "kept"


class Runs:
    """What runs a program when it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("it was run",))


@pytest.mark.parametrize(
    "value",
    [
        pickle.dumps(Runs()),
        b"x" * 32 + pickle.dumps(Runs()),
        b"",
        b"short",
        caches._mark(b"cgone\nNoMore\n.") + b"cgone\nNoMore\n.",
    ],
)
def test_what_somebody_else_put_there_is_a_miss_and_is_not_run(server, value):
    with client.from_url(server.url) as connection:
        connection.set("accountsite:1:name", value)

    assert cache.get("name", "nothing") == "nothing"
    assert cache.get_many(["name"]) == {}
    cache.set("name", "ours", 60)
    assert cache.get("name") == "ours"


def test_a_new_secret_key_begins_it_anew(server, settings):
    cache.set("name", "kept", 60)
    settings.SECRET_KEY = "n" * 40

    assert cache.get("name") is None


# The site


@pytest.mark.parametrize("trouble", ["kill", "flush"])
def test_nobody_is_signed_out_and_no_page_fails(server, alice, trouble):
    assert alice.get("/sign-out/").status_code == 200

    getattr(server, trouble)()

    assert [alice.get("/sign-out/").status_code for _page in range(3)] == [200] * 3


def test_whoever_is_signed_out_stays_so(server, alice):
    alice.get("/sign-out/")
    key = alice.cookies["session"].value
    server.kill()

    alice.post("/sign-out/")
    server.start()

    other = Client()
    other.cookies["session"] = key
    assert other.get("/sign-out/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", ["kill", "flush"])
def test_attempts_and_codes_that_were_used_are_not_forgotten(server, trouble):
    for _attempt in range(5):
        attempts.count(Kind.PASSWORD, account=ALICE)
    assert turns.is_first("totp:secret:1", seconds=60)

    getattr(server, trouble)()

    with pytest.raises(attempts.TooMany):
        attempts.count(Kind.PASSWORD, account=ALICE)
    assert not turns.is_first("totp:secret:1", seconds=60)


@pytest.mark.parametrize("trouble", ["kill", "flush"])
def test_the_token_for_logto_is_asked_for_once_more_and_not_for_each_call(server, wire, trouble):
    wire.get(f"{API}/users/{ALICE}/has-password", json={"hasPassword": True})

    def calls(number):
        for _call in range(number):
            passwords.is_set(ALICE)
        return sum(call.request.url.endswith("/oidc/token") for call in wire.calls)

    assert calls(2) == 1
    getattr(server, trouble)()
    assert calls(3) == 2
