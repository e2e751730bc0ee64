"""What showing a page takes, so that a list of a hundred can be held against a list of one."""

import responses
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def of(client: Client, path: str, wire: responses.RequestsMock) -> tuple[int, int]:
    """How many queries, and how many calls of Logto, once everything else is known."""
    assert client.get(path).status_code == 200
    before = len(wire.calls)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries), len(wire.calls) - before
