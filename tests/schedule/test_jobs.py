"""Jobs come round again: each in one process at a time, whatever happened to the others."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.limits import attempts
from accountsite.limits.models import Counter
from accountsite.limits.rules import Kind
from accountsite.notices import delivery
from accountsite.notices.models import Notice
from accountsite.schedule import clock as schedule
from accountsite.schedule import jobs
from accountsite.schedule.models import LEASE, Run
from accountsite.signin.models import EndReason, Session
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def runs(monkeypatch):
    """What was run, of two jobs; the first one fails when it is told to."""
    runs = []

    def first():
        runs.append("first")
        if runs.count("fail"):
            raise ZeroDivisionError

    monkeypatch.setattr(
        jobs,
        "JOBS",
        (
            jobs.Job("first", first, HOUR),
            jobs.Job("second", lambda: runs.append("second"), 2 * HOUR),
        ),
    )
    return runs


def test_a_new_job_is_run_at_once(runs):
    schedule.run_due()

    assert runs == ["first", "second"]


def test_a_job_is_run_again_when_its_time_has_come(runs, clock):
    schedule.run_due()
    clock.shift(HOUR - timedelta(seconds=5))
    assert schedule.run_due() == []
    clock.shift(timedelta(seconds=6))

    assert schedule.run_due() == ["first"]


def test_a_job_that_another_process_runs_is_left_alone(runs):
    assert Run.claimed("first")

    assert schedule.run_due() == ["second"]


def test_two_processes_that_look_at_once_do_not_both_run_it(runs):
    def other_process_is_quicker(execute, sql, *query):
        if sql.startswith("UPDATE") and not taken:
            taken.append(True)
            assert Run.claimed("first")
        return execute(sql, *query)

    taken = []
    with connection.execute_wrapper(other_process_is_quicker):
        assert not Run.claimed("first")


def test_a_job_whose_process_was_killed_is_taken_over(runs, clock):
    assert Run.claimed("first")
    clock.shift(LEASE + timedelta(seconds=1))

    assert "first" in schedule.run_due()


def test_a_job_that_fails_keeps_no_other_from_running_and_is_tried_again(runs, clock, caplog):
    runs.append("fail")

    assert schedule.run_due() == ["first", "second"]
    assert Run.objects.get(job="first").error == "ZeroDivisionError"
    assert "job failed: first" in caplog.text
    runs.remove("fail")
    clock.shift(HOUR + timedelta(seconds=1))
    schedule.run_due()
    assert Run.objects.get(job="first").error == ""


def test_admins_see_when_jobs_ran(runs, client):
    schedule.run_due()
    client.force_login(User.objects.create_superuser("root"))

    listed = client.get("/admin/schedule/run/")

    assert "second" in listed.text


# The jobs that there are


def test_names_of_jobs_are_theirs_alone():
    names = [job.name for job in jobs.JOBS]

    assert len(names) == len(set(names))


def test_what_is_too_old_goes(clock, settings):
    settings.AUDIT_DAYS = 90
    event = trail.record(Action.PASSWORD_CHANGED, ALICE)
    delivery.announce(event, "a@example.com")
    attempts.count(Kind.PASSWORD, account=ALICE)
    Session.objects.create(
        pk="old", payload=b"", ended_at=timezone.now(), end_reason=EndReason.SIGNED_OUT
    )
    schedule.run_due()
    assert (Notice.objects.count(), Counter.objects.count(), Session.objects.count()) == (1, 2, 1)

    clock.shift(timedelta(days=31))
    schedule.run_due()

    assert (Notice.objects.count(), Counter.objects.count(), Session.objects.count()) == (0, 0, 0)
    assert AuditEvent.objects.count() == 1
    clock.shift(timedelta(days=60))
    schedule.run_due()
    assert AuditEvent.objects.count() == 0
