"""Migrations take as long as they need: an index on a large table is no page that hangs."""

from typing import Any

from django.db import connections


def without_time_limit(*, using: str, **_signal: Any) -> None:
    """Let statements of this connection run on. How long one waits for a lock stays limited: what
    a migration waits for, all pages after it wait for as well.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
