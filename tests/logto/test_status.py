"""Why Logto does not answer: what stands between it and us is told apart on a real wire."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from urllib3 import exceptions as network

from accountsite.logto import discovery, errors, status, transport
from accountsite.logto.status import Trouble
from tests.logto.conftest import Logto

HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


@pytest.fixture
def server() -> Iterator[Callable[[bytes | None], int]]:
    """A port at which every caller gets these bytes and is left; for None nobody answers."""
    listeners: list[socket.socket] = []

    def server(says: bytes | None) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        if says is not None:
            threading.Thread(target=_answer, args=[listener, says], daemon=True).start()
        return int(listener.getsockname()[1])

    yield server
    for listener in listeners:
        listener.close()


def _answer(listener: socket.socket, says: bytes) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(65_536)
            connection.sendall(says)


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (None, Trouble.SLOW),
        (b"", Trouble.BROKEN),
        (HALF, Trouble.BROKEN),
        (b"HTTP/1.1 502 Down\r\nContent-Length: 0\r\n\r\n", Trouble.ANSWER),
    ],
)
def test_what_stands_between_is_told_apart(settings, server, monkeypatch, says, trouble):
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    settings.LOGTO_ENDPOINT = f"http://localhost:{server(says)}"

    with pytest.raises(errors.Unavailable) as caught:
        status.look()

    assert status.trouble(caught.value) == trouble


def test_a_port_at_which_nobody_listens_is_told(settings):
    settings.LOGTO_ENDPOINT = "http://localhost:9"

    with pytest.raises(errors.Unavailable) as caught:
        status.look()

    assert status.trouble(caught.value) == Trouble.REFUSED


def test_a_certificate_that_is_not_good_is_told():
    refused = network.SSLError("CERTIFICATE_VERIFY_FAILED")
    wrapped = errors.Unavailable("no answer")
    wrapped.__cause__ = refused

    assert status.trouble(wrapped) == Trouble.CERTIFICATE
    assert status.trouble(network.MaxRetryError(None, "/", refused)) == Trouble.CERTIFICATE


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 12:00:00 GMT"])
def test_a_date_that_is_none_tells_nothing(logto: Logto, date: str):
    logto.wire.get("https://logto.test/api/status", status=204, headers={"Date": date})

    assert status.look().ahead is None


def test_documents_of_another_shape_are_no_answers(logto: Logto):
    logto.wire.get("https://logto.test/oidc/.well-known/openid-configuration", json={"issuer": 1})
    logto.wire.get("https://logto.test/.well-known/webauthn", json=[])

    for ask in (discovery.provider, discovery.related_origins):
        with pytest.raises(errors.Unavailable):
            ask()
