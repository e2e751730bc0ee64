"""What stands between a program and its server, and can break: a network, a balancer, a proxy."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.stack import ports

PIECE = 65_536  # bytes


class Relay:
    """Passes everything on to a port of this machine, until the end of the block.

    With `loses_next` the next question is lost, and its connection with it. Between `fail` and
    `repair` nobody is there.
    """

    def __init__(self, server_port: int) -> None:
        self.port = ports.free()
        self.loses_next = False
        self._server_port = server_port
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []

    def repair(self) -> None:
        """Listen, from now on."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def fail(self) -> None:
        """End all connections, and take no more."""
        assert self._listener is not None
        for each in (self._listener, *self._open):
            _end(each)
        self._open.clear()

    def __enter__(self) -> Self:
        self.repair()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.fail()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _address = listener.accept()
                there = socket.create_connection(("127.0.0.1", self._server_port))
                self._open += [here, there]
                for pair in ((here, there, True), (there, here, False)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_asking: bool) -> None:  # noqa: FBT001 - args of a thread
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if is_asking and self.loses_next:
                    self.loses_next = False
                    break
                target.sendall(piece)
        _end(source)
        _end(target)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
