"""What a site tells of itself, after people did what they do and much went wrong: nothing of them.

Logs, errors for Sentry, traces and metrics, of the site and the worker as they are deployed.
"""

import json
import random
import re
import secrets
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from accountsite.demo.credentials import Credentials
from tests import demo_process, site_process
from tests.chaos import addresses, credentials
from tests.chaos.people import Account, Person, World
from tests.chaos.records import Record, Said
from tests.demo_process import Tenant
from tests.operations.collector import Collector
from tests.stack import ports, sites
from tests.stack.mailbox import Mailbox

PATIENCE = 60.0  # seconds
HOME = "127.0.9.9"  # where her browser is
ALICE = Account(id="", username="alice", password="Teacup-Orbit-27", email="alice@example.com")
NAME = "Zoë Quartermaine"
# In any case of letters, as URLs and errors write them.
SECRETS = (
    *("alice", "liddell", "quartermaine", "zoë", "zo\\u00eb", "@example", "12025550123"),
    *("teacup-orbit", "is no plan", "wrong-horse", "hostile-query", "hostile-header"),
    *("firefox", "mozilla", HOME),
)
PATTERNS = {
    "a token": re.compile(r"eyJ[\w-]{10,}\."),
    "a cookie": re.compile(r"sessionid|csrftoken=|session=", re.IGNORECASE),
    "a query": re.compile(r"\?[a-z_]+="),
    "a code": re.compile(r"\bcode[=:\"' ]+\d{6}\b"),
}


@pytest.mark.demo
def test_nothing_tells_of_a_person_whatever_they_do_and_whatever_fails(tmp_path: Path) -> None:
    with (
        demo_process.running(tmp_path / "tenant.log", real()) as tenant,
        Mailbox() as mailbox,
        Collector() as collector,
        site_process.running(
            tenant, tmp_path, EMAIL_URL=mailbox.url, **collector.settings, **SETTINGS
        ) as site,
    ):
        port = str(ports.free())
        counting = {**site.environment, "ACCOUNTSITE_METRICS_PORT": port}
        with sites.worker(counting, tmp_path / "worker.log") as worker:
            worker.begin()
            alice = person(site.origin, tenant)
            alice.sign_in()
            change_everything(alice)
            hers = tenant.user("alice")
            until(lambda: len(mailbox.to(hers["primaryEmail"])) >= 2)
            guess(alice)
            with_logto_failing(alice, tenant)
            speak_no_http(site.origin)
            break_the_database(alice, site)
            metrics = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=20).text
        collector.events()
        collector.spans()

    lines = [
        line
        for log in [*tmp_path.glob("site*.log"), tmp_path / "worker.log"]
        for line in log.read_text().splitlines()
    ]
    told = [json.loads(line) for line in lines]
    was_said_where_it_counts(told)
    sent = "\n".join(body.decode(errors="replace") for _to, body in collector.bodies)
    words = [*SECRETS, hers["primaryEmail"], hers["primaryPhone"], hers["primaryPhone"][2:]]
    assert "accountsite_mails_total" in metrics
    assert "@" not in "".join(lines)
    for everything in ("\n".join(lines), sent, metrics):
        assert [word for word in words if word.lower() in everything.lower()] == []
        assert [name for name, pattern in PATTERNS.items() if pattern.search(everything)] == []


SETTINGS = {
    "ACCOUNTSITE_DEMO": "0",
    "ACCOUNTSITE_LOG_FORMAT": "json",
    "ACCOUNTSITE_LOG_LEVEL": "DEBUG",
}


def real() -> Credentials:
    """Those of a tenant that is none of the demo's."""
    keys = {
        name: secrets.token_urlsafe(24)
        for name in ("client_secret", "m2m_client_secret", "roleless_client_secret")
    }
    return Credentials(
        client_id="account-site",
        m2m_client_id="management",
        webhook_signing_key=secrets.token_urlsafe(24),
        **keys,
    )


