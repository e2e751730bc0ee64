"""What the command starts with, and that nothing else starts with so little."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from accountsite import environment

ENOUGH = {
    "LOGTO_ENDPOINT": "https://auth.example.com",
    "LOGTO_M2M_APP_ID": "m2m",
    "LOGTO_M2M_APP_SECRET": "m2m-secret",
}
SHOW = (
    "import sys; sys.argv[:] = ['manage.py', 'provision']\n"
    "from accountsite import settings as s\n"
    "print(repr([s.SITE_URL, s.LOGTO_APP_ID, s.LOGTO_APP_SECRET, len(s.SECRET_KEY)]),"
    " s.CACHES['default']['BACKEND'], s.SECRET_KEY, sep='\\n')"
)


def run(*arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """A program of ours, with nothing in its environment but what the command needs."""
    given = {name: value for name, value in (ENOUGH | variables).items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_without_what_it_is_there_to_find_out():
    assert run("manage.py", "provision", "--help").returncode == 0


def test_its_key_is_another_each_time_and_its_cache_is_not_the_site_s():
    first, second = (run("-c", SHOW, REDIS_URL="redis://cache:6379/0") for _time in range(2))

    values, cache, key = first.stdout.splitlines()
    assert values == "['', '', '', 64]"
    assert cache == "django.core.cache.backends.locmem.LocMemCache"
    assert key != second.stdout.splitlines()[2]


def test_what_is_set_counts():
    key = "only-for-tests-0123456789abcdefghijkl"
    shown = run("-c", SHOW, SITE_URL="https://a.example.com/", SECRET_KEY=key, LOGTO_APP_ID="app")

    assert shown.stdout.splitlines()[0] == f"['https://a.example.com', 'app', '', {len(key)}]"
    assert shown.stdout.splitlines()[2] == key


@pytest.mark.parametrize("name", ENOUGH)
def test_it_needs_the_rest(name):
    done = run("manage.py", "provision", "--help", **{name: None})

    assert done.returncode == 1
    assert f"accountsite can't start. {name} is not set: it wants " in done.stderr


@pytest.mark.parametrize(
    "arguments", [("manage.py", "check"), ("-m", "gunicorn", "accountsite.wsgi")]
)
def test_no_other_program_starts_with_so_little(arguments):
    done = run(*arguments, IS_PROVISIONING="1")

    assert done.returncode != 0
    assert "accountsite can't start. SITE_URL is not set: it wants " in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "is_it"),
    [
        (["manage.py", "provision"], True),
        (["/site/manage.py", "provision", "--dry-run"], True),
        (["manage.py", "serve", "provision"], False),
        (["manage.py"], False),
        (["/usr/bin/gunicorn", "provision"], False),
        (["provision"], False),
        ([""], False),
    ],
)
def test_it_is_known_by_how_it_was_started(monkeypatch, arguments, is_it):
    monkeypatch.setattr(sys, "argv", arguments)

    assert environment.runs("provision") is is_it
