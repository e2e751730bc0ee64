"""The trail in Django's admin: found by what is asked for, a page at a time, and taken as a file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accountsite import origin
from accountsite.audit import exporting, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.logto import correlation

pytestmark = pytest.mark.django_db

URL = "/admin/audit/auditevent/"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("logto:dave"))
    return client


def event(account="alice", *, action=Action.PASSWORD_CHANGED, at=None, **about):
    return trail.record(action, account, at=at, **about)


def rows(response):
    """The account of each row of the list, as shown."""
    page = BeautifulSoup(response.text, "html.parser")
    return [cell.get_text(strip=True) for cell in page.select("#result_list .field-account")]


def link(response, words):
    page = BeautifulSoup(response.text, "html.parser")
    found = page.find("a", string=lambda text: text and words in text)
    return URL + found["href"] if found else None


# Finding


def test_events_are_found_by_their_outcome_actor_action_and_time(admin):
    event("old", at=datetime.now(UTC) - timedelta(days=40))
    event("by-admin", actor=trail.admin("dave"))
    event("other", action=Action.EMAIL_CHANGED)
    trail.refused(Action.PASSWORD_CHANGED, "refused", "no")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0).isoformat()

    def found(**query):
        return rows(admin.get(URL, query))

    assert found(outcome__exact="refused") == ["refused"]
    assert found(actor_kind__exact="admin") == ["by-admin"]
    assert found(action__exact="email.changed") == ["other"]
    assert "old" not in found(started_at__gte=today)


def test_events_are_found_by_account_admin_request_and_address(admin):
    event("alice")
    event("bob", actor=trail.admin("dave"))
    with correlation.bound("request-1"):
        event("carol")
    with origin.bound(origin.Origin(address="2001:db8::1")):
        event("erin")

    def found(text):
        return rows(admin.get(URL, {"q": text}))

    assert found("alice") == ["alice"]
    assert found("dave") == ["bob"]
    assert found("request-1") == ["carol"]
    assert found("2001:DB8:0::1") == ["erin"]
    assert found("  alice ") == ["alice"]
    assert found("ali") == found("'; --") == []


def test_who_is_an_admin_and_has_an_account_is_found_as_both(admin):
    event("dave")
    event("bob", actor=trail.admin("dave"))

    assert rows(admin.get(URL, {"q": "dave"})) == ["bob", "dave"]


def test_dates_lead_from_year_to_day_and_back(admin, clock):
    clock.move_to(datetime(2026, 2, 28, 12, tzinfo=UTC))
    event("february")
    clock.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC))
    event("march")
    admin.force_login(User.objects.get())

    march = link(admin.get(URL), "March 2026")
    assert rows(admin.get(march)) == ["march"]
    day = link(admin.get(march), "March 2")
    assert link(admin.get(march), "March 3") is None
    assert rows(admin.get(day)) == ["march"]
    assert rows(admin.get(link(admin.get(day), "March 2026"))) == ["march"]


@pytest.mark.parametrize(
    "query",
    ["older_than=x", "newer_than=9e9-1", "older_than=99999999999999999999-1", "foo=1", "e=1"],
)
def test_an_address_that_nobody_was_given_shows_the_list(admin, query):
    event()

    assert admin.get(f"{URL}?{query}", follow=True).status_code == 200


def test_odd_dates_do_no_harm(admin):
    event()
    for query in ("started_at__year=0", "started_at__year=x", "started_at__year=99999999999"):
        assert admin.get(f"{URL}?{query}", follow=True).status_code == 200
    query = "started_at__year=2026&started_at__month=13"
    assert admin.get(f"{URL}?{query}", follow=True).status_code == 200


# A page at a time


def test_the_list_goes_on_with_what_is_older_and_comes_back(admin):
    same = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(130):
        event(f"a{number:03}", at=same)

    first = admin.get(URL)
    second = admin.get(link(first, "Older"))
    third = admin.get(link(second, "Older"))

    seen = [*rows(first), *rows(second), *rows(third)]
    assert seen == [f"a{number:03}" for number in reversed(range(130))]
    assert link(third, "Older") is None
    assert link(first, "Newer") is None
    assert rows(admin.get(link(third, "Newer"))) == rows(second)
    assert rows(admin.get(link(third, "Newest"))) == rows(first)


def test_filters_stay_while_one_turns_pages(admin):
    for number in range(70):
        event(f"a{number}")
        trail.refused(Action.PASSWORD_CHANGED, f"r{number}", "no")

    second = admin.get(link(admin.get(URL, {"outcome__exact": "refused"}), "Older"))

    assert rows(second) == [f"r{number}" for number in reversed(range(20))]


def test_a_page_counts_nothing_and_skips_nothing(admin):
    event()
    with CaptureQueriesContext(connection) as queries:
        admin.get(URL, {"q": "alice"})

    statements = [query["sql"] for query in queries if "audit_auditevent" in query["sql"]]
    assert not any("COUNT(" in statement or "OFFSET" in statement for statement in statements)


# One event


def test_an_event_shows_why_an_admin_did_it(admin):
    about = event(actor=trail.admin("dave"), explanation="Asked by <b>phone</b>.")

    shown = admin.get(f"{URL}{about.pk}/change/").text

    assert "Asked by &lt;b&gt;phone&lt;/b&gt;." in shown
    assert "/admin/person/alice/" in shown


def test_hostile_ids_are_text(admin):
    hostile = '"><script>/..'
    event(hostile)

    page = admin.get(URL).text

    assert "<script>/.." not in page
    person = BeautifulSoup(page, "html.parser").select_one(".field-account a")["href"]
    assert admin.get(person).status_code in {200, 404}


# As a file


def exported(admin, name="csv", **query):
    text = QueryDict(mutable=True)
    text.update(query)
    response = admin.post(f"{URL}export/{name}/?{text.urlencode()}")
    return response, b"".join(response.streaming_content).decode()


def test_the_filtered_list_becomes_a_table(admin):
    event(values={"email": ("a@x.com", None)}, explanation="Asked, twice")
    event("bob")

    response, text = exported(admin, account_id="alice")

    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["account_id"], row["explanation"]) == ("alice", "Asked, twice")
    assert json.loads(row["changes"]) == {"email": ["a•••@x.com", None]}


def test_the_filtered_list_becomes_json_lines(admin):
    event()
    event("bob")

    _response, text = exported(admin, "jsonl")

    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["account_id"] for line in lines] == ["dave", "bob", "alice"]
    assert set(lines[0]) == set(exporting.COLUMNS)


def test_a_file_holds_every_row_once_however_it_is_cut(admin, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    same = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(10):
        event(f"a{number}", at=same)

    _response, text = exported(admin, "jsonl", outcome__exact="done")

    accounts = [json.loads(line)["account_id"] for line in text.splitlines()]
    assert accounts == ["dave", *(f"a{number}" for number in reversed(range(10)))]


def test_a_spreadsheet_takes_nobodys_text_for_a_formula(admin):
    with origin.bound(origin.Origin(user_agent="=HYPERLINK(1)")):
        event()

    assert "'=HYPERLINK(1)" in exported(admin, account_id="alice")[1]


def test_an_export_stands_in_the_trail(admin):
    exported(admin)

    told = AuditEvent.objects.get()
    assert (told.action, told.actor_kind, told.actor_id) == ("audit.exported", "admin", "dave")


def test_an_export_is_asked_for_by_a_button_and_of_a_known_kind(admin):
    assert admin.get(f"{URL}export/csv/").status_code == 405
    assert admin.post(f"{URL}export/exe/").status_code == 404


# Who may


def test_it_takes_the_permission_to_look(client):
    staff = User.objects.create_user("staff", is_staff=True)
    client.force_login(staff)
    about = event()
    pages = [URL, f"{URL}{about.pk}/change/"]

    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(f"{URL}export/csv/").status_code == 403

    staff.user_permissions.add(Permission.objects.get(codename="view_auditevent"))

    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert client.post(f"{URL}export/csv/").status_code == 200
