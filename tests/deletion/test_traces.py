"""Nothing that this site keeps of a person outlives their account."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User as Staff
from django.db import models
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from accountsite import avatars
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.deletion import services, traces
from accountsite.deletion.models import Deletion, State
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.notices import delivery
from accountsite.notices.models import Notice
from accountsite.signin import services as signin
from accountsite.signin import staff
from accountsite.signin.models import EndReason, Session
from tests.conftest import ALICE
from tests.profile import pictures

pytestmark = pytest.mark.django_db(transaction=True)

BOB = "bob000000001"
MODELS = [
    model
    for model in apps.get_models()
    if any(field.name == "account_id" for field in model._meta.concrete_fields)
]


def test_there_are_tables_about_people():
    assert {AuditEvent, Deletion} <= set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_with_an_account_in_it_forgets_the_account(model):
    """A new table needs a `forget` in its package, and its name among deletion.traces.TRACES."""
    for account_id in (ALICE, BOB):
        row_of(model, account_id).save()

    services.forget_locally(ALICE)
    services.forget_locally(ALICE)

    left = list(model._default_manager.exclude(account_id="").values_list("account_id", flat=True))
    assert left == [BOB]
    if model is not Session:  # of which one thing stays, see below
        assert model._default_manager.count() == 1


@pytest.mark.parametrize("name", traces.TRACES)
def test_who_left_no_trace_is_no_trouble(name):
    import_string(name)("nobody00000x")
    import_string(name)("")


def test_her_pictures_go_and_nobody_elses(db):
    for account_id in (ALICE, ALICE, BOB):
        avatars.keep(b"a picture", account_id=account_id)

    services.forget_locally(ALICE)

    assert len(pictures.kept()) == 1


def test_her_browsers_open_nothing_any_more_and_are_told_why(alice):
    alice.get("/profile/")
    services.forget_locally(ALICE)

    assert "reason=gone" in alice.get("/sign-out/")["Location"]
    (left,) = Session.objects.filter(end_reason=EndReason.GONE)
    assert (left.account_id, left.logto_sid, left.address, left.user_agent) == ("", "", None, "")
    assert bytes(left.payload) == b""


def test_her_row_among_the_staff_goes():
    for account_id in (ALICE, BOB):
        Staff.objects.create(username=staff.username_of(account_id), email=f"{account_id}@x.com")

    services.forget_locally(ALICE)

    assert [each.email for each in Staff.objects.all()] == [f"{BOB}@x.com"]


def test_what_was_counted_for_her_is_forgotten():
    for _attempt in range(5):
        attempts.count(Kind.PASSWORD, account=ALICE)
        attempts.count(Kind.PASSWORD, account=BOB)

    services.forget_locally(ALICE)

    assert attempts.wait(Kind.PASSWORD, account=ALICE) == 0
    assert attempts.wait(Kind.PASSWORD, account=BOB) > 0


def test_tasks_that_were_given_her_id_go():
    """A task's arguments are stored with its result."""
    for account_id in (ALICE, BOB):
        DBTaskResult.objects.create(
            args_kwargs={"args": [account_id, ""], "kwargs": {}},
            backend_name="default",
            run_after=timezone.now(),
            status=TaskResultStatus.SUCCESSFUL,
        )

    services.forget_locally(ALICE)

    assert [each.args_kwargs["args"][0] for each in DBTaskResult.objects.all()] == [BOB]


def test_mails_about_her_changes_go_with_their_addresses():
    for account_id in (ALICE, BOB):
        event = trail.record(Action.PROFILE_CHANGED, account_id)
        delivery.announce(event, f"{account_id}@example.com")

    services.forget_locally(ALICE)

    assert [notice.recipient for notice in Notice.objects.all()] == [f"{BOB}@example.com"]


def test_a_deletion_that_is_under_way_ends_by_itself():
    """Our own deletion at Logto comes back to us as a webhook, before the last mail is written."""
    row_of(Deletion, ALICE, state=State.LEAVING).save()

    services.forget_locally(ALICE)

    assert Deletion.objects.get().account_id == ALICE


def test_sessions_of_nobody_are_nobodys(client):
    store = signin.session_store.SessionStore()
    store["a"] = "draft"
    store.save()

    services.forget_locally("")

    assert store.exists(store.session_key)


def row_of(model: type[models.Model], account_id: str, **values: Any) -> models.Model:
    """A row about somebody; what it needs besides is made up by type."""
    for field in model._meta.concrete_fields:
        if field.name in values or field.has_default() or field.null or field.blank:
            continue
        values[field.name] = _made_up(field, account_id)
    return model(**values | {"account_id": account_id})


def _made_up(field: models.Field, account_id: str) -> Any:
    if isinstance(field, models.ForeignKey):
        return field.related_model.objects.create()
    if field.choices:
        return field.flatchoices[0][0]
    made = {
        models.AutoField: None,
        models.DateTimeField: timezone.now(),
        models.IntegerField: 1,
        models.BinaryField: b"",
        models.JSONField: {},
        models.BooleanField: False,
        models.CharField: account_id[: field.max_length],
    }
    return next(value for kind, value in made.items() if isinstance(field, kind))
