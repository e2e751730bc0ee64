"""Many accounts at once: from a file or a selection, checked first, then row by row."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accountsite.audit.models import AuditEvent, Outcome
from accountsite.directory import work
from accountsite.directory.models import Job, JobState, Row, RowState
from accountsite.signin import staff
from accountsite.signin.staff import Level
from tests.directory.conftest import ADMIN, LIST, WHY, inspected_admin, newest, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

JOBS = "/admin/directory/job/"
FIVE_HUNDRED = 500
BAD = [
    "not-an-address,,,No At Sign",
    "alice@example.com,,,Taken Address",
    ",12025550123,,Without A Plus",
    ",+12025550123,,Taken Number",
    ",,bob,Taken Username",
    ",,1bad,Bad Username",
    ",,,Nothing To Go By",
    "person1@bulk.example,,,The Same Again",
    f"long@bulk.example,,,{'🦆' * 65}",
    "person2@bulk.example,,,And Once More",
]


def people(count, *more):
    rows = [f"person{number}@bulk.example,,,Person {number}" for number in range(count)]
    return "\r\n".join(["email,phone,username,name", *rows, *more])


@pytest.fixture
def upload(manager, tenant):
    def upload(content, kind="create", client=manager):
        content = content if isinstance(content, bytes) else content.encode()
        file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
        return client.post(f"{JOBS}{kind}/", {"table": file})

    return upload


def start(client, job, **given):
    return client.post(f"{JOBS}{job.pk}/start/", WHY | given)


def outcome(client, job):
    answer = client.get(f"{JOBS}{job.pk}/outcome/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def count_of(tenant, text_):
    answer = tenant.management("GET", "/users", params={"search": f"%{text_}%"})
    return int(answer.headers["Total-Number"])


# Creating


def test_a_dry_run_says_what_is_wrong_with_each_row(manager, upload, tenant):
    response = upload(people(5, *BAD))

    job = Job.objects.get()
    assert response["Location"] == f"{JOBS}{job.pk}/change/"
    page = manager.get(response["Location"])
    problems = inspected_admin(page).select("[aria-labelledby=problems] tbody tr")
    assert len(problems) == len(BAD)
    for said in (
        "Enter an email address",
        "Another account has this email address.",
        "Begin with +",
        "Another account has this phone number.",
        "Another account has this username.",
        "Don’t begin with a number.",
        "Give an email address, a phone number or a username.",
        "The same as in row 3.",
        "an emoji counts as two",
    ):
        assert said in text(page)
    assert 'value="Create 5 accounts"' in page.content.decode()
    assert count_of(tenant, "bulk.example") == 0
    assert job.state == JobState.DRAFT


def test_five_hundred_are_made_and_ten_are_not(manager, upload, tenant):
    upload(people(FIVE_HUNDRED - len(BAD), *BAD))
    job = Job.objects.get()

    start(manager, job, tells="", why_not="They get a letter")

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert count_of(tenant, "bulk.example") == FIVE_HUNDRED - len(BAD)
    rows = outcome(manager, job)
    assert len(rows) == FIVE_HUNDRED
    assert sum(row["outcome"] == "done" for row in rows) == FIVE_HUNDRED - len(BAD)
    assert sum(row["outcome"] == "refused" for row in rows) == len(BAD)
    events = AuditEvent.objects.filter(action="account.created", outcome=Outcome.DONE)
    assert events.count() == FIVE_HUNDRED - len(BAD)
    event = events.first()
    assert (event.actor_id, event.account_id) == (ADMIN, rows[-len(BAD) - 1]["account"])
    assert event.explanation == "They asked on the phone · No mail: They get a letter"
    assert mail.outbox == []


def test_each_person_gets_a_mail_or_an_invitation_with_a_link(manager, upload):
    upload(people(2))

    start(manager, Job.objects.get(), invites="on")

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "person0@bulk.example",
        "person1@bulk.example",
    ]
    assert all("/invitation/?token=" in letter.body for letter in mail.outbox)


def test_nothing_begins_without_a_reason(manager, upload, tenant):
    upload(people(2))

    response = start(manager, Job.objects.get(), reason="")

    assert response.status_code == 422
    assert count_of(tenant, "bulk.example") == 0


def test_it_begins_once(manager, upload, tenant):
    upload(people(2))
    job = Job.objects.get()

    start(manager, job)
    start(manager, job)

    assert count_of(tenant, "bulk.example") == 2
    assert AuditEvent.objects.count() == 2


def test_a_task_that_runs_again_makes_nobody_twice(manager, upload, tenant):
    upload(people(3))
    job = Job.objects.get()
    start(manager, job)
    Job.objects.update(state=JobState.RUNNING)

    work.work(job.pk)

    assert count_of(tenant, "bulk.example") == 3
    assert AuditEvent.objects.count() == 3


def test_a_row_whose_process_died_is_not_made_twice(manager, upload, tenant):
    upload(people(1))
    job = Job.objects.get()
    tenant.management("POST", "/users", json={"primaryEmail": "person0@bulk.example"})
    Job.objects.update(state=JobState.RUNNING)
    long_ago = timezone.now() - timedelta(hours=1)
    Row.objects.update(state=RowState.STARTED, started_at=long_ago)

    work.work(job.pk)

    assert count_of(tenant, "bulk.example") == 1
    assert Row.objects.get().state == RowState.DONE


def test_a_row_that_another_process_works_at_is_left_alone(manager, upload, tenant):
    upload(people(1))
    job = Job.objects.get()
    Job.objects.update(state=JobState.RUNNING)
    Row.objects.update(state=RowState.STARTED, started_at=timezone.now())

    work.work(job.pk)

    assert count_of(tenant, "bulk.example") == 0
    assert Job.objects.get().state == JobState.RUNNING


def test_a_job_whose_process_is_gone_goes_on(manager, upload, tenant):
    upload(people(2))
    quiet = timezone.now() - timedelta(minutes=10)
    Job.objects.update(state=JobState.RUNNING, seen_at=quiet)
    page = manager.get(f"{JOBS}{Job.objects.get().pk}/change/")
    assert "Nothing was heard of it" in text(page)

    assert work.resume_stalled() == 1

    assert Job.objects.get().state == JobState.DONE
    assert count_of(tenant, "bulk.example") == 2


def test_logto_is_waited_for_where_it_asks_to(manager, upload, tenant):
    body = {"code": "request.rate_limited", "message": "-"}
    upload(people(2))
    tenant.faults.add(path="/api/users$", method="POST", status=429, body=body, times=1)
    began = timezone.now()

    start(manager, Job.objects.get())

    assert timezone.now() - began > timedelta(seconds=work.USUAL_WAIT)
    assert count_of(tenant, "bulk.example") == 2


def test_a_row_that_logto_does_not_answer_is_uncertain(manager, upload, tenant):
    upload(people(2))
    tenant.faults.add(path="/api/users$", method="POST", status=503, times=1)

    start(manager, Job.objects.get())

    assert sorted(row["outcome"] for row in outcome(manager, Job.objects.get())) == [
        "done",
        "unknown",
    ]


def test_it_stops_where_an_admin_says_so(manager, upload, tenant):
    upload(people(2))
    job = Job.objects.get()

    manager.post(f"{JOBS}{job.pk}/stop/")
    start(manager, job)

    assert Job.objects.get().state == JobState.STOPPED
    assert count_of(tenant, "bulk.example") == 0


def test_it_stops_where_the_admin_may_no_more(manager, upload, tenant):
    upload(people(2))
    Job.objects.update(state=JobState.RUNNING)
    staff.adjust(ADMIN, Level.HELP)

    work.work(Job.objects.get().pk)

    assert Job.objects.get().state == JobState.STOPPED
    assert count_of(tenant, "bulk.example") == 0


def test_a_page_of_work_under_way_looks_again_by_itself(manager, upload):
    upload(people(2))
    Job.objects.update(state=JobState.RUNNING)
    Row.objects.filter(number=2).update(state=RowState.DONE)

    page = manager.get(f"{JOBS}{Job.objects.get().pk}/change/")

    bar = inspected_admin(page).select_one("progress")
    assert (bar["value"], bar["max"]) == ("1", "2")
    assert page["Refresh"] == "2"


# Files


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file."),
        (b"email,name\r\n", "There is no row below the heading."),
        (b"colour,size\r\nred,10\r\n", "The first row has to name the columns"),
        ("email\r\nm\u00fcller@example.com".encode("latin-1"), "UTF-8"),
        ("email\r\n".encode("utf-16"), "UTF-8"),
        (b"email\r\n" + b"a\0b@example.com", "This is no CSV file."),
        (b"email\r\n" + b"x@example.com\r\n" * 2001, "too many rows"),
        (b"email\r\n" + b"x" * 1_000_000, "too large"),
    ],
)
def test_what_is_no_file_of_people_is_explained(upload, content, said):
    response = upload(content)

    assert response.status_code == 422
    assert said in text(response)
    assert not Job.objects.exists()


def test_no_file_at_all_is_asked_for(manager):
    response = manager.post(f"{JOBS}create/", {})

    assert response.status_code == 422
    assert "Choose a file." in text(response)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffEmail;Name\r\nx@bulk.example;Doe, Jane\r\n",
        "name\temail\nDoe, Jane\tx@bulk.example\n",
        '"E-Mail","Name","Shoe size"\n"x@bulk.example","Doe, Jane","38"\n\n\n',
        '이메일,이름\nx@bulk.example,"Doe, Jane"\n',
    ],
)
def test_files_of_all_spreadsheets_are_read(manager, upload, tenant, content):
    upload(content)

    start(manager, Job.objects.get())

    found = tenant.management("GET", "/users", params={"search": "x@bulk.example"}).json()
    assert [one["name"] for one in found] == ["Doe, Jane"]


def test_what_they_hold_is_sealed_and_forgotten(upload, clock):
    upload(people(1))
    assert b"bulk.example" not in bytes(Row.objects.get().sealed)

    clock.shift(timedelta(days=4))

    assert work.forget_old() == 1
    assert not Row.objects.exists()


# Suspending


def test_a_file_of_accounts_is_suspended(manager, upload, tenant, as_staff):
    alice, dave = tenant.user("alice")["id"], tenant.user("dave")["id"]
    me = as_staff(Level.MANAGE, dave)
    lines = [
        "id,email,username,phone",
        f"{alice},,,",
        ",BOB@example.com,,",
        ",,carol,",
        ",,dave,",
        ",nobody@example.com,,",
        ",,alice,",
    ]
    upload("\n".join(lines), "suspend", me)
    assert Row.objects.get(number=5).state == RowState.REFUSED, "the dry run says so"

    start(me, Job.objects.get())

    found = {row["row"]: row["outcome"] for row in outcome(me, Job.objects.get())}
    assert found == {
        "2": "done",
        "3": "done",
        "4": "skipped",
        "5": "refused",
        "6": "refused",
        "7": "refused",
    }
    assert tenant.user("alice")["isSuspended"]
    assert tenant.user("bob")["isSuspended"]
    assert not tenant.user("dave")["isSuspended"]


def select(client, action, ids, *, across="", query=""):
    sent = {"action": action, "index": "0", "_selected_action": ids, "select_across": across}
    return client.post(f"{LIST}{query}", sent)


def test_a_selection_is_suspended(manager, tenant):
    ids = [tenant.user(name)["id"] for name in ("alice", "bob")]

    response = select(manager, "suspend_selected", ids)
    assert not tenant.user("alice")["isSuspended"], "a page asks first"
    job = Job.objects.get()
    assert response["Location"] == f"{JOBS}{job.pk}/change/"
    start(manager, job, reason="Both left")

    assert tenant.user("alice")["isSuspended"]
    assert tenant.user("bob")["isSuspended"]
    events = AuditEvent.objects.filter(action="account.suspended", explanation="Both left")
    assert events.count() == 2
    assert len(mail.outbox) == 2


def test_nobody_is_selected(manager, tenant):
    response = select(manager, "suspend_selected", [])

    assert response.status_code == 302
    assert not Job.objects.exists()


# Exporting


def test_a_selection_is_exported(manager, tenant):
    ids = [tenant.user(name)["id"] for name in ("alice", "carol")]
    page = select(manager, "export_selected", [*ids, "nobody000001"])
    assert 'value="Export 3 accounts"' in manager.get(page["Location"]).content.decode()

    start(manager, Job.objects.get(), reason="For the yearly review")

    rows = outcome(manager, Job.objects.get())
    assert {row["email"] for row in rows} == {"alice@example.com", "carol@example.com"}
    assert {row["suspended"] for row in rows} == {"yes", "no"}
    assert next(row for row in rows if row["name"] == "Alice Liddell")["phone"] == "12025550123"
    assert (newest().action, newest().explanation) == (
        "accounts.exported",
        "For the yearly review",
    )
    assert newest().changes["accounts"] == [None, "2"]


def test_everybody_that_a_search_finds_is_exported(manager, tenant):
    one = tenant.user("alice")["id"]
    found = count_of(tenant, "example.org")
    select(manager, "export_selected", [one], across="1", query="?q=example.org")
    job = Job.objects.get()
    assert (
        f'value="Export {found} accounts"'
        in manager.get(f"{JOBS}{job.pk}/change/").content.decode()
    )

    start(manager, job)

    rows = outcome(manager, Job.objects.get())
    assert found > 100
    assert len({row["id"] for row in rows}) == len(rows) == found


def test_no_cell_is_a_formula(manager, tenant):
    alice = tenant.user("alice")["id"]
    hostile = '=HYPERLINK("http://evil.test","x")'
    tenant.management("PATCH", f"/users/{alice}", json={"name": hostile})
    select(manager, "export_selected", [alice])

    start(manager, Job.objects.get())

    assert outcome(manager, Job.objects.get())[0]["name"] == f"'{hostile}"


# Who may


@pytest.mark.parametrize("level", [Level.VIEW, Level.HELP])
def test_lesser_roles_select_nothing(as_staff, tenant, level):
    client = as_staff(level, "somebody0001")

    response = select(client, "export_selected", [tenant.user("alice")["id"]])

    assert not Job.objects.exists()
    assert response.status_code in {200, 302, 403}
