"""The log of the site as it is deployed, after people did what they do and much went wrong."""

import json
import random
import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import site_process
from tests.chaos import journeys
from tests.chaos.people import Account, Person, World
from tests.chaos.records import Record, Said
from tests.demo_process import Tenant

ALICE = Account(id="", username="alice", password="Teacup-Orbit-27", email="alice@example.com")
NAME = "Zoë Quartermaine"
# In any case of letters, as URLs and errors write them.
SECRETS = (
    *("alice", "liddell", "quartermaine", "Zo\\u00eb", "@", "12025550123"),
    *("teacup-orbit", "is no plan", "wrong-horse", "hostile-query"),
)
PATTERNS = {
    "a token": re.compile(r"eyJ[\w-]{10,}\."),
    "a cookie": re.compile(r"sessionid|csrftoken=|session=", re.IGNORECASE),
    "a query": re.compile(r"\?[a-z_]+="),
    "a code": re.compile(r"\bcode[=:\"' ]+\d{6}\b"),
}


@pytest.mark.demo
def test_no_line_tells_of_a_person_whatever_they_do_and_whatever_fails(
    fresh_tenant: Tenant, tmp_path: Path
) -> None:
    settings = {"ACCOUNTSITE_LOG_FORMAT": "json", "ACCOUNTSITE_LOG_LEVEL": "DEBUG"}
    with site_process.running(fresh_tenant, tmp_path, **settings) as site:
        alice = person(site.origin, fresh_tenant)
        alice.sign_in()
        change_everything(alice)
        guess(alice)
        with_logto_failing(alice, fresh_tenant)
        speak_no_http(site.origin)
        break_the_database(alice, site)

    lines = [line for log in tmp_path.glob("site*.log") for line in log.read_text().splitlines()]
    told = [json.loads(line) for line in lines]
    everything = "\n".join(lines)

    routes = {line.get("route") for line in told if line["logger"] == "accountsite.requests"}
    assert {"signin:callback", "profile:field", "identifiers:code", "security:password"} <= routes
    loggers = {line["logger"] for line in told}
    assert {"gunicorn.error", "accountsite.logto.transport", "accountsite.middleware"} <= loggers
    assert any("error" in line for line in told)
    changes = [line for line in told if line.get("method") == "POST" and line.get("account")]
    assert len({line["account"] for line in changes}) == 1
    assert [word for word in SECRETS if word.lower() in everything.lower()] == []
    assert [name for name, pattern in PATTERNS.items() if pattern.search(everything)] == []


def person(origin: str, tenant: Tenant) -> Person:
    """Alice at her browser."""
    world = World(site=origin, tenant=tenant, record=Record())
    return Person(world=world, account=ALICE, dice=random.Random(1))  # noqa: S311 - which sentences they choose


def change_everything(alice: Person) -> None:
    """Name, address and password."""
    values = {"name": NAME}
    page = alice.open("/profile/name/")
    form = page.form("/profile/name/")
    assert form is not None
    alice.browser.send(page, form, values)
    journeys.change_email(alice)
    journeys.change_password(alice)
    assert [act.said for act in alice.acts] == [Said.DONE] * 3


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


def with_logto_failing(alice: Person, tenant: Tenant) -> None:
    """An answer that is no answer, and none at all."""
    tenant.faults.add(path="/api/users", status=500)
    alice.browser.open("/profile/")
    tenant.faults.reset()
    tenant.faults.everywhere(down=True)
    page = alice.browser.open("/profile/name/?name=hostile-query")
    assert page.status == 503
    tenant.faults.reset()


def speak_no_http(origin: str) -> None:
    """What gunicorn refuses by itself, with a line of its own."""
    where = urlsplit(origin)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as wire:
        wire.sendall(b"GET /?email=alice@example.com&code=hostile-query BROKEN\r\n\r\n")
        wire.recv(1000)


def break_the_database(alice: Person, site: Any) -> None:
    """A table is gone under the site's feet: an error with a trace."""
    if "DATABASE_URL" in site.environment:
        return
    database = Path(site.environment["ACCOUNTSITE_DATA"]) / "db.sqlite3"
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute("DROP TABLE signin_session")
    assert alice.browser.open("/profile/").status >= 500
