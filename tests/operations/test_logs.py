"""What stands in a log line, and what never does."""

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.tasks.signals import task_finished, task_started
from django.test import Client

from accountsite.logto import correlation, errors, parallel, users
from accountsite.operations import logs, work
from tests.conftest import ALICE, API
from tests.signin.conftest import user

Lines = Callable[[], list[dict[str, Any]]]


class Written(logging.Handler):
    """Keeps lines as they would be written."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written() -> Iterator[Lines]:
    """The lines so far, read back from JSON."""
    handler = Written(logs.Json())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in handler.lines]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def logger() -> logging.Logger:
    """One of somebody else's."""
    logger = logging.getLogger("some.library")
    logger.setLevel(logging.INFO)
    return logger


def of(lines: list[dict[str, Any]], logger: str) -> dict[str, Any]:
    (line,) = [line for line in lines if line["logger"] == logger]
    return line


def test_a_request_is_one_line_with_its_id_account_route_and_cost(
    alice: Client, wire: Any, written: Lines
) -> None:
    response = alice.get("/sign-out/?hint=alice@example.com")

    line = of(written(), "accountsite.requests")
    assert line["message"] == "GET signin:sign_out 200"
    assert (line["method"], line["route"], line["status"]) == ("GET", "signin:sign_out", 200)
    assert (line["request_id"], line["account"]) == (response["X-Request-ID"], ALICE)
    assert line["level"] == "INFO"
    assert line["time"].endswith("+00:00")
    assert line["milliseconds"] > 0
    assert line["logto_calls"] == len(wire.calls)
    assert line["logto_milliseconds"] > 0


def test_a_call_of_logto_is_a_line_of_the_request_that_waits_for_it(
    alice: Client, wire: Any, written: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "accountsite.logto")
    wire.get(f"{API}/users/{ALICE}", json=user())

    response = alice.get("/profile/name/")

    calls = [line for line in written() if line["logger"] == "accountsite.logto.transport"]
    assert {"/api/users/{}", "/api/sign-in-exp", "/oidc/token"} <= {
        call["logto_route"] for call in calls
    }
    assert {call["request_id"] for call in calls} == {response["X-Request-ID"]}
    assert {call["account"] for call in calls} == {ALICE}
    sent = {call.request.headers.get("X-Request-ID") for call in wire.calls}
    assert sent == {response["X-Request-ID"]}


def test_calls_of_other_threads_count_for_their_request(wire: Any) -> None:
    wire.get(f"{API}/users/a", json=user())
    wire.get(f"{API}/users/b", json=user())

    with work.under_way(work.Work(request=HttpRequest())) as done:
        parallel.gather(lambda: users.get("a"), lambda: users.get("b"))

    assert done.calls == 3  # and the token
    assert done.seconds > 0


@pytest.mark.parametrize("given", ["support-12345678", "a" * 64])
def test_the_id_that_a_trusted_proxy_gives_is_kept(
    client: Client, settings: Any, given: str
) -> None:
    settings.TRUSTED_PROXIES = 1

    assert client.get("/signed-out/", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "a" * 65, 'x" injected="1', "a\nb-12345678", ""])
def test_an_id_that_is_none_is_replaced(client: Client, settings: Any, given: str) -> None:
    settings.TRUSTED_PROXIES = 1

    answered = client.get("/signed-out/", headers={"x-request-id": given})["X-Request-ID"]

    assert answered != given
    assert len(answered) == 16


def test_nobody_gives_ids_where_no_proxy_is_trusted(client: Client) -> None:
    response = client.get("/signed-out/", headers={"x-request-id": "support-12345678"})

    assert response["X-Request-ID"] != "support-12345678"


def test_an_address_that_is_none_of_ours_is_not_repeated(client: Client, written: Lines) -> None:
    client.get("/alice@example.com/is-my-address/")

    line = of(written(), "accountsite.requests")
    assert (line["route"], line["message"]) == ("unknown", "GET unknown 404")
    assert "alice" not in json.dumps(written())


