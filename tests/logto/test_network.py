"""What happens on a real wire: broken connections, silence, and what is sent again."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from accountsite.logto import errors, transport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
DOWN = b"HTTP/1.1 %d Down\r\nContent-Length: 0\r\n\r\n"

type Behave = Callable[[socket.socket], None]


class Server:
    """Behaves, at each connection in turn, as the test says."""

    def __init__(self, *behaviours: Behave) -> None:
        self.behaviours = list(behaviours)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.requests: list[bytes] = []
        self.connections = 0
        self.connection: socket.socket | None = None
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        for behave in self.behaviours:
            with contextlib.suppress(OSError):
                self.connection, _ = self.listener.accept()
                self.connections += 1
                with self.connection as connection:
                    while request := connection.recv(65_536):
                        self.requests.append(request.split(b"\r\n")[0])
                        behave(connection)
        self.listener.close()


def one_by_one(*behaviours: Behave) -> Behave:
    """One behaviour for each request of a connection that stays."""
    rest = iter(behaviours)

    def behave(connection: socket.socket) -> None:
        next(rest)(connection)

    return behave


@pytest.fixture
def serve(settings, monkeypatch) -> Iterator[Callable[..., Server]]:
    """Starts a server on this machine and makes it the tenant, with short patience."""
    monkeypatch.setattr(transport, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.5)
    transport._adapter.cache_clear()
    servers: list[Server] = []

    def serve(*behaviours: Behave) -> Server:
        server = Server(*behaviours)
        settings.LOGTO_ENDPOINT = server.address
        server.thread.start()
        servers.append(server)
        return server

    yield serve
    transport._adapter().close()
    transport._adapter.cache_clear()
    for server in servers:
        for waited_on in filter(None, (server.listener, server.connection)):
            with contextlib.suppress(OSError):
                waited_on.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits there
        server.thread.join(5)
        assert not server.thread.is_alive()


def answer(connection: socket.socket) -> None:
    connection.sendall(ANSWER)


def hang_up(connection: socket.socket) -> None:
    connection.close()


def stay_silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the caller gives up


def half_an_answer(connection: socket.socket) -> None:
    connection.sendall(ANSWER[:-1])
    connection.close()


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        time.sleep(0.05)
        connection.sendall(b" ")


def refuse(status: int) -> Behave:
    return lambda connection: connection.sendall(DOWN % status)


def test_connections_are_kept_alive(serve):
    server = serve(answer)

    transport.send("GET", "/one")
    transport.send("GET", "/two")

    assert server.requests == [b"GET /one HTTP/1.1", b"GET /two HTTP/1.1"]


def test_a_read_is_sent_once_more_on_a_broken_connection(serve):
    server = serve(hang_up, answer)

    assert transport.send("GET", "/one").status == 200
    assert transport.send("GET", "/two").status == 200
    assert (len(server.requests), server.connections) == (3, 2)


def test_a_read_is_not_sent_a_third_time(serve):
    server = serve(hang_up, hang_up, answer)

    with pytest.raises(errors.Unavailable):
        transport.send("GET", "/one")

    assert len(server.requests) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_is_never_sent_twice(serve, method):
    server = serve(hang_up, answer)

    with pytest.raises(errors.Unavailable) as caught:
        transport.send(method, "/one")

    assert caught.value.maybe_done
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_sent_once_more_when_logto_is_down_for_a_moment(serve, status):
    server = serve(one_by_one(refuse(status), answer))

    assert transport.send("GET", "/one").status == 200
    assert len(server.requests) == 2


@pytest.mark.parametrize(("method", "status"), [("POST", 503), ("GET", 500), ("GET", 404)])
def test_other_refusals_stand(serve, method, status):
    server = serve(one_by_one(refuse(status), answer))

    with pytest.raises(errors.Unavailable):
        transport.send(method, "/one")

    assert len(server.requests) == 1


def test_nobody_waits_twice_for_a_silent_logto(serve):
    server = serve(stay_silent, stay_silent)

    with pytest.raises(errors.Unavailable, match="ReadTimeoutError"):
        transport.send("GET", "/one")

    assert len(server.requests) == 1


def test_an_answer_that_drips_is_given_up(serve, monkeypatch):
    monkeypatch.setattr(transport, "READ_SECONDS", 5)
    serve(drip)

    with pytest.raises(errors.Unavailable, match="does not end"):
        transport.send("GET", "/one")


def test_half_an_answer_is_none(serve):
    serve(half_an_answer)

    with pytest.raises(errors.Unavailable):
        transport.send("POST", "/one")


def test_a_change_that_was_never_sent_is_known_not_to_have_happened(serve):
    server = serve()
    server.thread.join(5)

    with pytest.raises(errors.Unavailable) as caught:
        transport.send("POST", "/one", query={"search": "ada@example.com"})

    assert not caught.value.maybe_done


def test_the_cause_is_chained_without_the_query(serve):
    server = serve()
    server.thread.join(5)

    with pytest.raises(errors.Unavailable) as caught:
        transport.send("GET", "/one", query={"search": "ada@example.com"})

    assert caught.value.__cause__ is not None
    assert "ada" not in f"{caught.value} {caught.value.__cause__}"
