"""A Redis of one's own: `with redis.start(folder) as server: … server.url`."""

import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stack import minder, ports

PATIENCE = 30.0  # seconds that a start may take
DATABASES = 128  # one for each process of a run


@dataclass
class Server:
    """A running Redis, which keeps nothing on disk; as a context manager it stops at the end."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """For REDIS_URL; it stays the same after a restart."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self.process = self._launch()
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise AssertionError(self.log.read_text(errors="replace"))
            time.sleep(0.02)

    def restart(self) -> None:
        """End all connections and start again, empty."""
        self._end(signal.SIGTERM)
        self.start()

    def flush(self) -> None:
        """Lose everything, without a restart."""
        self._ask("FLUSHALL")

    def kill(self) -> None:
        """End it as `kill -9` does, until `start()`."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "databases": str(DATABASES),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [_program(), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                # The Ctrl-C that is meant for the tests would end it before they have ended.
                start_new_session=True,
            )
        minder.look_after(process)
        return process

    def _answers(self) -> bool:
        try:
            return self._ask("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def _ask(self, command: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(100)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=PATIENCE)
            minder.let_go(self.process)


def is_installed() -> bool:
    """Whether this machine has one to start."""
    return shutil.which("redis-server") is not None


def start(folder: Path) -> Server:
    """Start a new one, which writes its log to the folder."""
    server = Server(port=ports.free(), log=folder / "redis.log")
    try:
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def _program() -> str:
    program = shutil.which("redis-server")
    assert program is not None, "Redis is not installed"
    return program