def test_a_method_that_nobody_knows_is_not_repeated(client: Client, written: Lines) -> None:
    client.generic("ALICE", "/signed-out/")

    assert of(written(), "accountsite.requests")["method"] == "other"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("GET /sign-in/callback/?code=abc&state=def failed", "GET /sign-in/callback/?… failed"),
        ("no mail to alice.kim@example.com: full", "no mail to [address]: full"),
        ("<alice@example.com>", "<[address]>"),
        ("to alice%40example.com, or so", "to [address], or so"),
        ("at https://a.example/people/zoe?q=1 and on", "at https://a.example/… and on"),
        ("at: http://127.0.0.1:8000,http://[::1]:8000 (7)",) * 2,
        ("task-0192f0c1-5b7e-7a31-9a4f-0123456789ab queued",) * 2,
        (f"task-{'0192' * 9}0-and-more", "[token]"),
        ("from https://a.example?q=zoe", "from https://a.example?…"),
        ("call +821012345678 now", "call [number] now"),
        ("call +1 (202) 555-0123 now", "call [number] now"),
        ("call %2B12025550123 or 01012345678", "call [number] or [number]"),
        ("process 4194303 of task-019a2c", "process 4194303 of task-019a2c"),
        ("bearer eyJhbGciOi.eyJzdWIiOi.c2ln-_x", "bearer [token]"),
        (f"token {'aB3-' * 12}", "token [token]"),
        ("two\nlines\r\nand a forged one", "two\\nlines\\r\\nand a forged one"),
        ("\x1b[2Jgone\u2028two\u202e", "\\x1b[2Jgone\\u2028two\\u202e"),
        ("is it? yes, 12 of 20, at 12:30+0900", "is it? yes, 12 of 20, at 12:30+0900"),
    ],
)
def test_what_others_quote_is_cut(
    logger: logging.Logger, written: Lines, said: str, line: str
) -> None:
    logger.warning("%s", said)

    assert of(written(), "some.library")["message"] == line


def test_half_a_character_is_written_as_what_it_is() -> None:
    # Not by way of a logger: pytest keeps what is logged, and can't send this from process to process.
    record = logging.makeLogRecord({"name": "some.library", "msg": "%s", "args": ("gone\udcff",)})

    assert json.loads(logs.Json().format(record))["message"] == "gone\\udcff"


def test_an_error_is_told_by_its_kind_and_place_and_not_by_its_words(
    logger: logging.Logger, written: Lines
) -> None:
    def look_up() -> None:
        {}["Alice Kim"]

    def fail() -> None:
        try:
            look_up()
        except KeyError as cause:
            raise RuntimeError("alice@example.com has hunter2") from cause

    try:
        fail()
    except RuntimeError:
        logger.exception("it failed")

    error = of(written(), "some.library")["error"]
    assert error.index("KeyError") < error.index("RuntimeError")
    assert "test_logs.py" in error
    assert "in fail" in error
    assert '{}["Alice Kim"]' in error  # the line of the program, not the value
    assert "KeyError: " not in error
    assert "RuntimeError: " not in error


def test_a_refusal_of_logto_is_told_with_its_code(logger: logging.Logger, written: Lines) -> None:
    problem = errors.Conflict(status=422, code="user.email_already_in_use", reason="alice@x.test")

    logger.warning("not done", exc_info=problem)

    assert of(written(), "some.library")["error"].endswith("Conflict 422 user.email_already_in_use")


def test_an_error_of_a_page_names_the_page(
    alice: Client, written: Lines, monkeypatch: pytest.MonkeyPatch, wire: Any
) -> None:
    alice.raise_request_exception = False
    wire.get(f"{API}/users/{ALICE}", body=RuntimeError("Alice Kim, alice@example.com"))

    response = alice.get("/profile/name/?code=secret")

    assert response.status_code == 500
    line = of(written(), "django.request")
    assert line["message"] == "Internal Server Error: profile:field"
    assert (line["level"], line["route"]) == ("ERROR", "profile:field")  # outside of the request
    assert (line["request_id"], line["account"]) == (response["X-Request-ID"], ALICE)
    assert "RuntimeError" in line["error"]
    assert "Alice" not in json.dumps(written())
    assert "secret" not in json.dumps(written())


def test_a_page_that_tells_of_an_outage_is_no_error_of_ours(
    alice: Client, wire: Any, written: Lines
) -> None:
    wire.get(f"{API}/users/{ALICE}", status=503)

    response = alice.get("/profile/name/")

    assert response.status_code == 503
    assert of(written(), "accountsite.middleware")["level"] == "WARNING"
    assert not [line for line in written() if line["level"] == "ERROR"]


