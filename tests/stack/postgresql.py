"""A PostgreSQL of one's own: `with postgresql.start(folder) as server: … server.url`."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stack import minder, ports

PATIENCE = 60.0  # seconds that a start may take
USER = "postgres"  # of the database; and who runs it where we are root, which it refuses to be
DATABASE = "accountsite"

# What is written reaches the system before a commit is answered, so that it survives a kill, but
# nobody waits for the disk: no test pulls the plug.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass
class Server:
    """A running PostgreSQL, with an empty database; as a context manager it stops at the end."""

    port: int
    data: Path
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """For DATABASE_URL; it stays the same after a restart."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Start it, and wait until it takes connections. After a kill that takes a moment."""
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > give_up:
                raise AssertionError(self.log.read_text(errors="replace"))
            # What a killed server shared with its children must be gone before the next starts.
            if self.process is None or self.process.poll() is not None:
                self.process = self._launch()
            time.sleep(0.05)

    def restart(self) -> None:
        """End all connections and start again, with everything still there."""
        self._end(signal.SIGINT)
        self.start()

    def kill(self) -> None:
        """End it as `kill -9` does, until `start()`."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it for good, and delete its data."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.data)

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
            **SETTINGS,
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.data),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [_program("postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                # The Ctrl-C that is meant for the tests would end it before they have ended.
                start_new_session=True,
                user=_user(),
            )
        minder.look_after(process)
        return process

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return False
        question = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(question, check=False).returncode == 0

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=PATIENCE)
            minder.let_go(self.process)


def is_installed() -> bool:
    """Whether this machine has one to start."""
    return _folder_of_programs() is not None


def start(folder: Path) -> Server:
    """Start a new one, which writes its log to the folder.

    Its data have a folder of their own: who runs it may not get into that of a test.
    """
    data = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if (user := _user()) is not None:
        shutil.chown(data, user)
    server = Server(port=ports.free(), data=data, log=folder / "postgresql.log")
    try:
        _run(
            "initdb",
            f"--username={USER}",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            # Sorts as people do, like most that run for real, and unlike SQLite.
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en",
            str(data),
            folder=data,
        )
        server.start()
        _run("createdb", "-h127.0.0.1", f"-p{server.port}", f"-U{USER}", DATABASE, folder=data)
    except BaseException:
        server.stop()
        raise
    return server


def _run(program: str, *arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [_program(program), *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        user=_user(),
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return USER if USER in known else "nobody"


def _program(name: str) -> str:
    folder = _folder_of_programs()
    assert folder is not None, "PostgreSQL is not installed"
    return str(folder / name)


def _folder_of_programs() -> Path | None:
    """The newest that Debian has, which keeps them apart, or the one of the path."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(debian, key=lambda path: float(path.parts[-3]))[-1:]
    found = [*newest, *map(Path, filter(None, [shutil.which("initdb")]))]
    return found[0].parent if found else None
