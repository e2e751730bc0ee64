"""How the database of DATABASE_URL is used, by many threads of many processes.

Used by settings.py alone. What stands in the address behind `?`, such as `sslmode=verify-full`, goes
along to the driver, and counts more than what stands here.
"""

from collections.abc import Mapping
from typing import Any

ENGINES = {"django.db.backends.postgresql", "django.db.backends.sqlite3"}

# A page that waits longer than this is better told so. All in seconds.
CONNECT = 3
WAIT = 4  # for a connection of the pool, or for one that comes back with a database that was away
# Shorter than WAIT: a pool that goes on trying waits longer after each try, and so misses that the
# database is back. One that gives up is asked anew by the next page.
RECONNECT = 2

# On the server's side, in milliseconds. `lifted` takes the first one away for migrations.
LIMITS = {
    "statement_timeout": 30_000,
    "lock_timeout": 5_000,
    # A process that hangs holds its locks no longer than this.
    "idle_in_transaction_session_timeout": 60_000,
}

# A server that vanished, instead of closing its connections, is noticed in seconds, not hours.
ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}


def sqlite(database: Mapping[str, Any]) -> dict[str, Any]:
    """Django's dictionary for a file: readers go on while one writes, and a writer waits its turn.

    Without IMMEDIATE a transaction that begins with a read fails at its first write when another
    wrote meanwhile, however long it would have waited. Source: https://sqlite.org/wal.html and
    https://sqlite.org/lang_transaction.html
    """
    return {
        **database,
        "CONN_MAX_AGE": None,  # opening a file anew for each page has no use
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def postgresql(database: Mapping[str, Any], *, connections: int) -> dict[str, Any]:
    """Django's dictionary for a server, with at most so many connections of each process.

    A page takes one when it first asks the database, and gives it back at its end. It is looked at
    before (CONN_HEALTH_CHECKS), so that after a restart of the server nobody gets a broken one.
    """
    given = dict(database.get("OPTIONS", {}))
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    return {
        **database,
        "CONN_MAX_AGE": 0,  # the pool keeps them
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "accountsite",
            "connect_timeout": CONNECT,
            **ALIVE,
            **given,
            "options": f"{limits} {given.get('options', '')}".strip(),
            "pool": {
                "min_size": 1,
                "max_size": connections,
                "timeout": WAIT,
                "reconnect_timeout": RECONNECT,
            },
        },
    }