def test_what_comes_after_a_request_is_not_told_as_part_of_it(
    client: Client, written: Lines, logger: logging.Logger
) -> None:
    client.get("/nowhere/")

    logger.warning("a connection was cut")

    assert "request_id" not in of(written(), "some.library")


def test_a_task_names_itself_and_its_calls(written: Lines, logger: logging.Logger) -> None:
    class Result:
        id = "0192-77"

        class task:  # noqa: N801
            module_path = "accountsite.notices.delivery.deliver"

        status, started_at, finished_at = "SUCCESSFUL", None, None

    task_started.send(sender=None, task_result=Result)
    logger.warning("inside")
    inside = correlation.request_id.get()
    task_finished.send(sender=None, task_result=Result)
    logger.warning("outside")

    first, second = (line for line in written() if line["logger"] == "some.library")
    assert (first["task"], first["request_id"]) == (Result.task.module_path, inside)
    assert inside == "task-0192-77"
    assert {"task", "request_id"}.isdisjoint(second)


def test_text_is_for_people(logger: logging.Logger) -> None:
    handler = Written(logs.Text())
    logger.addHandler(handler)

    with correlation.bound("abc"):
        logger.warning(
            "GET profile:name 200",
            extra={"milliseconds": 12.3, "logto_calls": 2, "logto_milliseconds": 8.0},
        )
    try:
        int("Alice Kim")
    except ValueError:
        logger.exception("it failed")

    logger.removeHandler(handler)
    plain, failed = handler.lines
    assert plain.endswith(
        "WARNING [abc] some.library: GET profile:name 200 in 12 ms, 2 calls of Logto 8 ms"
    )
    assert failed.splitlines()[0].endswith("ERROR [-] some.library: it failed")
    assert failed.splitlines()[-1] == "ValueError"


def test_where_people_are_invented_errors_may_speak(logger: logging.Logger) -> None:
    try:
        int("Alice Kim")
    except ValueError:
        record = logger.makeRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())

    assert logs.Text(with_texts=True).format(record).endswith("with base 10: 'Alice Kim'")


def test_the_form_is_the_operators_choice() -> None:
    assert settings.LOG_FORMAT == "json"
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "json"


def test_a_long_line_is_gone_through_once() -> None:
    began = time.perf_counter()

    for filler in ("a" * 2000, "/" * 2000, "1-" * 1000, "+1 " * 600, "x://" * 500, "eyJ." * 500):
        logs.scrubbed(filler)

    assert time.perf_counter() - began < 0.5  # some milliseconds, on a machine with nothing to do


def test_a_message_that_does_not_fit_its_arguments_is_told_without_them(
    logger: logging.Logger,
) -> None:
    record = logger.makeRecord("x", logging.ERROR, "", 0, "%d of %s", ("Alice",), None)

    assert json.loads(logs.Json().format(record))["message"] == "%d of %s"


def test_what_a_library_adds_to_a_line_can_be_anything(
    logger: logging.Logger, written: Lines
) -> None:
    logger.warning("sent", extra={"status": {"code": 200}, "method": None})

    assert of(written(), "some.library")["status"] == {"code": 200}


@pytest.mark.parametrize("host", ["zoe.example", "alice@example.com", "Zoë"])
def test_a_host_that_is_not_ours_is_not_repeated_and_no_error(
    client: Client, written: Lines, host: str
) -> None:
    client.get("/signed-out/", headers={"host": host})

    line = of(written(), "django.security.DisallowedHost")
    assert (line["level"], line["message"]) == ("WARNING", "DisallowedHost: unknown")
    assert host not in json.dumps(written(), ensure_ascii=False)


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_what_a_forged_form_says_of_where_it_comes_from_is_not_repeated(
    written: Lines, db: None, name: str
) -> None:
    client = Client(enforce_csrf_checks=True)

    client.post(
        "/sign-out/", secure=True, headers={name.lower(): "https://evil.example/zoe?q=quartermaine"}
    )

    line = of(written(), "django.security.csrf")
    assert line["message"].endswith(f"{name} checking failed")
    assert not {"zoe", "quartermaine", "evil"} & set(re.findall(r"\w+", json.dumps(written())))
