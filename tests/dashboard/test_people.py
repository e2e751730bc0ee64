"""Everything about one person, as far as an admin may see it."""

import pytest

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices.models import Notice
from accountsite.webhooks.models import Delivery
from tests.conftest import ALICE, inspected

pytestmark = pytest.mark.django_db
ALL = ("audit.view_auditevent", "notices.view_notice", "signin.view_session")


def titles(page):
    return [caption.get_text() for caption in page.select(".accountsite-table caption")]


def test_the_trail_mails_sessions_and_deliveries_are_on_one_page(admin, alice):
    event = trail.record(Action.EMAIL_CHANGED, ALICE)
    Notice.objects.create(event=event, recipient="alice@example.com")
    Delivery.objects.create(digest="1", event="PostSignIn", account_id=ALICE, body=b"")
    trail.record(Action.PASSWORD_CHANGED, "bob")

    text = admin.get(f"/admin/person/{ALICE}/").text

    page = inspected(text)
    assert titles(page) == ["Audit trail", "Mails", "Sessions of this site", "What Logto told"]
    assert [len(table.select("tbody tr")) for table in page.select(".accountsite-table")] == [
        1,
        1,
        1,
        1,
    ]
    assert "a•••@example.com" in text
    assert "alice@example.com" not in text
    assert "Your password was changed." not in text


def test_of_somebody_unknown_there_is_nothing(admin):
    page = inspected(admin.get("/admin/person/nobody/").text)

    assert page.get_text().count("Nothing.") == 4


def test_of_many_rows_the_newest_are_shown_and_a_list_of_all(admin):
    for _number in range(26):
        trail.record(Action.EMAIL_CHANGED, ALICE)

    page = inspected(admin.get(f"/admin/person/{ALICE}/").text)

    assert len(page.select_one(".accountsite-table").select("tbody tr")) == 25
    more = page.find("a", string="All of them")["href"]
    assert len(admin.get(more).context["cl"].result_list) == 26


@pytest.mark.parametrize("permission", ALL)
def test_each_part_takes_its_permission(staff, permission):
    assert len(titles(inspected(staff(permission).get(f"/admin/person/{ALICE}/").text))) == 1


def test_who_may_see_nothing_sees_nothing(staff):
    page = inspected(staff("schedule.view_run").get(f"/admin/person/{ALICE}/").text)

    assert titles(page) == []


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(f"/admin/person/{ALICE}/").status_code == 302


@pytest.mark.parametrize("account_id", ["-", "a b", "..%2F", "%3Cb%3E", "x" * 200])
def test_odd_ids_are_text(admin, account_id):
    answer = admin.get(f"/admin/person/{account_id}/")

    assert answer.status_code == 200
    assert "<b>/" not in answer.text
