"""Somebody with an account: signing in, confirming that it's them, and changing one thing."""

import itertools
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.chaos.browser import Browser, Page
from tests.chaos.records import SERVER_ERROR, Act, Record, Said, SignedOut
from tests.demo_process import Tenant

TRIES = 3  # of a change that nobody could promise
PAUSE = 0.3  # seconds, about, between two things that a person does
USER = r"/api/users/[^/]+"  # as Logto calls them, for the changes that it must have seen
CONFIRM = "/confirm/password/"
DONE = ".message--success"
SEE_OFF = frozenset({"/sign-in/", "/signed-out/"})


class Over(Exception):
    """The run ends: no more of this journey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the tenant, made for one journey."""

    id: str
    username: str
    password: str
    email: str


@dataclass(slots=True)
class World:
    """What all people share. `is_over` tells that nothing new should be begun.

    `wish` is what many of them should do now, for the sake of the fault that is there.
    """

    site: str
    tenant: Tenant
    record: Record
    is_over: Callable[[], bool] = lambda: False
    wish: "Callable[[Person], None] | None" = None


@dataclass
class Person:
    """Somebody at their browser.

    `identifiers` and `passwords` are what may let them in, the likeliest first: there are several
    after a change of which nobody could tell them whether it was made.
    """

    world: World
    account: Account
    dice: random.Random
    address: str = "127.0.0.1"
    identifiers: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    is_signed_in: bool = False
    may_be_out: bool = False
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identifiers.append(self.account.username)
        self.passwords.append(self.account.password)
        self.browser = self.another_browser()

    @property
    def name(self) -> str:
        return self.account.username

    def another_browser(self) -> Browser:
        """One in which they are not signed in yet."""
        world = self.world
        return Browser(world.site, world.record, person=self.name, address=self.address)

    # Being there

    def sign_in(self) -> None:
        """Until it works. Raises Over if the run ends before."""
        for turn in itertools.count():
            self._check_time()
            if self.sign_in_with(self.browser, turn):
                self.is_signed_in = True
                self.world.record.count("sign_ins")
                return
            self.pause(2)

    def sign_in_with(self, browser: Browser, turn: int = 0) -> bool:
        """Try once; whether they are in. Each `turn` is with something else they may go by."""
        known = [(name, word) for word in self.passwords for name in self.identifiers]
        identifier, password = known[turn % len(known)]
        filled = {"identifier": identifier, "password": password}
        page = browser.open("/")
        for _step in range(4):
            if self._is_of_the_site(page):
                return page.is_good and page.path == "/"
            form = page.html.find("form", method="post")
            if form is None:
                return False
            page = browser.send(page, form, filled if form.find(id="identifier") else {})
        return False

    def open(self, path: str) -> Page:
        """Look at a page, confirming that it's them where that is asked for."""
        page = self.stayed(path, self.browser.open(path))
        return self._confirmed(page)

    def is_uncertain_of(self, name: str) -> bool:
        """Whether they once got no clear answer to such a change."""
        return any(act.name == name and act.said is Said.UNCERTAIN for act in self.acts)

    def pause(self, times: float = 1) -> None:
        """What a person needs to read, more or less."""
        time.sleep(PAUSE * times * self.dice.uniform(0.5, 1.5))

    # Changing something

    def change(
        self,
        name: str,
        path: str,
        *,
        writes: str,
        values: Mapping[str, str] | Callable[[Page], Mapping[str, str] | None] | None = None,
        files: Callable[[], Mapping[str, Any]] | None = None,
        fact: str = "",
        value: str = "",
        action: str = "",
        done: str = DONE,
    ) -> Act:
        """Open a form, fill it in, send it; and again, as the page says, where nobody knows."""
        for turn in range(TRIES):
            with self.act(name, writes=writes, fact=fact, value=value) as act:
                page = self.open(path)
                form = page.form(action or path)
                filled = values(page) if callable(values) else values
                if form is not None and not (callable(values) and filled is None):
                    act.said = Said.UNCERTAIN
                    page = self.browser.send(page, form, filled, files() if files else None)
                    page = self._confirmed(self.stayed(path, page))
                    act.said = said_by(page, done=done)
            if act.said in {Said.DONE, Said.REFUSED}:
                break
            self.wait(turn)
        return act

    def wait(self, turn: int) -> None:
        """Before another try, longer each time. Raises Over where there is none."""
        self._check_time()
        self.pause(3 * (turn + 1))

    def deny(self, what: str) -> None:
        """Note that something is not as they were told."""
        self.world.record.denied.append(f"{self.name} {what}")

    @contextmanager
    def act(self, name: str, **facts: Any) -> Iterator[Act]:
        """Note it with all requests that are made in the block."""
        act = Act(person=self.name, account_id=self.account.id, name=name, **facts)
        self.browser.request_ids = act.request_ids
        try:
            yield act
        finally:
            self.browser.request_ids = []
            self.acts.append(act)
            self.world.record.acts.append(act)

    def _confirmed(self, page: Page) -> Page:
        """The page after the question whether it's them, if that is asked."""
        for turn in range(TRIES * len(self.passwords)):
            form = page.form(CONFIRM)
            if form is None:
                break
            proof = {"password": self.passwords[turn % len(self.passwords)]}
            page = self.stayed(page.path, self.browser.send(page, form, proof))
        return page

    def stayed(self, path: str, page: Page) -> Page:
        """The same page, after a look whether they are still signed in. `path` is for the report.

        Where Logto still knows them, they are back in before they see anything: that counts as well.
        """
        is_out = page.path in SEE_OFF or not self._is_of_the_site(page)
        if self.is_signed_in and (is_out or not SEE_OFF.isdisjoint(page.way)):
            if not self.may_be_out:
                self.world.record.signed_out.append(
                    SignedOut(person=self.name, path=path, sent_to=page.url, at=time.monotonic())
                )
            if is_out:
                self.is_signed_in = False
                self.sign_in()
        return page

    def _is_of_the_site(self, page: Page) -> bool:
        return urlsplit(page.url).netloc == urlsplit(self.world.site).netloc

    def _check_time(self) -> None:
        if self.world.is_over():
            raise Over


def said_by(page: Page, *, done: str) -> Said:
    """What the answer to a form told. A redirect whose page did not come promised nothing yet."""
    if page.is_good and page.has(done):
        return Said.DONE
    if 0 < page.status < SERVER_ERROR and page.first == page.status:
        return Said.REFUSED
    return Said.UNCERTAIN
