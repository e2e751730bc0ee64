"""The list as a table for other programs."""

import csv
import gc
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accountsite.activity import downloads
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from tests.activity.conftest import NOON, Logto, happened, log, many, text_of
from tests.conftest import ALICE, HTMX, inspected

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/activity/download/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 21, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def alice(client: Client, sign_in: Any, today: None) -> Client:
    return sign_in(client)


def table(client: Client, query: str = "") -> list[list[str]]:
    """The rows, without the titles."""
    response = client.get(PATH + query)
    assert response.status_code == 200
    with timezone.override("America/Lima"), translation.override("ko"):  # of the next request
        text = b"".join(response.streaming_content).decode("utf-8-sig")
    titles, *rows = csv.reader(io.StringIO(text, newline=""))
    assert titles == ["Time", "What", "Result", "By", "App", "Device", "IP address"]
    return rows


def test_it_holds_what_is_listed_with_a_title_for_each_column(alice: Client, logto: Logto) -> None:
    logto.log += [log(NOON + timedelta(seconds=1))]
    happened(outcome="refused")

    assert table(alice) == [
        [
            "2026-11-20 12:00:01+00:00",
            "You signed in with your password.",
            "done",
            "",
            "Acme Mail",
            "Chrome on Windows",
            "192.0.2.7",
        ],
        [
            "2026-11-20 12:00:00+00:00",
            "Password change: refused.",
            "refused",
            "You",
            "",
            "Chrome on Windows",
            "192.0.2.7",
        ],
    ]


def test_it_is_a_file_that_a_spreadsheet_reads_as_utf_8(alice: Client) -> None:
    response = alice.get(PATH)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="activity-2026-11-21.csv"'
    assert response["Cache-Control"] == "no-store"
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbfTime,What")
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =1", "＝1", '=HYPERLINK("//x")']
)
def test_nothing_in_it_is_a_formula(alice: Client, logto: Logto, text: str) -> None:
    logto.app_name = text
    logto.log += [log(ip=text)]

    [row] = table(alice)

    assert (row[4], row[6]) == (f"'{text}", f"'{text}")


def test_quotes_and_lines_stay_in_their_cell(alice: Client, logto: Logto) -> None:
    logto.app_name = 'a "b", c\nd'
    logto.log += [log()]

    [row] = table(alice)

    assert row[4] == 'a "b", c\nd'


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("?kind=security", ["Your password was changed."]),
        ("?kind=sign-ins", ["You signed in with your password."]),
        ("?since=2026-11-20", ["Your password was changed."]),
        ("?until=2026-11-19&kind=", ["You signed in with your password."]),
    ],
)
def test_it_holds_what_was_looked_for(
    alice: Client, logto: Logto, query: str, sentences: list[str]
) -> None:
    logto.log += [log(NOON - timedelta(days=1))]
    happened()

    assert [row[1] for row in table(alice, query)] == sentences


def test_it_speaks_the_person_s_language_and_time_from_beginning_to_end(
    alice: Client, logto: Logto
) -> None:
    session = alice.session
    session["preferences"] = {"language": "en", "time_zone": "Asia/Seoul", "theme": "system"}
    session.save()
    many(250)

    rows = table(alice)

    assert {row[0][-6:] for row in rows} == {"+09:00"}
    assert len(rows) == 250


@pytest.mark.parametrize("count", [0, 1, 3, 500])
def test_each_is_in_it_once(alice: Client, logto: Logto, count: int) -> None:
    for number in range(count):
        logto.log.append(log(NOON - number * timedelta(milliseconds=300)))
    many(count)

    assert len(table(alice)) == 2 * count


def test_there_is_an_end_to_it_which_it_tells(alice: Client, logto: Logto) -> None:
    much(downloads.MOST_ROWS + 1)

    rows = table(alice)

    assert len(rows) == downloads.MOST_ROWS + 1
    assert rows[-1] == ["The list ends here. Choose fewer days to get what is older."]


def test_exactly_as_many_are_all_of_it(alice: Client, logto: Logto) -> None:
    much(downloads.MOST_ROWS)

    rows = table(alice)

    assert len(rows) == downloads.MOST_ROWS
    assert len(rows[-1]) == 7


def much(count: int) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            account_id=ALICE,
            actor_kind="person",
            action=Action.PROFILE_CHANGED,
            outcome=Outcome.DONE,
            started_at=NOON - timedelta(seconds=number),
        )
        for number in range(count)
    )


@pytest.fixture
def garbage_as_usual() -> Iterator[None]:
    """Python looks for garbage as often as in a site, and not as seldom as in other tests."""
    seldom = gc.get_threshold()
    gc.set_threshold(2_000, 10, 10)
    yield
    gc.set_threshold(*seldom)


@pytest.mark.usefixtures("garbage_as_usual")
def test_it_is_sent_in_pieces(alice: Client, logto: Logto) -> None:
    much(3_000)
    response = alice.get(PATH)
    tracemalloc.start()
    pieces = 0

    for _piece in response.streaming_content:
        pieces += 1

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pieces > 30
    assert peak < 5_000_000


def test_while_logto_is_down_there_is_none(alice: Client, logto: Logto) -> None:
    happened()
    logto.fails("logs")

    response = alice.get(PATH, {"kind": "sign-ins"})

    page = inspected(response.content.decode())
    assert response.status_code == 503
    assert page.find("option", selected=True)["value"] == "sign-ins"
    assert page.find(class_="filter").find(role="alert")


def test_where_logto_goes_down_meanwhile_it_says_that_rows_are_missing(
    alice: Client, logto: Logto
) -> None:
    for number in range(150):
        logto.log.append(log(NOON - number * timedelta(minutes=1)))
    response = alice.get(PATH)
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)

    logto.fails("logs")

    assert b"".join(pieces).decode() == (
        '"The list ends here, as the sign-in service did not answer any more."\r\n'
    )


def test_what_can_t_be_looked_for_is_explained(alice: Client, logto: Logto) -> None:
    response = alice.get(PATH, {"since": "moon"})

    assert response.status_code == 422
    assert "Enter a day such as" in response.content.decode()


def test_it_can_be_had_some_times_and_then_later(alice: Client, logto: Logto) -> None:
    for _each in range(10):
        table(alice)

    response = alice.get(PATH)

    page = inspected(response.content.decode())
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Try again in 10 minutes." in text_of(page.find(role="alert"))


def test_it_holds_nothing_of_others(alice: Client, logto: Logto) -> None:
    happened(account_id="bob")
    logto.log += [log(userId="bob")]

    assert table(alice) == []


def test_the_page_leads_to_it_and_says_how_much_it_holds(
    alice: Client, browse: Any, logto: Logto
) -> None:
    happened(Action.SESSIONS_ENDED)

    page = browse(alice, "/activity/?kind=sign-ins&since=2026-11-01")

    link = page.find("a", download=True)
    assert link["href"] == f"{PATH}?kind=sign-ins&since=2026-11-01"
    assert "the newest 5,000 rows" in text_of(page.main)


def test_htmx_can_t_take_it_for_a_page(alice: Client, logto: Logto) -> None:
    response = alice.get(PATH, headers=HTMX)

    assert response["Content-Disposition"].startswith("attachment")


def test_who_is_not_signed_in_gets_none(client: Client) -> None:
    assert client.get(PATH)["Location"] == "/sign-in/?next=%2Factivity%2Fdownload%2F"
