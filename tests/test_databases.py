"""PostgreSQL and SQLite as the site uses them: how long it waits, and what it keeps open."""

import json
import runpy
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from accountsite import databases
from tests.operations.test_settings import start
from tests.other_process import PRELUDE, python, variables
from tests.stack import postgresql
from tests.stack.relay import Relay

__all__ = ["start"]  # a fixture

NEEDS_POSTGRESQL = pytest.mark.skipif(
    not postgresql.is_installed(), reason="there is no PostgreSQL"
)
POSTGRES = "postgres://accountsite:secret@db/accountsite"


# Settings


def test_only_postgresql_has_a_pool(start):
    with_pool = start(DATABASE_URL=POSTGRES)["DATABASES"]["default"]
    without = start()["DATABASES"]["default"]

    assert with_pool["OPTIONS"]["pool"] == {
        "min_size": 1,
        "max_size": 16,
        "timeout": databases.WAIT,
        "reconnect_timeout": databases.RECONNECT,
    }
    assert with_pool["CONN_MAX_AGE"] == 0
    assert with_pool["CONN_HEALTH_CHECKS"]
    assert "pool" not in without["OPTIONS"]


def test_as_many_connections_as_threads_unless_the_operator_wants_others(start):
    configuration = runpy.run_path(start()["BASE_DIR"] / "gunicorn.conf.py")

    def most(**changes):
        return start(DATABASE_URL=POSTGRES, **changes)["DATABASES"]["default"]["OPTIONS"]["pool"]

    assert most()["max_size"] == configuration["threads"]
    assert most(ACCOUNTSITE_DATABASE_CONNECTIONS="4")["max_size"] == 4


def test_what_the_address_says_counts_more(start):
    url = f"{POSTGRES}?sslmode=verify-full&connect_timeout=9&options=-c%20search_path%3Dsite"

    options = start(DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]

    assert (options["sslmode"], options["connect_timeout"]) == ("verify-full", 9)
    assert options["options"].startswith("-c statement_timeout=30000 ")
    assert options["options"].endswith(" -c search_path=site")


def test_sqlite_reads_while_it_writes_and_waits_its_turn(start):
    options = start()["DATABASES"]["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 10
    assert "PRAGMA journal_mode=WAL" in options["init_command"]


TWO_WRITERS = """
import threading
from django.db import connection, connections, transaction
from accountsite.limits.models import Counter
from django.utils import timezone

Counter.objects.create(key="k", hits=0, expires_at=timezone.now())
def add(_n):
    for _time in range(20):
        with transaction.atomic():
            row = Counter.objects.get()  # a read, before the write
            Counter.objects.update(hits=row.hits + 1)
    connections.close_all()
threads = [threading.Thread(target=add, args=[n]) for n in range(8)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode")
    print(Counter.objects.get().hits, cursor.fetchone()[0])
"""


def test_in_sqlite_a_transaction_that_begins_with_a_read_can_write(tmp_path):
    done = python(TWO_WRITERS, tmp_path / "db.sqlite3")

    assert done.stdout.split() == ["160", "wal"], done.stderr


# A server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with postgresql.start(tmp_path_factory.mktemp("postgresql")) as running:
        yield running


def run(server, code):
    """What the code prints, as JSON."""
    done = python(f"import json, time\nfrom django.db import connection\n{code}", server.url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LIMITS = """
def shown():
    with connection.cursor() as cursor:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]
connection.close()
first = shown()
call_command("migrate", verbosity=0)
print(json.dumps([first, shown()]))
"""


@NEEDS_POSTGRESQL
def test_the_server_ends_what_takes_too_long_but_for_migrations(server):
    for_pages, for_migrations = run(server, LIMITS)

    assert for_pages == ["30s", "5s", "1min"]
    assert for_migrations == ["0", "5s", "1min"]


ONE_PAGE = """
from io import BytesIO
from importlib import import_module
from django.conf import settings
from accountsite.signin import services
from accountsite.wsgi import application

plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES["staticfiles"] = plain  # which needs no `collectstatic`

def page(path, cookie=""):
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "wsgi.input": BytesIO(),
        "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "wsgi.url_scheme": "http",
        "HTTP_HOST": "localhost:8000", "HTTP_COOKIE": cookie, "REMOTE_ADDR": "192.0.2.7",
    }
    statuses = []
    answer = application(environ, lambda status, headers: statuses.append(status))
    b"".join(answer)
    answer.close()
    return statuses[0].split()[0]

store = import_module(settings.SESSION_ENGINE).SessionStore()
store[services.ACCOUNT] = {"id": "alice0000001", "sid": "s", "signed_in": int(time.time()),
    "name": "Alice", "username": None, "email": None, "phone": None, "avatar": None}
store.save()
cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
connection.close()
"""

STATISTICS = """
def now():
    for _time in range(500):  # one may just be being opened
        found = connection.pool.get_stats()
        if found["pool_available"] == found["pool_size"]:
            break
        time.sleep(0.01)
    return {"requests_num": 0, **found}
page("/sign-out/", cookie)
before = now()
statuses = [page("/sign-out/", cookie) for _time in range(5)]
print(json.dumps([statuses, before, now()]))
"""


@NEEDS_POSTGRESQL
def test_a_page_takes_one_connection_and_gives_it_back(server):
    statuses, before, after = run(server, ONE_PAGE + STATISTICS)

    assert statuses == ["200"] * 5
    assert after["requests_num"] - before["requests_num"] == 5  # one asked for by each page,
    assert after["pool_size"] < 5  # of a few that stay open,
    assert after["pool_available"] == after["pool_size"]  # and all of which are back


ON_REQUEST = """
import sys
for line in sys.stdin:
    began = time.monotonic()
    print(page("/sign-out/", cookie), time.monotonic() - began, flush=True)
"""


@contextmanager
def pages_of(database_url, tmp_path):
    """A process that shows a page each time it is asked to: its status, and how long it took."""
    code = f"{PRELUDE}\nimport time\nfrom django.db import connection\n{ONE_PAGE}{ON_REQUEST}"
    errors = tmp_path / "errors"
    with (
        errors.open("w") as log,
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=variables(database_url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):

        def ask():
            process.stdin.write("\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, errors.read_text()
            status, seconds = line.split()
            return int(status), float(seconds)

        yield ask
        process.stdin.close()


@pytest.fixture
def site(server, tmp_path):
    with pages_of(server.url, tmp_path) as pages:
        yield pages


@NEEDS_POSTGRESQL
def test_a_restart_of_the_server_is_no_error(server, site):
    assert site()[0] == 200

    server.restart()

    assert [site()[0] for _time in range(3)] == [200, 200, 200]


@NEEDS_POSTGRESQL
def test_without_its_server_a_page_says_so_soon_and_is_back_with_it(server, site):
    assert site()[0] == 200

    server.kill()
    status, seconds = site()
    server.start()

    assert status == 503
    assert seconds < databases.WAIT + 1
    assert site()[0] == 200


@NEEDS_POSTGRESQL
def test_after_a_longer_absence_the_first_page_is_back_with_it_too(server, tmp_path):
    """A pool that had gone on trying, after longer and longer waits, would miss it."""
    address = urlsplit(server.url)
    with Relay(server.port) as between:
        netloc = f"{address.username}@127.0.0.1:{between.port}"
        with pages_of(address._replace(netloc=netloc).geturl(), tmp_path) as site:
            assert site()[0] == 200

            between.fail()
            while_away = [site()[0] for _page in range(2)]
            between.repair()

            assert while_away == [503, 503]
            assert site()[0] == 200
