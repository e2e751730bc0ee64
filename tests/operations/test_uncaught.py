"""What nobody catches, in processes that work for people: one line, and none of its words."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from gunicorn.config import Config

from accountsite.operations.serving import ServerLogger
from tests.operations.test_settings import NEEDED

PRELUDE = """
import threading, warnings, django
django.setup()
from accountsite.operations import uncaught
uncaught.listen()
email = "al" + "ice@example.com"  # lines of the program are told
def fail():
    raise ValueError(f"Key (email)=({email}) already exists.")
"""
CRASHES = {
    "fail()": ("CRITICAL", "the program ends", 1),
    "t = threading.Thread(target=fail, name='jobs'); t.start(); t.join()": (
        *("ERROR", "a thread ends: jobs", 0),
    ),
    "class Left:\n  __del__ = lambda self: fail()\nLeft()": (
        *("ERROR", "an error had nobody to go to", 0),
    ),
}


def ended(code: str) -> tuple[int, list[dict[str, Any]], str]:
    """The status of a process that does this, the lines of its log, and all it said."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code],
        env=NEEDED | {"DJANGO_SETTINGS_MODULE": "accountsite.settings"},
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    said = done.stdout + done.stderr
    return done.returncode, [json.loads(line) for line in said.splitlines()], said


@pytest.mark.parametrize("code", CRASHES)
def test_a_crash_is_a_line_like_all_others(code: str) -> None:
    level, message, expected = CRASHES[code]

    status, (line,), said = ended(code)

    assert status == expected
    assert (line["level"], line["message"]) == (level, message)
    assert line["error"].endswith("ValueError")
    assert "in fail" in line["error"]
    assert "alice" not in said


def test_a_warning_is_a_line_like_all_others() -> None:
    _status, (line,), _said = ended("warnings.warn('of alice@example.com', stacklevel=1)")

    assert (line["level"], line["logger"]) == ("WARNING", "py.warnings")
    assert "UserWarning: of [address]" in line["message"]


def test_who_interrupts_a_program_needs_no_line() -> None:
    _status, lines, _said = ended("raise KeyboardInterrupt")

    assert lines == []


@pytest.fixture
def server() -> ServerLogger:
    """Gunicorn's logger, as its configuration asks for an access log too."""
    config = Config()
    config.set("accesslog", "-")
    return ServerLogger(config)


class InvalidHeader(Exception):
    """As gunicorn's own: with what was sent in its words."""


def test_a_request_that_is_none_is_told_by_what_is_wrong_with_it(
    server: ServerLogger, caplog: pytest.LogCaptureFixture
) -> None:
    def parse() -> None:
        raise InvalidHeader("Cookie: session=alice")

    try:
        parse()
    except InvalidHeader as error:
        server.warning(f"Invalid request from ip=203.0.113.9: {error}")

    assert caplog.messages == ["Invalid request: InvalidHeader"]


def test_an_error_of_a_request_is_told_without_its_address(
    server: ServerLogger, caplog: pytest.LogCaptureFixture
) -> None:
    server.exception("Error handling request %s %s", "GET", "/alice/?email=alice@example.com")

    assert caplog.messages == ["Error handling a request"]


def test_gunicorn_has_no_log_of_who_came_even_where_it_is_asked_for_one(
    server: ServerLogger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="gunicorn.access")

    server.access(object(), object(), {"REMOTE_ADDR": "203.0.113.9"}, 1)

    assert caplog.messages == []
