"""People in the middle of changes, and what is left of these when their process is killed."""

import itertools
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from accountsite.audit.actions import Action
from tests.cluster import moments
from tests.cluster.kinds import Kind
from tests.cluster.moments import Moment
from tests.cluster.people import Someone, told
from tests.cluster.visitor import Page, Sending, Visitor
from tests.stack.stack import Stack

AT_ONCE = 6  # people who get ready at the same time
SOON = 4.5  # seconds, less than the site waits for Logto, or for a lock
OK, USED, BY_THE_PROXY, REFUSED = 200, 400, 502, 422

OURS = "accountsite"  # the User-Agent of the site's calls
# What changes nothing about an account: proofs, and what an app may do with its own.
NO_CHANGE = re.compile(
    r"POST /api/(verification-codes(/verify)?|users/[^/]+/password/verify|verifications/.*"
    r"|sign-in-exp/default/check-password|connectors/[^/]+/authorization-uri|user-assets)$"
)

_numbers = itertools.count(1001)  # all as long, so that none is the beginning of another


@dataclass
class Verdict:
    """What went wrong, by kind of change. Each list should be empty."""

    without_row: list[str] = field(default_factory=list)
    wrong_rows: list[str] = field(default_factory=list)
    signed_out: list[str] = field(default_factory=list)
    untrue_pages: list[str] = field(default_factory=list)
    wrong_answers: list[str] = field(default_factory=list)
    cannot_go_on: list[str] = field(default_factory=list)

    def trouble(self) -> list[str]:
        """A line for each."""
        return [f"{name}: {each}" for name, found in vars(self).items() for each in found]


