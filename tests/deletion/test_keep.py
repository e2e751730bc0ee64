"""Keeping an account after all."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountsite.audit.models import AuditEvent
from accountsite.deletion.models import Deletion, Held, State
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db(transaction=True)

KEEP = "/privacy/deletion/keep/"


@pytest.fixture
def awaited():
    """Gives a deletion of somebody's account that is due in three days."""

    def awaited(account_id=ALICE, **changes):
        due_at = timezone.now() + timedelta(days=3)
        defaults = {"due_at": due_at, "next_attempt_at": due_at, "email": "alice@example.com"}
        return Deletion.objects.create(account_id=account_id, **defaults | changes)

    return awaited


def banner(page):
    return page.find("aside", class_="banner")


def test_every_page_says_that_the_account_is_about_to_be_deleted(alice, awaited, browse):
    awaited()

    found = banner(browse(alice, "/sign-out/"))

    assert "Your account will be deleted on" in found.text
    assert found.find("a")["href"] == KEEP


def test_nobody_elses_page_does(alice, awaited, browse):
    awaited("bob000000001")

    assert banner(browse(alice, "/sign-out/")) is None


def test_the_pages_without_anybody_do_not(client, awaited, browse):
    awaited()

    assert banner(browse(client, "/signed-out/")) is None


def test_it_costs_a_page_one_query(alice):
    alice.get("/sign-out/")

    with CaptureQueriesContext(connection) as queries:
        alice.get("/sign-out/")

    asked = [query["sql"] for query in queries if "deletion_deletion" in query["sql"]]
    assert len(asked) == 1


def test_the_link_of_the_mail_asks_first(alice, awaited, browse):
    awaited()

    page = browse(alice, KEEP)

    assert page.find("form", action=KEEP)
    assert Deletion.objects.exists()


def test_who_is_signed_out_comes_to_it_after_signing_in(client, db):
    answer = client.get(KEEP)

    assert unquote(answer.headers["Location"]) == f"/sign-in/?next={KEEP}"


def test_it_is_kept(alice, awaited):
    awaited()

    answer = alice.post(KEEP)

    assert answer.status_code == 303
    assert not Deletion.objects.exists()
    [event] = AuditEvent.objects.all()
    assert (event.action, event.outcome) == ("deletion.canceled", "done")
    assert [letter.subject for letter in mail.outbox] == [
        "Your account is kept: its deletion was canceled"
    ]


def test_an_address_that_came_since_is_told_too(alice, awaited):
    awaited(email="alice@old.example")

    alice.post(KEEP)

    assert {letter.to[0] for letter in mail.outbox} == {"alice@old.example", "alice@example.com"}


def test_only_ones_own_is_kept(alice, awaited):
    awaited("bob000000001")

    alice.post(KEEP)

    assert Deletion.objects.filter(account_id="bob000000001").exists()
    assert not AuditEvent.objects.exists()


def test_where_there_is_nothing_to_keep_the_page_says_so(alice, browse):
    page = browse(alice, KEEP)

    assert "Your account is not about to be deleted" in page.text
    assert alice.post(KEEP).status_code == 303


@pytest.mark.parametrize("state", [State.LEAVING, State.GONE])
def test_it_can_be_too_late(alice, awaited, browse, state):
    awaited(state=state)

    alice.post(KEEP)

    assert Deletion.objects.exists()
    [event] = AuditEvent.objects.all()
    assert (event.action, event.outcome) == ("deletion.canceled", "refused")
    page = browse(alice, "/privacy/deletion/")
    assert "It is too late: your account is being deleted." in page.text
    assert banner(browse(alice, "/sign-out/")).find("a") is None


def test_the_page_says_what_it_waits_for(alice, awaited, browse):
    awaited(held=Held.LAST_ADMIN)

    assert "you are the only admin of an organization" in browse(alice, "/privacy/deletion/").text


def test_a_page_asks_once_whether_there_is_one_and_hears_at_once_that_there_is_not(
    alice, awaited, browse
):
    awaited()

    with CaptureQueriesContext(connection) as queries:
        assert banner(browse(alice, "/sign-out/"))

    assert sum("deletion_deletion" in query["sql"] for query in queries) == 1
    alice.post(KEEP)
    assert banner(browse(alice, "/sign-out/")) is None
