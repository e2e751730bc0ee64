"""Every change leaves a row: written before it, completed after it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from accountsite import origin
from accountsite.audit import actions, fields, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from accountsite.logto import correlation, errors
from accountsite.refusals import Refusal
from tests.conftest import ALICE
from tests.other_process import python

pytestmark = pytest.mark.django_db


class UnableToChange(Refusal):
    pass


def only_event():
    return AuditEvent.objects.get()


def change(error=None):
    with trail.change(Action.PASSWORD_CHANGED, ALICE):
        if error:
            raise error


def test_a_row_stands_before_the_change_is_made():
    with trail.change(Action.PASSWORD_CHANGED, ALICE):
        assert only_event().outcome == Outcome.STARTED
        assert only_event().completed_at is None


def test_a_change_that_was_made_is_done():
    with trail.change(Action.PASSWORD_CHANGED, ALICE) as event:
        pass

    assert event.outcome == only_event().outcome == Outcome.DONE
    assert only_event().completed_at >= only_event().started_at
    assert only_event().reason == ""


def test_an_account_that_is_made_gives_its_row_its_id():
    with trail.change(Action.ACCOUNT_CREATED, "") as event:
        assert (only_event().account_id, only_event().outcome) == ("", Outcome.STARTED)
        event.account_id = ALICE

    assert (only_event().account_id, only_event().outcome) == (ALICE, Outcome.DONE)


def test_our_own_refusal_is_refused_with_its_name():
    with pytest.raises(UnableToChange):
        change(UnableToChange("Choose another one."))

    assert (only_event().outcome, only_event().reason) == (Outcome.REFUSED, "UnableToChange")


def test_logtos_refusal_is_refused_with_its_code():
    with pytest.raises(errors.SamePassword):
        change(errors.refusal(status=422, code="user.same_password"))

    assert (only_event().outcome, only_event().reason) == (Outcome.REFUSED, "user.same_password")


def test_a_refusal_that_explains_logtos_keeps_the_code_of_logtos():
    refusal = UnableToChange("Choose another one.")
    refusal.__cause__ = errors.refusal(status=422, code="user.same_password")

    with pytest.raises(UnableToChange):
        change(refusal)

    assert only_event().reason == "user.same_password"


def test_a_change_without_an_answer_may_have_happened():
    with pytest.raises(errors.Unavailable):
        change(errors.Unavailable("no answer", maybe_done=True))

    assert (only_event().outcome, only_event().reason) == (Outcome.UNKNOWN, "Unavailable")


def test_a_change_that_never_arrived_did_not_happen():
    with pytest.raises(errors.Unavailable):
        change(errors.Unavailable("no connection", maybe_done=False))

    assert only_event().outcome == Outcome.REFUSED


def test_a_failure_of_ours_leaves_it_uncertain():
    with pytest.raises(ZeroDivisionError):
        change(ZeroDivisionError())

    assert (only_event().outcome, only_event().reason) == (Outcome.UNKNOWN, "ZeroDivisionError")


@pytest.mark.django_db(transaction=True)
def test_no_change_is_made_in_a_transaction_that_could_take_the_row_along():
    with transaction.atomic(), pytest.raises(RuntimeError):
        change()

    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_stays_made_when_its_end_cannot_be_written(caplog):
    def broken(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        change()

    assert only_event().outcome == Outcome.STARTED
    assert "stays started" in caplog.text


CRASH = """
import os
from accountsite.audit import trail
from accountsite.audit.actions import Action
with trail.change(Action.PASSWORD_CHANGED, "alice"):
    os._exit(9)
