"""The admin's first page: how things are, whatever part of it can't be had."""

from datetime import timedelta

import pytest
import responses
from django.db import DatabaseError, connection
from django.utils import timezone

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.dashboard import charts
from accountsite.notices.models import Notice
from accountsite.notices.models import State as MailState
from accountsite.schedule.models import Run
from accountsite.webhooks.models import Delivery, State
from tests.conftest import API, inspected
from tests.dashboard.conftest import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(settings):
    settings.WEBHOOK_SECRETS = [SECRET]


def panels(client):
    """By its title, the text of each panel of the page."""
    page = inspected(client.get("/admin/").text)
    return {
        panel.h2.get_text(): " ".join(panel.get_text(" ", strip=True).split())
        for panel in page.select(".accountsite-panel")
    }


def delivery(number, **changes):
    return Delivery.objects.create(
        digest=str(number), event="PostSignIn", state=State.DONE, body=b"", **changes
    )


def test_it_shows_logtos_own_figures(admin, logto):
    people = panels(admin)["People"]

    assert "Accounts 1,234" in people
    assert "New in 7 days 9 (+4)" in people
    assert "Active today 3 (−1)" in people
    assert "November 21 8" in people


def test_it_shows_sign_ins_changes_refusals_and_limits(admin, logto):
    delivery(1)
    trail.record(Action.EMAIL_CHANGED, "alice")
    trail.record(Action.EMAIL_CHANGED, "alice", at=timezone.now() - timedelta(days=9))
    trail.refused(Action.PASSWORD_CHANGED, "alice", "TooMany")
    trail.refused(Action.PASSWORD_CHANGED, "alice", "session.invalid_credentials")

    told = panels(admin)

    assert "1" in told["Sign-ins"]
    assert "Email address change 1" in told["Changes"]
    assert "In 7 days 2 Because of a limit 1" in told["Refusals"]


def test_it_shows_what_webhooks_and_mails_came_to(admin, logto):
    delivery(1, received_at=timezone.now() - timedelta(hours=1))
    Delivery.objects.create(digest="2", event="x", state=State.FAILED, body=b"")
    event = trail.record(Action.EMAIL_CHANGED, "alice")
    Notice.objects.create(event=event, recipient="a@example.com", state=MailState.FAILED)

    told = panels(admin)

    assert "Account settings 7 of 7 arrived in a day" in told["Webhooks"]
    assert "Done 1" in told["Webhooks"]
    assert "Failed 1" in told["Webhooks"]
    assert "Failed 1" in told["Mails"]


def test_it_says_when_nobody_works_off_what_waits(admin, logto):
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.create(digest="1", event="x", body=b"", received_at=long_ago)

    assert "The oldest waits since" in panels(admin)["Webhooks"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enabled": False}, "switched off"),
        ({"signingKey": "another"}, "signs with another key"),
        ({"config": {"url": "https://else.test/"}}, "no webhook sends to this site"),
    ],
)
def test_it_says_what_is_wrong_with_the_webhook(admin, hook, logto, change, words):
    logto.replace(responses.GET, f"{API}/hooks", json=[hook | change])

    assert words in panels(admin)["Webhooks"]


def test_without_a_key_it_says_that_nothing_arrives(admin, logto, settings):
    settings.WEBHOOK_SECRETS = []

    assert "LOGTO_WEBHOOK_SECRET is not set" in panels(admin)["Webhooks"]


def test_a_job_that_failed_is_named(admin, logto):
    Run.objects.create(job="audit: forget old events", error="OperationalError")

    assert "audit: forget old events OperationalError" in panels(admin)["Tasks and jobs"]


def test_the_last_events_are_told_with_whom_they_are_about(admin, logto):
    for number in range(25):
        trail.record(Action.EMAIL_CHANGED, f"a{number}")

    page = inspected(admin.get("/admin/").text)

    rows = page.select(".accountsite-table tbody tr")
    assert len(rows) == 20
    assert rows[0].select("a")[1]["href"] == "/admin/person/a24/"


# What can't be had


def test_without_logto_the_rest_is_there(admin, wire):
    trail.record(Action.EMAIL_CHANGED, "alice")

    told = panels(admin)

    assert "Answers no" in told["Connection to Logto"]
    assert "Management API does not answer" in told["Connection to Logto"]
    assert "Logto did not give its figures." in told["People"]
    assert "not known" in told["Webhooks"]
    assert "Email address change 1" in told["Changes"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "refuses the credentials"), (403, "its role is missing"), (429, "asked too often")],
)
def test_it_says_why_logto_does_not_let_us_in(admin, logto, status, words):
    problem = {"code": "auth.x", "message": "x"}
    logto.replace(responses.GET, f"{API}/hooks", json=problem, status=status)

    assert words in panels(admin)["Connection to Logto"]


def test_a_table_that_can_not_be_read_leaves_the_others(admin, logto):
    def broken(execute, sql, params, many, context):
        if "GROUP BY" in sql and "notices_notice" in sql:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        told = panels(admin)

    assert told["Mails"] == "Mails These figures could not be counted."
    assert "Accounts 1,234" in told["People"]


def test_it_waits_for_logto_once(admin, logto):
    panels(admin)

    assert len([call for call in logto.calls if "/api/" in call.request.url]) == 5


def test_our_own_tables_are_counted_once_a_minute_in_each_language(admin, logto):
    assert "Changes In 7 days 0" in panels(admin)["Changes"]
    trail.record(Action.EMAIL_CHANGED, "alice")
    assert "Changes In 7 days 0" in panels(admin)["Changes"]

    page = inspected(admin.get("/admin/", headers={"Accept-Language": "ko"}).text)

    assert page.select(".accountsite-panel")[3].dd.get_text() == "1"


# Who sees it


def test_who_may_not_look_at_the_trail_sees_the_list_of_what_they_may(staff):
    page = inspected(staff("notices.view_notice").get("/admin/").text)

    assert not page.select(".accountsite-panel")
    assert page.find("a", href="/admin/notices/notice/")


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/admin/").status_code == 302


# Charts


def test_bars_stand_for_their_values():
    chart = charts.by_day("x", ("Day", "People"), [("a", 50), ("b", 100), ("c", 0), ("d", 1)])

    assert [(bar.x, bar.y, bar.height) for bar in chart.bars] == [
        (0, 32, 32),
        (12, 0, 64),
        (24, 64, 0),
        (36, 62, 2),
    ]
    assert (chart.width, chart.total, chart.highest) == (45, 151, 100)


def test_kinds_stand_below_each_other_by_their_length():
    chart = charts.by_kind("x", ("Kind", "Changes"), [("a", 50), ("b", 25), ("c", 0)])

    assert [bar.width for bar in chart.bars] == [100, 50, 2]


def test_a_chart_of_nothing_is_one():
    assert (
        charts.by_day("x", ("a", "b"), []).total
        == charts.by_day("x", ("a", "b"), [("y", 0)]).total
        == 0
    )
