"""Errors to Sentry and traces to a collector: what goes there, what never does, and what if not."""

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import requests
from django.conf import settings
from django.test import Client

from accountsite.operations import sentry
from tests.operations import collector as collectors
from tests.operations.collector import PATIENCE, Collector
from tests.operations.test_exposition import answer
from tests.operations.test_serve import environment, port, serve

__all__ = ["environment", "port", "serve"]

HOST = "account.example.com"
# What a request of alice's holds of her, wherever it may stand.
SECRETS = [
    "alice",
    "Kim",
    "s3cret-code",
    "s3cret-cookie",
    "s3cret-body",
    "203.0.113.9",
    "Browser/7",
]


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A listener in place of Sentry or an OpenTelemetry collector."""
    with Collector() as collector:
        yield collector


def fail(port: int, **headers: str) -> requests.Response:
    """Ask for a page that ends in an error, with as much of alice as a request can hold.

    The site of these tests has no static files, so that no page can be made.
    """
    answer(f"http://127.0.0.1:{port}/healthz")
    return requests.post(
        f"http://127.0.0.1:{port}/signed-out/?code=s3cret-code&email=alice@example.com",
        data={"name": "Alice Kim", "password": "s3cret-body"},
        headers={
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
            "X-Request-ID": "support-0123456789",
            "Cookie": "__Host-session=s3cret-cookie",
            "Referer": "https://app.example.com/alice@example.com",
            "User-Agent": "Browser/7",
            **headers,
        },
        timeout=20,
    )


def test_nothing_of_either_is_imported_unless_the_operator_wants_it() -> None:
    code = (
        "import sys, django; django.setup(); from accountsite import wsgi;"
        "from accountsite.operations import starting;"
        "starting.program(); starting.site(); starting.worker();"
        "print({'sentry_sdk', 'opentelemetry', 'prometheus_client'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
    )

    assert done.stdout == "set()\n"


def test_an_error_arrives_at_sentry_with_its_place_and_nothing_of_the_person(
    serve: Callable[..., Any], port: int, collector: Collector
) -> None:
    dsn = collector.settings["SENTRY_DSN"]
    serve(ACCOUNTSITE_MIGRATE="1", ACCOUNTSITE_WORKER="0", PORT=str(port), SENTRY_DSN=dsn)

    assert fail(port).status_code >= 400

    (event, *_others) = collector.events()
    error = event["exception"]["values"][-1]
    assert event["level"] == "error"
    assert event["tags"]["request_id"] == "support-0123456789"
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"]
    assert {"request", "breadcrumbs", "extra", "modules", "server_name"}.isdisjoint(event)
    assert not any("vars" in frame for frame in error["stacktrace"]["frames"])
    everything = b"".join(body for _to, body in collector.bodies).decode()
    assert [secret for secret in SECRETS if secret in everything] == []


def test_what_strangers_do_wrong_is_no_error_for_sentry(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/signed-out/", headers={"host": "scanner.example"})
    logging.getLogger("accountsite").error("the site's own")

    sent = {
        record.name: sentry.scrubbed({"logger": record.name}, {"log_record": record})
        for record in caplog.records
        if record.levelno >= logging.ERROR
    }

    assert sent["django.security.DisallowedHost"] is None
    assert sent["accountsite"] is not None


def test_a_page_and_what_it_waits_for_are_one_trace_and_hold_nothing_of_the_person(
    serve: Callable[..., Any], port: int, collector: Collector
) -> None:
    serve(
        ACCOUNTSITE_MIGRATE="1",
        ACCOUNTSITE_WORKER="0",
        PORT=str(port),
        **collector.settings | {"SENTRY_DSN": ""},
    )
    trace = "0af7651916cd43dd8448eb211c80319c"

    proxied = {"Host": HOST, "X-Forwarded-Proto": "https"}
    answer(f"http://127.0.0.1:{port}/static/css/base.css", headers=proxied)
    fail(port, traceparent=f"00-{trace}-b7ad6b7169203331-01")

    page, give_up = None, time.monotonic() + PATIENCE
    while page is None:
        assert time.monotonic() < give_up
        spans = collector.spans()
        page = next((span for span in spans if span.name.endswith("signin:signed_out")), None)
    told = {attribute.key: attribute.value for attribute in page.attributes}
    assert page.trace_id.hex() == trace
    assert told["http.route"].string_value == "signin:signed_out"
    assert told["http.response.status_code"].int_value >= 400
    assert told["accountsite.request_id"].string_value == "support-0123456789"
    below = {span.name for span in spans if span.parent_span_id == page.span_id}
    assert {"POST /oidc/token", "SELECT"} & below
    assert {span.trace_id.hex() for span in spans} == {trace}  # and so none of the file
    resource = collector.resource()
    assert resource.pop("service.name") == "accountsite"
    assert {name.partition(".")[0] for name in resource} == {"service", "telemetry"}
    everything = b"".join(body for _to, body in collector.bodies)
    assert [secret for secret in SECRETS if secret.encode() in everything] == []


@pytest.mark.parametrize("dead", [collectors.silent, collectors.gone])
def test_nobody_waits_for_who_should_be_told(
    serve: Callable[..., Any], port: int, dead: Callable[[], AbstractContextManager[int]]
) -> None:
    with dead() as nobody:
        process = serve(
            ACCOUNTSITE_MIGRATE="1",
            ACCOUNTSITE_WORKER="0",
            PORT=str(port),
            **collectors.settings_of(nobody),
        )
        fail(port)
        began = time.monotonic()
        for _again in range(3):  # more would fill the pipe of its log
            assert fail(port).status_code >= 400
        pages = time.monotonic() - began
        began = time.monotonic()
        process.terminate()
        output, _errors = process.communicate(timeout=PATIENCE)
        took = time.monotonic() - began

    assert pages < 5  # some tenths on a machine with nothing to do
    assert took < 7.5  # two seconds for each of both; gunicorn would kill after eight
    assert process.returncode == 0
    assert "SIGKILL" not in output
    # The words of the client may stand there, but not those of the people.
    assert [secret for secret in SECRETS if secret in output] == []
