"""One run: everything is started, people come and go, faults come and go, then it is judged."""

import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos import disk, evidence, faults, journeys, ledger, pulse, report
from tests.chaos.admins import Admin
from tests.chaos.people import Account, Over, Person, World
from tests.chaos.place import Place
from tests.chaos.records import Record
from tests.stack import stack
from tests.stack.stack import Stack

ACTS_IN_A_JOURNEY = 5
JOURNEY = 10  # seconds that one lasts at the least
WISHED = 0.5  # of all acts, while a fault wants to be met by one of its own
STUCK = (
    150.0  # seconds without any answer after which nobody is waited for; browsers give up before
)
# Pictures are to be kept on this site's own disk, which can be full.
NO_STORE: dict[str, Any] = {
    "path": "/api/user-assets/service-status",
    "status": 200,
    "body": {"status": "not_configured"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for."""

    seconds: float = 300
    people: int = 12
    seed: int = 1
    folder: Path


@dataclass
class Crowd:
    """People who come, one journey after another, each with an account of its own."""

    world: World
    options: Options
    accounts: list[Account]
    problems: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self) -> None:
        """Begin, in threads of their own."""
        targets: list[Callable[[], None]] = [
            lambda number=number: self._journeys(number)  # type: ignore[misc]
            for number in range(self.options.people)
        ]
        targets.append(self._administration)
        for target in targets:
            thread = threading.Thread(target=self._watched(target), daemon=True)
            self._threads.append(thread)
            thread.start()

    def leave(self) -> None:
        """Wait until everybody has gone, as long as anything goes on at all."""
        seen, since = -1, time.monotonic()
        while any(thread.is_alive() for thread in self._threads):
            answered = len(self.world.record.answers)
            if answered != seen:
                seen, since = answered, time.monotonic()
            elif time.monotonic() > since + STUCK:
                break
            time.sleep(0.1)
        late = sum(thread.is_alive() for thread in self._threads)
        if late:
            self.problems.append(f"{late} people did not come to an end")

    def _journeys(self, number: int) -> None:
        dice = random.Random(f"{self.options.seed}-{number}")  # noqa: S311 - dice
        for account in self._accounts_of(number):
            self._journey(Person(self.world, account, dice, address=f"127.0.{10 + number}.1"))
            self.world.record.count("journeys")

    def _journey(self, person: Person) -> None:
        person.sign_in()
        if person.dice.random() < 0.5:
            journeys.look_around(person)
        for act in person.dice.sample(journeys.ACTS, ACTS_IN_A_JOURNEY):
            wish = self.world.wish
            (wish if wish and person.dice.random() < WISHED else act)(person)
            person.pause()
        journeys.sign_out(person)

    def _administration(self) -> None:
        accounts = self._accounts_of(self.options.people)
        dice = random.Random(f"{self.options.seed}-admin")  # noqa: S311 - dice
        admin = Admin(self.world, next(accounts), dice, address="127.0.9.1")
        admin.sign_in()
        for account in accounts:
            admin.look_after(Person(self.world, account, dice, address="127.0.9.2"))
            self.world.record.count("journeys")

    def _accounts_of(self, number: int) -> Iterator[Account]:
        """Those for one after another at this place, the same ones in each run."""
        for account in self.accounts[number :: self.options.people + 1]:
            if self.world.is_over():
                return
            yield account

    def _watched(self, target: Callable[[], None]) -> Callable[[], None]:
        """A mistake of this program's is told, and not taken for somebody who has gone."""

        def watched() -> None:
            try:
                target()
            except Over:
                return
            except Exception:  # noqa: BLE001 - told at the end
                self.problems.append(traceback.format_exc())

        return watched


def run(options: Options, say: Callable[[str], None]) -> tuple[dict[str, Any], str]:
    """Run it all. What was found, for programs and for people."""
    record = Record()
    with ExitStack() as ends:
        small = ends.enter_context(disk.mounted(faults.where(options.folder)))
        running = ends.enter_context(stack.running(options.folder, site_count=2))
        over = threading.Event()
        world = World(running.origin, running.tenant, record, over.is_set)
        place = Place(
            stack=running,
            disk=small or disk.Limited(lambda: _leaders(running)),
            world=world,
            dice=random.Random(options.seed),  # noqa: S311 - dice
            scale=faults.scale_of(options.seconds),
        )
        ends.callback(place.is_left.set)
        running.tenant.faults.add(name="no-store", **NO_STORE)
        crowd = Crowd(world, options, _accounts(running, options))
        record.began = time.monotonic()
        say(f"{options.people} people and an admin come to {running.origin} …")
        ends.enter_context(pulse.taken(record, running.tenant.faults.address))
        crowd.come()
        _misfortunes(place, options, say)
        over.set()
        crowd.leave()
        for thread in place.returning:
            thread.join(STUCK)
        say("Nobody is left. Waiting for the last mails …")
        evidence.settle(running)
        everything = evidence.gather(running, record)
    verdict = ledger.judge(everything)
    told = report.figures(
        everything,
        verdict,
        seconds=options.seconds,
        people=options.people,
        seed=options.seed,
        disk=place.disk.kind,
        problems=crowd.problems,
    )
    return told, report.table(told, verdict)


def _misfortunes(place: Place, options: Options, say: Callable[[str], None]) -> None:
    """One fault after another, each at least once, however long that takes."""
    over = place.record.began + options.seconds
    place.last(faults.CALM)
    for number, planned in enumerate(faults.schedule(options.seed)):
        if number >= len(faults.ROUND) and time.monotonic() > over:
            break
        say(f"{time.monotonic() - place.record.began:5.0f} s  {planned.name}")
        faults.strike(place, planned)
        place.last(faults.CALM)


def _accounts(running: Stack, options: Options) -> list[Account]:
    """More than will be used, made while all is well. The first of the last place is an admin's."""
    count = int((options.people + 1) * (3 + options.seconds / JOURNEY))
    made = [_account(running, options.seed, number) for number in range(count)]
    _make_admin(running, made[options.people])
    return made


def _account(running: Stack, seed: int, number: int) -> Account:
    username = f"person_{seed}_{number}"
    email = f"{username}@example.com"
    password = f"Person {seed} is no. {number}!"
    body = {"username": username, "primaryEmail": email, "password": password, "name": "Somebody"}
    answer = running.tenant.management("POST", "/users", json=body)
    assert answer.ok, answer.text
    return Account(id=answer.json()["id"], username=username, password=password, email=email)


def _make_admin(running: Stack, account: Account) -> None:
    roles = running.tenant.management("GET", "/roles").json()
    role = next(role["id"] for role in roles if role["name"] == "accountsite-admin")
    body = {"roleIds": [role]}
    assert running.tenant.management("POST", f"/users/{account.id}/roles", json=body).ok


def _leaders(running: Stack) -> Iterator[int]:
    for site in running.sites:
        if site.process is not None:
            yield site.process.pid


def say(line: str) -> None:
    """Tell how it goes, on stderr: the table alone goes to stdout."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
