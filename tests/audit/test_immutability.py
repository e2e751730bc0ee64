"""What was written stays written: for our code, for admins, and for SQL."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accountsite.audit import pruning, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome, Unalterable
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return trail.record(Action.PASSWORD_CHANGED, ALICE, values={"email": ("a@x.com", None)})


@pytest.fixture
def started():
    event = AuditEvent(action=Action.PASSWORD_CHANGED, account_id=ALICE, actor_kind="person")
    event.save()
    return event


# Through Django


def test_an_event_is_saved_once(event):
    event.outcome = Outcome.REFUSED

    with pytest.raises(Unalterable):
        event.save()


@pytest.mark.parametrize(
    "act",
    [
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(account_id="bob"),
        lambda event: AuditEvent.objects.bulk_update([event], ["account_id"]),
        lambda event: AuditEvent.objects.update_or_create(
            pk=event.pk, defaults={"account_id": "bob"}
        ),
    ],
)
def test_the_model_refuses_to_change_or_delete(event, act):
    with pytest.raises(Unalterable):
        act(event)


# Through SQL, by ways that the model does not see


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


OTHER = {
    "id": 99,
    "started_at": "2020-01-01 00:00:00+00:00",
    "account_id": "bob",
    "actor_kind": "admin",
    "actor_id": "bob",
    "action": "email.changed",
    "outcome": "refused",
    "reason": "else",
    "address": "192.0.2.1",
    "user_agent": "else",
    "request_id": "else",
    "changes": '{"else": []}',
    "explanation": "else",
}
COMPLETION = {"outcome", "completed_at", "reason"}
COLUMNS = [field.column for field in AuditEvent._meta.fields]


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_completed_event_is_edited(event, database_refuses, column):
    value = OTHER.get(column, timezone.now())

    with database_refuses:
        sql(f"UPDATE audit_auditevent SET {column} = %s", value)  # noqa: S608 - our columns


@pytest.mark.parametrize("column", [column for column in COLUMNS if column not in COMPLETION])
def test_the_completion_changes_nothing_else(started, database_refuses, column):
    with database_refuses:
        sql(
            f"UPDATE audit_auditevent SET outcome = %s, completed_at = %s, {column} = %s",  # noqa: S608 - our columns
            "done",
            timezone.now(),
            OTHER[column],
        )


def test_an_event_of_an_account_that_was_not_there_is_completed_with_its_id(database_refuses):
    AuditEvent(action=Action.ACCOUNT_CREATED, account_id="", actor_kind="admin").save()
    complete = "UPDATE audit_auditevent SET outcome = 'done', completed_at = %s, account_id = 'bob'"

    with database_refuses:
        sql(f"{complete}, actor_id = 'bob'", timezone.now())
    assert sql(complete, timezone.now()) == 1
    with database_refuses:
        sql("UPDATE audit_auditevent SET account_id = 'carol'")


def test_a_started_event_is_completed_once(started, database_refuses):
    complete = "UPDATE audit_auditevent SET outcome = %s, completed_at = %s"

    assert sql(complete, "unknown", timezone.now()) == 1
    with database_refuses:
        sql(complete, "done", timezone.now())


@pytest.mark.parametrize(("outcome", "completed_at"), [("started", 1), ("done", None), ("fine", 1)])
def test_a_completion_has_an_end_and_its_time(started, database_refuses, outcome, completed_at):
    with database_refuses:
        sql(
            "UPDATE audit_auditevent SET outcome = %s, completed_at = %s",
            outcome,
            timezone.now() if completed_at else None,
        )


def test_nothing_is_deleted(event, database_refuses):
    with database_refuses:
        sql("DELETE FROM audit_auditevent")


def test_a_plain_manager_does_not_get_round_it(event, database_refuses):
    with database_refuses:
        models.QuerySet(AuditEvent).update(account_id="bob")
    with database_refuses:
        models.QuerySet(AuditEvent).delete()


def test_there_is_no_way_round_the_triggers(event, database_refuses):
    """SQLite replaces rows, PostgreSQL empties tables, without a word to a trigger for deletions."""
    detours = {
        "sqlite": "INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent",
        "postgresql": "TRUNCATE audit_auditevent CASCADE",
    }

    with database_refuses:
        sql(detours[connection.vendor])


# Through the admin


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_an_admin_reads_the_trail(admin, event):
    listed = admin.get("/admin/audit/auditevent/")
    shown = admin.get(f"/admin/audit/auditevent/{event.pk}/change/")

    assert listed.status_code == shown.status_code == 200
    assert "Your password was changed." in listed.text
    assert "a•••@x.com" in shown.text


def test_an_admin_finds_the_events_of_an_account_or_a_request(admin, event):
    assert ALICE in admin.get("/admin/audit/auditevent/", {"q": ALICE}).text
    assert "No events." in admin.get("/admin/audit/auditevent/", {"q": "nobody"}).text


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_an_admin_changes_nothing(admin, event, page):
    response = admin.post(f"/admin/audit/auditevent/{page.format(pk=event.pk)}", {"post": "yes"})

    assert response.status_code == 403
    assert AuditEvent.objects.count() == 1


# Retention


@pytest.mark.parametrize("batch", [1, 500])
def test_prune_audit_forgets_what_is_too_old(settings, clock, monkeypatch, capsys, batch):
    monkeypatch.setattr(pruning, "AT_ONCE", batch)
    settings.AUDIT_DAYS = 30
    for _time in range(3):
        trail.record(Action.PASSWORD_CHANGED, "old")
    clock.shift(timedelta(days=30, seconds=1))
    trail.record(Action.PASSWORD_CHANGED, "new")

    call_command("prune_audit")

    assert [event.account_id for event in AuditEvent.objects.all()] == ["new"]
    assert capsys.readouterr().out == "3 audit events deleted.\n"


def test_after_pruning_nothing_can_be_deleted_again(event, database_refuses):
    assert pruning.forget(before=event.started_at) == 0
    trail.record(Action.PASSWORD_CHANGED, ALICE)
    assert pruning.forget(before=AuditEvent.objects.first().started_at) == 1

    with database_refuses:
        sql("DELETE FROM audit_auditevent")


def test_a_pruning_that_fails_leaves_no_permission_behind(event, database_refuses):
    with pytest.raises(DatabaseError), transaction.atomic(), pruning._allowed():
        sql("DELETE FROM no_such_table")

    with database_refuses:
        sql("DELETE FROM audit_auditevent")
