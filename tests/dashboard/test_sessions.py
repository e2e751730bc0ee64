"""Sessions of this site in the admin: seen by whoever looks, ended by whoever helps."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accountsite.audit.models import AuditEvent
from accountsite.notices.models import Notice
from accountsite.signin.models import Session
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/admin/signin/session/"
HELPER = ("signin.view_session", "directory.help_user")


@pytest.fixture
def window(sign_in):
    """A browser in which alice is signed in."""
    window = sign_in(Client())
    window.get("/sign-out/", headers={"User-Agent": "curl/8.5.0"})
    return window


@pytest.fixture
def end(window):
    """The address of the page that ends alice's session."""
    return f"{URL}{Session.objects.get(account_id=ALICE).pk}/end/"


def test_the_list_shows_who_is_signed_in_and_nothing_that_opens_a_session(staff, window):
    page = staff(*HELPER).get(URL).text

    assert ALICE in page
    assert "Signed in" in page
    assert window.cookies["session"].value not in page


def test_sessions_of_nobody_are_left_out(staff, client):
    client.get("/sign-in/")

    assert not staff(*HELPER).get(URL).context["cl"].result_list


def test_sessions_are_found_by_account_and_state(staff, window):
    helper = staff(*HELPER)

    def found(**query):
        return len(helper.get(URL, query).context["cl"].result_list)

    assert (found(q=ALICE), found(q="bob"), found(state="live"), found(state="ended")) == (
        1,
        0,
        1,
        0,
    )
    Session.objects.filter(account_id=ALICE).update(last_seen_at=timezone.now() - timedelta(days=2))
    assert (found(state="live"), found(state="ended")) == (0, 1)


def test_a_helper_says_why_and_the_person_is_out(staff, window, end):
    helper = staff(*HELPER)
    assert "This signs out" in helper.get(end).text

    answer = helper.post(end, {"reason": "Lost phone"}, follow=True)

    assert "The session is ended." in answer.text
    assert window.get("/profile/")["Location"].startswith("/signed-out/?reason=ended_elsewhere")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_kind, event.actor_id, event.explanation) == (
        "session.ended",
        "admin",
        "local:somebody",
        "Lost phone",
    )
    assert Notice.objects.get().recipient == "alice@example.com"


def test_without_a_reason_nothing_ends(staff, window, end):
    answer = staff(*HELPER).post(end, {"reason": "  "})

    assert answer.status_code == 422
    assert window.get("/sign-out/").status_code == 200
    assert not AuditEvent.objects.exists()


def test_looking_ends_nothing(staff, window, end):
    staff(*HELPER).get(end)

    assert window.get("/sign-out/").status_code == 200


def test_who_only_looks_can_not_end_one(staff, window, end):
    looker = staff("signin.view_session")

    assert looker.get(end).status_code == looker.post(end, {"reason": "x"}).status_code == 403
    assert "End this session" not in looker.get(end.replace("/end/", "/change/")).text


def test_a_session_that_ended_is_not_ended_again(staff, window, end):
    helper = staff(*HELPER)
    for _time in range(2):
        helper.post(end, {"reason": "Lost phone"})

    assert AuditEvent.objects.count() == 1


def test_one_that_is_gone_is_not_found(staff):
    assert staff(*HELPER).get(f"{URL}nothing/end/").status_code == 404


# Tasks


def test_failed_tasks_are_found_by_who_may_look_at_the_schedule(staff):
    DBTaskResult.objects.create(
        status="FAILED",
        task_path="accountsite.notices.delivery.deliver",
        args_kwargs={"args": [1], "kwargs": {}},
        priority=0,
        backend_name="default",
        exception_class_path="builtins.KeyError",
        traceback="KeyError: <b>",
    )
    url = "/admin/django_tasks_database/dbtaskresult/"
    looker = staff("schedule.view_run")

    listed = looker.get(url, {"status__exact": "FAILED"}).text
    shown = looker.get(f"{url}{DBTaskResult.objects.get().pk}/change/").text

    assert "KeyError" in listed
    assert "KeyError: &lt;b&gt;" in shown


def test_others_do_not_see_tasks(staff):
    looker = staff("notices.view_notice")

    assert looker.get("/admin/django_tasks_database/dbtaskresult/").status_code == 403
