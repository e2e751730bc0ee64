"""A machine that can't keep up is noticed."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.chaos import pulse
from tests.chaos.records import Record


@pytest.fixture
def sluggish() -> Iterator[str]:
    """The address of one who takes calls, and ends each after a while."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                time.sleep(0.3)
                connection.close()

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_what_takes_long_is_noted(sluggish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.01)
    monkeypatch.setattr(pulse, "STALL", 0.2)
    record = Record()

    with pulse.taken(record, sluggish):
        time.sleep(0.5)

    assert record.stalls
    assert all(stall.ended - stall.began >= 0.3 for stall in record.stalls)
