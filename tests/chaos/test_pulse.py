"""A machine that can't keep up is noticed."""

import socket
import threading
import time

import pytest

from tests.chaos import pulse
from tests.chaos.records import Record


@pytest.fixture
def sluggish() -> socket.socket:
    """Takes calls, and answers none in time."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _address = listener.accept()
        time.sleep(0.4)
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    return listener


def test_what_takes_long_is_noted(sluggish: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.01)
    monkeypatch.setattr(pulse, "STALL", 0.2)
    record = Record()

    with sluggish, pulse.taken(record, f"http://127.0.0.1:{sluggish.getsockname()[1]}/"):
        time.sleep(0.6)

    assert len(record.stalls) == 1
    assert record.stalls[0].ended - record.stalls[0].began >= 0.3
