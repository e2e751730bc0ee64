"""How long the admin takes with a million events: `python -m tests.bench.audit`.

It fills the empty database that DATABASE_URL names (else a new SQLite file), opens each page a few
times, takes the whole trail as a file, and ends with a failure where a page takes too long. What
counts is the fastest time: the others tell what else this machine was doing.
"""

# ruff: noqa: E402, T201 - Django is set up before its models, and a program prints

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="accountsite-bench-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER) / 'db.sqlite3'}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent

MOST_MILLISECONDS = 300
TIMES = 7
URL = "/admin/audit/auditevent/"
BUSY = "busy00000001"  # a person with every hundredth event

COLUMNS = (
    "started_at, completed_at, account_id, actor_kind, actor_id, action, outcome, reason,"
    " address, user_agent, request_id, changes, explanation"
)
# The same rows on both: number `i` of a series stands for when, who, what and how it ended.
SQLITE = """
WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {rows})
INSERT INTO audit_auditevent ({columns})
SELECT {moment}, {moment}, {values}, {address}, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  'request-' || i, '{{"email": ["a•••@example.com", "b•••@example.com"]}}', ''
FROM series
"""
POSTGRESQL = (
    SQLITE.replace(
        "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {rows})\n",
        "",
    )
    .replace("FROM series", "FROM generate_series(1::bigint, {rows}) AS series(i)")
    .replace('\'{{"email"', 'jsonb \'{{"email"')
)
VALUES = f"""
  CASE WHEN i % 100 = 0 THEN '{BUSY}' ELSE 'account' || (i * 7919 % 50000) END,
  CASE WHEN i % 10 = 1 THEN 'admin' WHEN i % 10 = 2 THEN 'logto' WHEN i % 50 = 3 THEN 'system'
       ELSE 'person' END,
  CASE WHEN i % 10 = 1 THEN 'admin' || (i % 7)
       WHEN i % 100 = 0 THEN '{BUSY}' ELSE 'account' || (i * 7919 % 50000) END,
  CASE {" ".join(f"WHEN i % {len(Action)} = {n} THEN '{a}'" for n, a in enumerate(Action))} END,
  CASE WHEN i % 100000 = 7 THEN 'unknown' WHEN i % 13 = 5 THEN 'refused' ELSE 'done' END,
  CASE WHEN i % 13 = 5 THEN 'TooMany' ELSE '' END
"""


def fill(rows: int) -> None:
    """So many events of the last year, the newest now."""
    now, year = timezone.now(), timedelta(days=365).total_seconds()
    if connection.vendor == "sqlite":
        age = f"printf('-%.6f seconds', ({rows} - i) * {year} / {rows})"
        moment = f"strftime('%Y-%m-%d %H:%M:%f000', '{now:%Y-%m-%d %H:%M:%S}', {age})"
        address, statement = "'192.0.2.' || (i % 250)", SQLITE
    else:
        moment = f"timestamptz '{now.isoformat()}' - ({rows} - i) * interval '{year / rows} s'"
        address, statement = "('192.0.2.' || (i % 250))::inet", POSTGRESQL
    sql = statement.format(
        rows=rows, columns=COLUMNS, moment=moment, values=VALUES, address=address
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


def pages() -> dict[str, str]:
    """Every page that is measured, by what it shows."""
    middle = AuditEvent.objects.order_by("started_at")[AuditEvent.objects.count() // 2]
    key = f"{int(middle.started_at.timestamp() * 1_000_000)}-{middle.pk}"
    today = timezone.localdate()
    return {
        "list": "",
        "list, from its middle": f"?older_than={key}",
        "list, newer than its middle": f"?newer_than={key}",
        "filter: refused": "?outcome__exact=refused",
        "filter: a rare outcome": "?outcome__exact=unknown",
        "filter: an action": "?action__exact=email.changed",
        "filter: a rare outcome of an action": "?outcome__exact=unknown&action__exact=email.changed",
        "filter: by admins, refused": "?actor_kind__exact=admin&outcome__exact=refused",
        "filter: system, a rare outcome": "?actor_kind__exact=system&outcome__exact=unknown",
        "date: this month": f"?started_at__year={today.year}&started_at__month={today.month}",
        "date: last year, refused": (f"?started_at__year={today.year - 1}&outcome__exact=refused"),
        "search: an account": "?q=account42",
        "search: a busy account": f"?q={BUSY}",
        "search: an admin": "?q=admin3",
        "search: a request": "?q=request-500000",
        "search: an address": "?q=192.0.2.7",
        "search: nobody": "?q=nobody",
        "search: a busy account, refused": f"?q={BUSY}&outcome__exact=refused",
        "one event": f"{middle.pk}/change/",
        "a person’s page": f"../../person/{BUSY}/",
    }


def measure(client: Client) -> int:
    """Print what each page takes, at best and in the process alone. Tells how many are too slow."""
    slow = 0
    for title, path in pages().items():
        address = f"/admin/person/{BUSY}/" if path.startswith("../") else f"{URL}{path}"
        client.get(address)
        times = [_milliseconds(client, address) for _time in range(TIMES)]
        taken, alone = (min(each) for each in zip(*times, strict=True))
        slow += taken > MOST_MILLISECONDS
        print(f"  {title:40} {taken:6.0f} ms {alone:6.0f} ms of Python", flush=True)
    return slow


def _milliseconds(client: Client, address: str) -> tuple[float, float]:
    """What one page took, and what of it this process worked (with SQLite inside of it)."""
    began, worked = time.perf_counter(), time.process_time()
    response = client.get(address)
    assert response.status_code == 200, (address, response)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def export(client: Client, name: str) -> None:
    """Take all of it as a file, and tell by how much the process grew."""
    before, began, size, first = _memory(), time.perf_counter(), 0, 0.0
    response: Any = client.post(f"{URL}export/{name}/")
    for piece in response.streaming_content:
        first = first or time.perf_counter() - began
        size += len(piece)
    print(
        f"  export as {name}: {size / 1e6:.0f} MB in {time.perf_counter() - began:.0f} s, the first"
        f" piece after {first * 1000:.0f} ms; the process grew by {_memory() - before:.0f} MB"
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Fill, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pages", action="store_true", help="leave the files out")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    if not AuditEvent.objects.exists():
        fill(options.rows)
    print(f"{connection.vendor}: filled in {time.perf_counter() - began:.0f} s")
    client = Client(SERVER_NAME="localhost")
    admin, _is_new = User.objects.get_or_create(
        username="root", defaults={"is_staff": True, "is_superuser": True}
    )
    client.force_login(admin)
    slow = measure(client)
    for name in () if options.pages else ("csv", "jsonl"):
        export(client, name)
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
