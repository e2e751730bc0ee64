"""Runs the demo: the tenant and the site, each in a process of its own, from start to stop.

The two live and die together, and with the process that started them. Secrets reach them by their
environment; their output goes to log files, whose ends are shown when something goes wrong.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from accountsite.demo import loopback, parent, people
from accountsite.demo.credentials import Credentials

PATIENCE = 60.0  # seconds that a server may take to answer
PAUSE = 0.1  # seconds between two looks
FAREWELL = 8.0  # seconds that a server may take to stop
LAST_WORDS = 25  # lines
THREADS = 16


class UnableToRun(Exception):
    """The demo can't start, or ended by itself. Its text says why, for a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run: `data` is a folder; `environment` is the site's, besides what is derived."""

    port: int
    tenant_port: int
    credentials: Credentials
    resource: str
    data: Path
    environment: Mapping[str, str]

    @property
    def site(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def tenant(self) -> str:
        return f"http://localhost:{self.tenant_port}"

    @property
    def inbox(self) -> str:
        return f"{self.tenant}/demo/inbox"


@dataclass(slots=True)
class Child:
    """One of the two servers."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raises UnableToRun, with the last words, if it has ended."""
        if self.process.poll() is not None:
            words = "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_WORDS:])
            raise UnableToRun(f"The {self.name} ended. Its last words:\n\n{words}")

    def wait_for(self, address: str) -> None:
        """Until it answers there. Raises UnableToRun if it ends, or does not in time."""
        give_up = time.monotonic() + PATIENCE
        opener = build_opener(ProxyHandler({}))
        while time.monotonic() < give_up:
            self.check()
            try:
                opener.open(address, timeout=PATIENCE).close()
            except (URLError, OSError):
                time.sleep(PAUSE)
            else:
                return
        raise UnableToRun(f"The {self.name} does not answer. Look into {self.log}.")

    def stop(self) -> None:
        """End it, gently at first, and whatever it started."""
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class Children:
    """The servers that run, in the order of their start."""

    data: Path
    running: list[Child] = field(default_factory=list)

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> Child:
        """Start one, away from the terminal's Ctrl-C, which is ours to handle."""
        log = self.data / f"demo-{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - Python itself, with our own arguments
                [sys.executable, *command],
                env={**os.environ, **environment, parent.VARIABLE: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self.running.append(child)
        return child

    def stop(self) -> None:
        """Stop all of them, together."""
        for child in self.running:
            child.process.terminate()
        for child in self.running:
            child.stop()

    def watch(self) -> None:
        """Until one ends. Raises UnableToRun then."""
        while True:
            for child in self.running:
                child.check()
            time.sleep(PAUSE)


def run(plan: Plan, *, prepare: Callable[[], None], say: Callable[[str], object]) -> None:
    """Run the demo until somebody stops it by Ctrl-C, or by SIGTERM or SIGHUP.

    `prepare` makes the site ready while the tenant starts; `say` prints a line. Raises UnableToRun
    if a port is taken, or one of the servers does not start or ends.
    """
    check_ports(plan)
    plan.data.mkdir(parents=True, exist_ok=True)
    children = Children(plan.data)
    try:
        with _stopping_politely():
            tenant = children.start("tenant", _tenant_command(plan), plan.credentials.environment())
            prepare()
            tenant.wait_for(f"{plan.tenant}/api/status")
            site = children.start("site", _site_command(plan), site_environment(plan))
            site.wait_for(f"{plan.site}/healthz")
            description = describe(plan)
            for line in announcement(plan, description):
                say(line)
            children.watch()
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        children.stop()


def check_ports(plan: Plan) -> None:
    """Raises UnableToRun, naming the option to change it by, if a port is taken."""
    if plan.port == plan.tenant_port:
        raise UnableToRun("The site and the tenant need a port each: --port and --tenant-port.")
    for port, option in ((plan.port, "--port"), (plan.tenant_port, "--tenant-port")):
        if not loopback.is_free(port):
            raise UnableToRun(
                f"Port {port} is taken. Choose another one: `manage.py demo {option} {port + 1}`, "
                f'or `make demo ARGS="{option} {port + 1}"`.'
            )


def site_environment(plan: Plan) -> dict[str, str]:
    """The site's settings for this tenant."""
    return {
        **plan.environment,
        "ACCOUNTSITE_DEMO": "1",
        "ACCOUNTSITE_DATA": str(plan.data),
        "LOGTO_APP_ID": plan.credentials.client_id,
        "LOGTO_APP_SECRET": plan.credentials.client_secret,
        "LOGTO_ENDPOINT": plan.tenant,
        "LOGTO_M2M_APP_ID": plan.credentials.m2m_client_id,
        "LOGTO_M2M_APP_SECRET": plan.credentials.m2m_client_secret,
        "LOGTO_MANAGEMENT_API_RESOURCE": plan.resource,
        "LOGTO_WEBHOOK_SECRET": plan.credentials.webhook_signing_key,
        "SITE_URL": plan.site,
    }


def describe(plan: Plan) -> Path:
    """Write demo.json, for programs that use the demo; only its owner may read it."""
    told = {
        "site": plan.site,
        "tenant": plan.tenant,
        "resource": plan.resource,
        **plan.credentials.as_options(),
        "inbox": plan.inbox,
        "people": people.PEOPLE,
    }
    path = plan.data / "demo.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(told, file, indent=2, ensure_ascii=False)
        file.write("\n")
    return path


def announcement(plan: Plan, description: Path) -> Iterator[str]:
    """What the terminal shows when both servers answer, line by line."""
    yield ""
    yield f"  The site    {plan.site}"
    yield f"  The tenant  {plan.tenant}"
    yield f"  Its inbox   {plan.inbox}"
    yield ""
    yield "  Sign in as"
    for person in people.PEOPLE:
        password = person["password"] or "(no password)"
        yield f"    {person['username']:<8}{password:<20}{person['note']}"
    yield ""
    yield f"  For programs: {description}"
    yield f"  Logs: {plan.data}/demo-site.log and demo-tenant.log"
    yield ""
    yield "  Everything is forgotten when it stops. Stop it with Ctrl-C."
    yield ""


def _tenant_command(plan: Plan) -> list[str]:
    return ["-m", "accountsite.demo", f"--port={plan.tenant_port}", f"--site={plan.site}"]


def _site_command(plan: Plan) -> list[str]:
    return [
        *("-m", "gunicorn", "accountsite.wsgi"),
        f"--config=python:{parent.__name__}",
        *(f"--bind={host}:{plan.port}" for host in loopback.hosts()),
        "--worker-class=gthread",
        f"--threads={THREADS}",
        "--graceful-timeout=3",
        "--log-level=warning",
        "--no-control-socket",
    ]


@contextmanager
def _stopping_politely() -> Iterator[None]:
    """Take every wish that we end as Ctrl-C, so that nothing is left behind."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # SIGINT too: a shell that runs us in the background has it ignored.
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
