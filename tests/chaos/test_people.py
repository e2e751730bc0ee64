"""When somebody counts as signed out."""

import random
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup

from tests.chaos.browser import Page
from tests.chaos.people import Account, Person, World
from tests.chaos.records import Record

SITE, LOGTO = "http://localhost:1", "http://localhost:2"


class AtTheDoor(Person):
    """Somebody whom Logto lets in at once."""

    def sign_in(self) -> None:
        """Without a page."""
        self.is_signed_in = True


@pytest.fixture
def zoe() -> Person:
    """Somebody who is signed in."""
    account = Account(id="zoe000000001", username="zoe", password="Zoe!", email="zoe@example.com")
    world = World(SITE, cast("Any", None), Record())
    return AtTheDoor(world, account, random.Random(1), is_signed_in=True)  # noqa: S311 - dice


def page(*way: str, at: str = SITE) -> Page:
    """The end of a way."""
    return Page(f"{at}{way[-1]}", 200, 302, BeautifulSoup("", "html.parser"), way=way)


def out(person: Person) -> int:
    """How often somebody was, without cause."""
    return len(person.world.record.signed_out)


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        (page("/profile/"), 0),
        (page("/profile/", "/confirm/", "/sign-in/again/", "/sign-in/callback/", "/profile/"), 0),
        (page("/profile/", "/sign-in/", "/sign-in/callback/", "/profile/"), 1),
        (page("/profile/", "/signed-out/"), 1),
        (page("/profile/", "/sign-in/", "/sign-in", at=LOGTO), 1),
    ],
)
def test_who_has_to_go_by_the_door_again_was_signed_out(
    zoe: Person, seen: Page, count: int
) -> None:
    assert zoe.stayed("/profile/", seen) is seen

    assert (out(zoe), zoe.is_signed_in) == (count, True)


def test_who_was_to_be_signed_out_does_not_count(zoe: Person) -> None:
    zoe.may_be_out = True

    zoe.stayed("/profile/", page("/profile/", "/signed-out/"))

    assert out(zoe) == 0
