"""What happened to your account, newest first."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accountsite.audit import pruning
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from tests.activity.conftest import CHROME, NOON, Logto, happened, many, text_of
from tests.conftest import HTMX

pytestmark = pytest.mark.django_db

PATH = "/activity/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    """It is 21 November 2026, in the morning, and in UTC."""
    time_machine.move_to(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def alice(client: Client, sign_in: Any, today: None) -> Client:
    return sign_in(client)


def sentences(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.find_all(class_="entry__title")]


def days(page: BeautifulSoup) -> list[str]:
    return [title.text for title in page.find_all("h2", id=re.compile("^day-"))]


def older(page: BeautifulSoup) -> str | None:
    link = page.find("a", rel="next")
    return PATH + link["href"].removeprefix(PATH) if link else None


def test_it_is_in_the_navigation(alice: Client, browse: Any) -> None:
    page = browse(alice, PATH)

    assert page.find("a", {"aria-current": "page"})["href"] == PATH


def test_before_anything_happened_it_says_what_will_be_here(alice: Client, browse: Any) -> None:
    page = browse(alice, PATH)

    assert "Nothing has happened yet" in text_of(page.find(class_="empty"))
    assert page.find(class_="pager") is None


def test_what_happened_is_in_sentences_newest_first(alice: Client, browse: Any) -> None:
    happened(Action.AVATAR_CHANGED, started_at=NOON - timedelta(hours=1))
    happened(Action.PASSWORD_CHANGED, started_at=NOON)
    happened(Action.EMAIL_CHANGED, started_at=NOON - timedelta(hours=2))

    page = browse(alice, PATH)

    assert sentences(page) == [
        "Your password was changed.",
        "Your picture was changed.",
        "Your email address was changed.",
    ]


def test_each_says_when_by_whom_and_from_where(alice: Client, browse: Any) -> None:
    happened()

    entry = browse(alice, PATH).find(class_="entry")

    assert text_of(entry.find(class_="entry__facts")) == (
        "12:00 PM You Chrome on Windows 192.0.2.7"
    )
    assert entry.time["datetime"] == "2026-11-20T12:00:00+00:00"


def test_what_was_no_browser_s_doing_names_none(alice: Client, browse: Any) -> None:
    happened(actor_kind="system", actor_id="", user_agent="", address=None)

    facts = browse(alice, PATH).find(class_="entry__facts")

    assert text_of(facts) == "12:00 PM This site"


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        ("person", "You"),
        ("admin", "An admin"),
        ("logto", "The sign-in service"),
        ("system", "This site"),
    ],
)
def test_who_did_it_is_told_and_of_an_admin_no_more_than_that(
    alice: Client, browse: Any, kind: str, by: str
) -> None:
    happened(actor_kind=kind, actor_id="admin0000009")

    page = browse(alice, PATH)

    assert by in text_of(page.find(class_="entry__facts"))
    assert "admin0000009" not in str(page)
    assert ("192.0.2.7" in str(page)) is (kind != "admin")


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("done", "Your password was changed."),
        ("refused", "Password change: refused."),
        ("unknown", "Password change: uncertain whether it worked."),
        ("started", "Password change: not finished."),
    ],
)
def test_how_it_ended_is_told_in_words(
    alice: Client, browse: Any, outcome: str, sentence: str
) -> None:
    happened(outcome=outcome)

    assert sentences(browse(alice, PATH)) == [sentence]


def test_the_days_are_called_as_people_call_them(alice: Client, browse: Any) -> None:
    for age in (0, 0, 1, 2, 30):
        happened(started_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC) - timedelta(days=age))

    page = browse(alice, PATH)

    assert days(page) == [
        "Today",
        "Yesterday",
        "Thursday, November 19, 2026",
        "Thursday, October 22, 2026",
    ]
    assert [len(day.find_all(class_="entry")) for day in page.find_all("ol")] == [2, 1, 1, 1]


def test_a_day_is_one_where_the_person_is(alice: Client, browse: Any) -> None:
    session = alice.session
    session["preferences"] = {"language": "en", "time_zone": "Asia/Seoul", "theme": "system"}
    session.save()
    happened(started_at=datetime(2026, 11, 20, 15, 30, tzinfo=UTC))
    happened(started_at=datetime(2026, 11, 20, 14, 30, tzinfo=UTC))

    page = browse(alice, PATH)

    assert days(page) == ["Today", "Yesterday"]
    assert [text_of(tag) for tag in page.find_all("time")] == ["12:30 AM", "11:30 PM"]


def test_each_leads_to_its_page(alice: Client, browse: Any) -> None:
    event = happened()

    link = browse(alice, PATH).find(class_="entry__title")

    assert link["href"] == f"/activity/{event.pk}/"


def test_nobody_sees_what_happened_to_others(alice: Client, browse: Any) -> None:
    happened(account_id="bob")

    assert sentences(browse(alice, PATH)) == []


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (3, 1), (30, 1), (31, 2), (500, 17)])
def test_however_much_it_is_each_is_shown_once(
    alice: Client, browse: Any, count: int, pages: int
) -> None:
    many(count)
    path: str | None = PATH
    seen: list[str] = []
    fetched = 0

    while path:
        page = browse(alice, path)
        seen += [link["href"] for link in page.find_all(class_="entry__title")]
        path, fetched = older(page), fetched + 1

    keys = AuditEvent.objects.order_by("-started_at").values_list("pk", flat=True)
    assert seen == [f"/activity/{key}/" for key in keys]
    assert fetched == pages


def test_a_page_stays_the_same_while_more_happens(alice: Client, browse: Any) -> None:
    many(70)
    second = older(browse(alice, PATH))
    before = sentences(browse(alice, second)), older(browse(alice, second))

    for _each in range(5):
        happened()

    assert (sentences(browse(alice, second)), older(browse(alice, second))) == before
    assert sentences(browse(alice, PATH))[0] == "Your password was changed."


def test_what_happened_at_the_same_moment_is_not_lost_between_pages(
    alice: Client, browse: Any
) -> None:
    keys = [happened().pk for _each in range(35)]

    first = browse(alice, PATH)
    second = browse(alice, older(first))

    shown = first.find_all(class_="entry__title") + second.find_all(class_="entry__title")
    assert [link["href"] for link in shown] == [f"/activity/{key}/" for key in reversed(keys)]


def test_from_an_older_page_one_comes_back_to_the_newest(alice: Client, browse: Any) -> None:
    many(31)

    pager = browse(alice, older(browse(alice, PATH))).find(class_="pager")

    assert [(link.text, link["href"]) for link in pager.find_all("a")] == [("Newest", PATH)]


def test_a_page_that_is_no_more_says_so(alice: Client, browse: Any) -> None:
    many(31)
    second = older(browse(alice, PATH))
    pruning.forget(before=NOON + timedelta(days=1))

    empty = browse(alice, second).find(class_="empty")

    assert "There is nothing older" in text_of(empty)
    assert empty.a["href"] == PATH


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "-1",
        "",
        "7",
        "²",
        "1.1.7",
        "1' OR 1=1",
        "9" * 5000,
        f"{'9' * 18}.1.{'0' * 20}",
        f"9.1.{'9' * 20}",
    ],
)
def test_a_place_that_is_none_is_the_beginning(alice: Client, browse: Any, before: str) -> None:
    happened()

    response = alice.get(PATH, {"before": before})

    assert response.status_code == 200
    assert "Your password was changed." in response.content.decode()


@pytest.mark.parametrize("count", [1, 500])
def test_it_takes_as_many_queries_however_much_there_is(alice: Client, count: int) -> None:
    many(count)

    with CaptureQueriesContext(connection) as queries:
        alice.get(PATH)

    assert len([query for query in queries if "audit_auditevent" in query["sql"]]) == 1
    assert not [query for query in queries if "COUNT(" in query["sql"]]


def test_it_is_there_while_logto_is_down(alice: Client, browse: Any, logto: Logto) -> None:
    logto.is_down()
    happened()

    assert sentences(browse(alice, PATH)) == ["Your password was changed."]


def test_htmx_gets_the_card_alone(alice: Client) -> None:
    happened()

    html = alice.get(PATH, headers=HTMX).content.decode()

    assert "entry__title" in html
    assert "<html" not in html


@pytest.mark.parametrize(
    "user_agent",
    ["<script>alert(1)</script>", "\u202etxt.exe", "😀" * 150, "W" * 300, f"{CHROME} <b>"],
)
def test_a_browser_can_call_itself_what_it_likes(
    alice: Client, browse: Any, user_agent: str
) -> None:
    happened(user_agent=user_agent)

    entry = browse(alice, PATH).find(class_="entry")

    assert entry.script is None
    assert len(text_of(entry)) < 160


def test_what_a_newer_version_wrote_stands_as_it_is(alice: Client, browse: Any) -> None:
    happened("moon.visited")

    assert sentences(browse(alice, PATH)) == ["moon.visited"]


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: Client) -> None:
    response = client.get(PATH)

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=%2Factivity%2F")