@dataclass
class Round:
    """Some people, each with a kind of change."""

    stack: Stack
    people: dict[Kind, Someone]
    verdict: Verdict = field(default_factory=Verdict)
    kills: int = 0
    begun: int = 0  # of the kills, those that left a row
    is_done: bool = False  # whether Logto did it in the end

    def each(self, do: Callable[[Kind, Someone], Any]) -> dict[Kind, Any]:
        """Do it for everybody, several at once. The first trouble is raised, with its kind."""

        def one(pair: tuple[Kind, Someone]) -> Any:
            try:
                return do(*pair)
            except Exception as error:
                error.add_note(f"in the middle of {pair[0]}")
                raise

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(self.people, pool.map(one, self.people.items()), strict=True))

    # A kill

    def kill(self, number: int, moment: Moment) -> None:
        """Kill a site while everybody's change is at this moment; then start it again.

        That takes it a while, during which the other one goes on alone.
        """
        for each in self.stack.sites:
            each.wait()
        site = self.stack.sites[number]
        ready = self.each(lambda kind, someone: kind.begin(someone))
        calls = [
            (kind.call[0], told(kind.call[1], someone)) for kind, someone in self.people.items()
        ]
        with ThreadPoolExecutor(len(self.people)) as pool:
            with moments.hold(self.stack, moment, calls, number=number) as arrived:
                answers = {
                    kind: pool.submit(self._send, kind, sending, number)
                    for kind, sending in ready.items()
                }
                self._wait_for_all(arrived, answers)
                site.kill()
            for kind, answer in answers.items():
                self._judge_answer(kind, ready[kind], answer.result())
        site.begin()
        self.kills += 1
        self.begun += moment.is_begun
        self.is_done = moment.is_done

    def _send(self, kind: Kind, sending: Sending, number: int) -> Page:
        return doer(kind, self.people[kind]).send(sending, **{"X-Site": str(number)})

    def _wait_for_all(self, arrived: Callable[[], int], answers: dict[Kind, Future[Page]]) -> None:
        give_up = time.monotonic() + SOON
        while (count := arrived()) < len(self.people):
            if time.monotonic() > give_up:
                gone = {
                    str(kind): f"{each.result().path} {each.result().text[:300]}"
                    for kind, each in answers.items()
                    if each.done()
                }
                trouble = "\n".join([*self.verdict.trouble(), f"others got: {gone}"])
                raise AssertionError(f"{count} got there, of {len(answers)}\n{trouble}")
            time.sleep(0.02)

    def _judge_answer(self, kind: Kind, sending: Sending, page: Page) -> None:
        # Nobody sends a form twice for people. An address is asked for at the other process, which
        # tells those who come back from a provider that their answer was used.
        expected = BY_THE_PROXY if sending.method == "POST" else USED
        if page.status != expected:
            self.verdict.wrong_answers.append(f"{kind}: {page.status} {page.text[:200]}")

    # What is left

    def judge(self) -> None:
        """Look at everything from the process that is left."""
        rows = self.rows()

        def look(kind: Kind, someone: Someone) -> None:
            outcomes = rows[told(kind.account, someone), kind.action.value]
            # Who comes back twice with the same answer is refused, which is written down as well.
            refused = self.kills if kind.action is Action.CONNECTION_ADDED else 0
            if outcomes != Counter(started=self.begun, refused=refused):
                self.verdict.wrong_rows.append(f"{kind}: {dict(outcomes)} after {self.kills} kills")
            who, home = doer(kind, someone), "/admin/" if kind.is_by_admin else "/"
            if who.open(home).path != home:
                self.verdict.signed_out.append(str(kind))
            self._judge_page(kind, someone, is_done=self.is_done)

        self.each(look)
        self._judge_writes()

    def _judge_page(self, kind: Kind, someone: Someone, *, is_done: bool) -> None:
        page = doer(kind, someone).open_confirmed(told(kind.page, someone))
        shown = str(page.html.find("main"))
        there, gone = (kind.becomes, kind.was) if is_done else (kind.was, kind.becomes)
        there, gone = told(there, someone), told(gone, someone)
        is_true = page.status == OK and there in shown and (gone in there or gone not in shown)
        if not is_true:
            self.verdict.untrue_pages.append(
                f"{kind}: {page.path} {page.status}, done: {is_done}, {page.text[:300]}"
            )

    def _judge_writes(self) -> None:
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            query = "SELECT DISTINCT request_id FROM audit_auditevent"
            known = {row[0] for row in connection.execute(query)}
        self.verdict.without_row += [
            f"{write['method']} {write['path']}"
            for write in self.stack.tenant.writes()
            if write["user_agent"].startswith(OURS)
            and write["request_id"] not in known
            and not NO_CHANGE.match(f"{write['method']} {write['path']}")
        ]

    def go_on(self, number: int) -> None:
        """Everybody does it once more, at this site, and gets an answer that ends the matter."""

        def once_more(kind: Kind, someone: Someone) -> None:
            try:
                sending = kind.begin(someone)
            except AssertionError as error:
                # There is nothing left to do: the page has no such form any more.
                if kind.can_repeat:
                    self.verdict.cannot_go_on.append(f"{kind}: {error}")
                return
            page = self._send(kind, sending, number)
            is_explained = page.status == REFUSED and page.html.select(
                "[role=alert], [aria-invalid]"
            )
            if page.status not in {OK, USED} and not is_explained:
                self.verdict.cannot_go_on.append(f"{kind}: {page.status} {page.text[:300]}")
            if kind.at_last is not None:
                last = replace(kind, becomes=kind.at_last)
                self._judge_page(last, someone, is_done=True)

        self.each(once_more)
        self._judge_writes()

    def wait_an_hour(self) -> None:
        """So that the turns of the dead end, and the next code may be sent."""
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            connection.execute(
                "UPDATE limits_counter SET expires_at = expires_at - interval '1 hour'"
            )

    def rows(self) -> dict[tuple[str, str], Counter[str]]:
        """How many rows of the trail have which outcome, by account and action."""
        found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            query = "SELECT account_id, action, outcome FROM audit_auditevent"
            for account_id, action, outcome in connection.execute(query):
                found[account_id, action][outcome] += 1
        return found


def gather(stack: Stack, kinds: Sequence[Kind], admin: Visitor) -> Round:
    """For each kind somebody new, signed in and proved to be themselves, who can make it."""
    someones = {kind: new(stack, admin) for kind in kinds}
    together = Round(stack, someones)

    def arrive(kind: Kind, someone: Someone) -> None:
        if not kind.is_by_admin:
            someone.sign_in()
            assert someone.open_confirmed("/tokens/new/").path == "/tokens/new/"
        kind.arrange(someone)

    together.each(arrive)
    return together


def doer(kind: Kind, someone: Someone) -> Visitor:
    """Who makes the change."""
    return someone.admin if kind.is_by_admin and someone.admin else someone


def batches(kinds: Sequence[Kind], size: int) -> Iterator[Sequence[Kind]]:
    """Some at a time."""
    for first in range(0, len(kinds), size):
        yield kinds[first : first + size]


def new(stack: Stack, admin: Visitor) -> Someone:
    """Somebody with an account at the tenant, who is not signed in."""
    number = next(_numbers)
    username, password = f"person{number}", f"Teacup-Orbit-{number}"
    body = {
        "username": username,
        "password": password,
        "primaryEmail": f"{username}@example.com",
        "name": f"Old name {number}",
    }
    made = stack.tenant.management("POST", "/users", json=body)
    assert made.ok, made.text
    return Someone(
        site=stack.origin,
        tenant=stack.tenant,
        username=username,
        password=password,
        address=f"127.0.1.{number % 250 + 1}",
        id=made.json()["id"],
        number=number,
        admin=admin,
    )
