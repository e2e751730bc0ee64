"""Running the checks: those that wait for others beside each other, and all within a time.

Each check that asks Logto or the network has a thread of its own, which nobody waits for once the
time is up. Those of the database are done by the caller's thread.
"""

import contextvars
import functools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from accountsite.doctor import catalogue, findings, words
from accountsite.doctor.catalogue import Check
from accountsite.doctor.findings import Finding, Level
from accountsite.doctor.sources import Sources
from accountsite.logto import errors

SECONDS = 40.0  # for all of it, whoever hangs

type Found = tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found: at least one finding."""

    check: Check
    found: Found

    @property
    def level(self) -> Level:
        """The worst of what it found."""
        every = {finding.level for finding in self.found}
        return next(
            level
            for level in (Level.ERROR, Level.WARNING, Level.SKIPPED, Level.OK)
            if level in every
        )


def examine(
    checks: Iterable[Check], *, mail_to: str = "", seconds: float = SECONDS
) -> tuple[Outcome, ...]:
    """Run these checks, and what they need. The outcomes are of these alone, in their order.

    Raises nothing; a check that is not done in time has an error instead.
    """
    wanted = tuple(checks)
    run = _Run(
        waiting=list(catalogue.with_needed(wanted)),
        sources=Sources(mail_to=mail_to),
        give_up=time.monotonic() + seconds,
    )
    run.all()
    return tuple(Outcome(check=check, found=run.done[check.name]) for check in wanted)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One examination on its way."""

    waiting: list[Check]
    sources: Sources
    give_up: float
    running: dict[Future[Found], Check] = field(default_factory=dict)
    done: dict[str, Found] = field(default_factory=dict)

    def all(self) -> None:
        """Until there is nothing more to do, or no more time for it."""
        while self.waiting or self.running:
            for check in self._ready():
                if not check.uses_database:
                    self.running[_begin(functools.partial(self._look, check))] = check
                    self.waiting.remove(check)
            self._take(timeout=0)
            if mine := next((check for check in self._ready() if check.uses_database), None):
                self.waiting.remove(mine)
                self.done[mine.name] = self._look(mine)
            elif self.running:
                self._take(timeout=max(0.0, self.give_up - time.monotonic()))
            if time.monotonic() >= self.give_up:
                self._end()

    def _ready(self) -> list[Check]:
        """Those that can begin; those that never can are skipped."""
        ready = []
        for check in list(self.waiting):
            if any(name not in self.done for name in check.needs):
                continue
            if cause := next(filter(self._is_broken, check.needs), None):
                self.waiting.remove(check)
                self.done[check.name] = (_skipped(catalogue.BY_NAME[cause]),)
            else:
                ready.append(check)
        return ready

    def _is_broken(self, name: str) -> bool:
        return any(finding.level in {Level.ERROR, Level.SKIPPED} for finding in self.done[name])

    def _take(self, *, timeout: float) -> None:
        """What has ended, after waiting for one that does."""
        ended, _others = wait(self.running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in ended:
            self.done[self.running.pop(future).name] = future.result()

    def _end(self) -> None:
        """The time is up."""
        self._take(timeout=0)
        for check in (*self.running.values(), *self.waiting):
            self.done[check.name] = (_late(),)
        self.running.clear()
        self.waiting.clear()

    def _look(self, check: Check) -> Found:
        try:
            return tuple(check.look(self.sources)) or (
                findings.skipped(_("There is nothing to look at.")),
            )
        except errors.LogtoError as error:
            return (words.of_refusal(error),)
        except Exception as error:  # noqa: BLE001 - what breaks a check is a finding; its words may be secret
            return (_broken(error),)


def _begin(look: Callable[[], Found]) -> Future[Found]:
    """In a thread that ends with the process, for the language and the request of this one."""
    future: Future[Found] = Future()
    context, language = contextvars.copy_context(), translation.get_language()

    def work() -> None:
        with translation.override(language):
            future.set_result(look())

    threading.Thread(target=context.run, args=[work], daemon=True).start()
    return future


def _skipped(cause: Check) -> Finding:
    return findings.skipped(
        _("Not looked at while there is something wrong with “%(title)s”.") % {"title": cause.title}
    )


def _late() -> Finding:
    return findings.error(
        _("It took too long, and was given up."),
        _("Look what is slow between this machine and the others, then ask the doctor again."),
    )


def _broken(error: Exception) -> Finding:
    return findings.error(
        _("It could not be looked at (%(kind)s).") % {"kind": type(error).__name__},
        _("Ask the doctor for this line alone, and report it if it stays."),
    )


def counts(outcomes: Iterable[Outcome]) -> dict[Level, int]:
    """How many findings there are of each level."""
    every = [finding.level for finding in _findings(outcomes)]
    return {level: every.count(level) for level in Level}


def _findings(outcomes: Iterable[Outcome]) -> Iterator[Finding]:
    for outcome in outcomes:
        yield from outcome.found