"""
LOOK = """
from accountsite.audit.models import AuditEvent
print(*AuditEvent.objects.values_list("account_id", "action", "outcome"))
"""


def test_a_process_killed_in_the_middle_leaves_a_started_row(tmp_path):
    crashed = python(CRASH, tmp_path / "db.sqlite3")

    assert crashed.returncode == 9, crashed.stderr
    left = python(LOOK, tmp_path / "db.sqlite3").stdout
    assert left.strip() == "('alice', 'password.changed', 'started')"


def test_what_was_begun_long_ago_and_never_ended_is_uncertain():
    long_ago = timezone.now() - timedelta(minutes=6)
    for at in (long_ago, timezone.now()):
        AuditEvent(action=Action.PASSWORD_CHANGED, account_id=ALICE, started_at=at).save()
    trail.record(Action.PASSWORD_CHANGED, ALICE, at=long_ago)

    assert trail.give_up(after=timedelta(minutes=5)) == 1

    ends = AuditEvent.objects.order_by("pk").values_list("outcome", "reason")
    assert list(ends) == [("unknown", "interrupted"), ("started", ""), ("done", "")]


def test_the_row_tells_who_for_whom_from_where_and_in_which_request():
    here = origin.Origin(address="2001:db8::7%eth0", user_agent="curl/8.5.0")

    with origin.bound(here), correlation.bound("request-1"):
        trail.record(Action.PASSWORD_CHANGED, ALICE, actor=trail.admin("dave"))

    event = only_event()
    assert (event.account_id, event.actor_kind, event.actor_id) == (ALICE, "admin", "dave")
    assert (event.address, event.device, event.request_id) == ("2001:db8::7", "curl", "request-1")


def test_the_actor_is_the_person_if_nobody_else_is_named():
    event = trail.record(Action.PASSWORD_CHANGED, ALICE)

    assert (event.actor_kind, event.actor_id) == ("person", ALICE)


def test_what_is_heard_of_later_stands_at_its_own_time():
    at = timezone.now() - timedelta(hours=3)

    trail.record(Action.PASSWORD_RESET, ALICE, actor=trail.LOGTO, at=at)

    assert only_event().started_at == only_event().completed_at == at


def test_an_admin_says_why_in_their_own_words():
    with trail.change(
        Action.ACCOUNT_SUSPENDED, ALICE, actor=trail.admin("dave"), explanation="Asked by phone."
    ):
        pass
    told = [
        trail.record(Action.PASSWORD_RESET, ALICE, explanation="x" * 501),
        trail.refused(Action.PASSWORD_RESET, ALICE, "no", explanation="Not who they said."),
    ]

    assert AuditEvent.objects.get(action="account.suspended").explanation == "Asked by phone."
    assert [event.explanation for event in told] == ["x" * 500, "Not who they said."]


def test_an_address_that_is_none_is_left_out():
    with origin.bound(origin.Origin(address="unix:")):
        assert trail.record(Action.PASSWORD_CHANGED, ALICE).address is None


def test_a_page_tells_its_services_where_it_was_called_from(alice):
    here = []

    def spy(execute, *query):
        here.append(origin.current())
        return execute(*query)

    with connection.execute_wrapper(spy):
        alice.get(
            "/sign-out/", REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "a\x80b" + "c" * 400}
        )

    assert here[0].address == "192.0.2.7"
    assert here[0].user_agent == "ab" + "c" * 298


def test_values_are_kept_masked_and_secrets_not_at_all():
    event = trail.record(
        Action.EMAIL_CHANGED,
        ALICE,
        values={
            "email": ("alice@example.com", "bob@example.org"),
            "phone": (None, "821012345678"),
            "username": ("alice", None),
            "name": ("Al", "A"),
            "passkey": (None, "My key"),
            "password": ("old-secret", "new-secret"),
            "secret": (None, "new-secret"),
            "roles": (fields.HIDDEN, "admin"),
        },
    )

    event.refresh_from_db()
    assert event.changes == {
        "email": ["a•••@example.com", "b•••@example.org"],
        "phone": [None, "•••78"],
        "username": ["a•••", None],
        "name": ["A•••", "•••"],
        "passkey": [None, "My key"],
        "password": ["•••", "•••"],
        "secret": [None, "•••"],
        "roles": ["•••", "admin"],
    }
    assert [field.title for field in event.changed_fields()][:2] == [
        "Email address",
        "Phone number",
    ]


def test_a_refusal_can_be_written_down_where_no_change_was_begun():
    trail.refused(Action.IDENTITY_CONFIRMED, ALICE, "session.invalid_credentials")

    assert only_event().sentence == "Confirmation that it’s you: refused."
    assert only_event().completed_at == only_event().started_at


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_sentence(action):
    with translation.override("en"):
        assert str(actions.SENTENCES[action]).endswith(".")
        assert not action.label.endswith(".")


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.DONE, "Your password was changed."),
        (Outcome.REFUSED, "Password change: refused."),
        (Outcome.STARTED, "Password change: not finished."),
        (Outcome.UNKNOWN, "Password change: uncertain whether it worked."),
    ],
)
def test_the_sentence_tells_how_it_ended(outcome, sentence):
    with translation.override("en"):
        assert AuditEvent(action=Action.PASSWORD_CHANGED, outcome=outcome).sentence == sentence


def test_what_a_newer_version_wrote_stands_as_it_is():
    assert AuditEvent(action="moon.visited", outcome=Outcome.DONE).sentence == "moon.visited"