def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def was_said_where_it_counts(told: list[dict[str, Any]]) -> None:
    """There was something to tell, in the one form, from all who tell."""
    routes = {line.get("route") for line in told if line["logger"] == "accountsite.requests"}
    assert {"signin:callback", "profile:field", "identifiers:code", "security:password"} <= routes
    loggers = {line["logger"] for line in told}
    assert {"gunicorn.error", "accountsite.logto.transport", "accountsite.middleware"} <= loggers
    assert "django.security.DisallowedHost" in loggers
    assert any("error" in line for line in told)
    assert any(line.get("task") for line in told)
    changes = [line for line in told if line.get("method") == "POST" and line.get("account")]
    assert len({line["account"] for line in changes}) == 1


def person(origin: str, tenant: Tenant) -> Person:
    """Alice at her browser."""
    world = World(site=origin, tenant=tenant, record=Record())
    dice = random.Random(1)  # noqa: S311 - which sentences they choose
    return Person(world=world, account=ALICE, dice=dice, address=HOME)


def change_everything(alice: Person) -> None:
    """Name, address, phone and password."""
    values = {"name": NAME}
    page = alice.open("/profile/name/")
    form = page.form("/profile/name/")
    assert form is not None
    alice.browser.send(page, form, values)
    addresses.change_email(alice)
    addresses.change_phone(alice)
    credentials.change_password(alice)
    assert {act.said for act in alice.acts} == {Said.DONE}, alice.acts


def guess(alice: Person) -> None:
    """What is refused, unknown, forged, or not there."""
    open_page = alice.browser.open
    open_page("/profile/alice@example.com/?email=hostile-query")
    open_page("/nowhere/alice/?q=alice@example.com")
    open_page("/sign-in/callback/?code=hostile-query&state=alice@example.com")
    open_page("/sign-in/callback/?error=alice@example.com&state=x")
    page = alice.open("/sign-in-methods/username/")
    form = page.form("/sign-in-methods/username/")
    assert form is not None
    alice.browser.send(page, form, {"username": "Alice Liddell!"})
    forged = {"csrfmiddlewaretoken": "wrong-horse", "username": "alice"}
    alice.browser.send(page, form, forged)
    elsewhere = f"https://hostile-header.example/alice?email={ALICE.email}"
    for name in ("Origin", "Referer", "X-Request-ID", "X-Forwarded-For", "Forwarded", "Host"):
        alice.browser.http.headers[name] = elsewhere if name != "Host" else "hostile-header.example"
        alice.browser.send(page, form, forged)
        del alice.browser.http.headers[name]


def with_logto_failing(alice: Person, tenant: Tenant) -> None:
    """An answer that is no answer, and none at all."""
    tenant.faults.add(path="/api/users", status=500)
    alice.browser.open("/profile/")
    tenant.faults.reset()
    tenant.faults.everywhere(down=True)
    page = alice.browser.open("/profile/name/?name=hostile-query")
    assert page.status == 503
    tenant.faults.reset()
    refusal = {"code": "auth.forbidden", "message": f"{ALICE.email} may not"}
    tenant.faults.add(path="/api/users", status=403, body=refusal)
    assert alice.browser.open("/profile/").status == 503
    tenant.faults.reset()


def speak_no_http(origin: str) -> None:
    """What gunicorn refuses by itself, with a line of its own."""
    where = urlsplit(origin)
    for said in (
        b"GET /?email=alice@example.com&code=hostile-query BROKEN",
        b"GET /alice/liddell HTTP/9.9",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nhostile-header\r\n",
        b"GET / HTTP/1.1\r\nhostile-header : alice\r\n",
    ):
        with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as wire:
            wire.sendall(said + b"\r\n\r\n")
            wire.recv(1000)


def break_the_database(alice: Person, site: Any) -> None:
    """A table is gone under the site's feet: an error with a trace."""
    if "DATABASE_URL" in site.environment:
        return
    database = Path(site.environment["ACCOUNTSITE_DATA"]) / "db.sqlite3"
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute("DROP TABLE signin_session")
    assert alice.browser.open("/profile/").status >= 500
