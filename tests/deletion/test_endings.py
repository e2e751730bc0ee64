"""What happens when the days are over."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from accountsite.audit import pruning, trail
from accountsite.audit.actions import SENTENCES, Action
from accountsite.audit.models import AuditEvent
from accountsite.deletion import endings, traces
from accountsite.deletion.models import Deletion, Held, State
from accountsite.notices.models import Notice
from tests.conftest import ALICE
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def awaited():
    """Gives a deletion of alice's account whose days are over."""

    def awaited(**changes):
        now = timezone.now()
        defaults = {
            "due_at": now,
            "next_attempt_at": now,
            "email": "alice@old.example",
            "language": "ko",
            "time_zone": "Asia/Seoul",
        }
        return Deletion.objects.create(account_id=ALICE, **defaults | changes)

    return awaited


def trail_of(account_id: str) -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(account_id=account_id).order_by("pk")
    return list(rows.values_list("action", "outcome", "reason"))


def gone() -> list[tuple[str, str, str]]:
    return trail_of(pruning.pseudonym(ALICE))


def test_one_that_is_not_due_waits(logto, awaited):
    awaited(next_attempt_at=timezone.now() + timedelta(minutes=1))

    assert endings.carry_out_due() == 0
    assert logto.is_there


def test_the_account_goes_and_nothing_is_left(logto, awaited):
    awaited()
    trail.record(Action.PROFILE_CHANGED, ALICE)

    endings.carry_out_due()

    assert not logto.is_there
    assert not Deletion.objects.exists()
    assert trail_of(ALICE) == []
    assert gone() == [("account.deleted", "done", "")]


def test_the_event_that_stays_says_nothing_of_the_person(logto, awaited):
    awaited()

    endings.carry_out_due()

    event = AuditEvent.objects.get()
    assert ALICE not in event.account_id
    assert (event.actor_kind, event.actor_id) == ("system", "")
    assert (event.address, event.user_agent, event.changes) == (None, "", {})


def test_what_she_did_to_others_as_an_admin_stays_theirs(logto, awaited):
    awaited()
    trail.record(Action.PASSWORD_RESET, "bob", actor=trail.admin(ALICE))

    endings.carry_out_due()

    assert trail_of("bob") == [("password.reset", "done", "")]


def test_the_last_mail_goes_to_the_address_of_the_last_day_in_her_language(logto, awaited):
    awaited()
    logto.person = user(primaryEmail="alice@new.example")

    endings.carry_out_due()

    [letter] = mail.outbox
    assert letter.to == ["alice@new.example"]
    assert "(Asia/Seoul)" in letter.body
    with translation.override("ko"):
        assert f"{letter.subject}." == str(SENTENCES[Action.ACCOUNT_DELETED])
    assert "/activity/" not in letter.body + letter.alternatives[0][0]


def test_the_address_goes_with_the_last_mail(logto, awaited):
    awaited()

    endings.carry_out_due()
    endings.carry_out_due()

    assert not Notice.objects.exists()


def test_a_last_mail_that_waits_is_not_lost(logto, awaited, mail_server):
    awaited()
    mail_server(OSError("down"))

    endings.carry_out_due()
    endings.carry_out_due()

    [notice] = Notice.objects.all()
    assert notice.recipient == "alice@example.com"


def test_without_an_address_there_is_no_mail(logto, awaited):
    awaited(email="")
    logto.person = user(primaryEmail=None)

    endings.carry_out_due()

    assert mail.outbox == []
    assert not logto.is_there


def test_an_account_that_somebody_else_deleted_is_forgotten_all_the_same(logto, awaited):
    awaited()
    logto.person = None

    endings.carry_out_due()

    assert "delete" not in logto.calls
    assert gone() == [("account.deleted", "done", "")]
    assert [letter.to for letter in mail.outbox] == [["alice@old.example"]]
    assert not Deletion.objects.exists()


def test_one_that_goes_while_it_is_being_deleted_is_no_failure(logto, awaited):
    awaited()
    logto.before = lambda call: logto.vanishes() if call == "delete" else None

    endings.carry_out_due()

    assert gone() == [("account.deleted", "done", "")]
    assert not Deletion.objects.exists()


def test_a_list_that_is_not_found_does_not_mean_that_the_account_is_gone(logto, awaited):
    """Else a person who is still there would lose what this site keeps of them."""
    awaited()
    trail.record(Action.PROFILE_CHANGED, ALICE)
    logto.missing.add("organizations")

    endings.carry_out_due()

    assert logto.is_there
    assert trail_of(ALICE) == [("profile.changed", "done", "")]
    assert Deletion.objects.get().last_error == "NotFound"


# What comes between


@pytest.mark.parametrize("call", ["get", "organizations", "delete"])
def test_an_outage_is_waited_out(logto, awaited, clock, call):
    awaited()
    logto.down.add(call)

    endings.carry_out_due()
    endings.carry_out_due()

    row = Deletion.objects.get()
    assert row.last_error == "Unavailable"
    assert row.attempts == 1
    assert logto.is_there
    logto.down.clear()
    clock.shift(timedelta(minutes=6))
    endings.carry_out_due()
    assert not logto.is_there
    assert not Deletion.objects.exists()


def test_while_logto_is_silent_the_others_do_not_wait_for_it(logto, awaited):
    awaited()
    for number in range(3):
        now = timezone.now()
        Deletion.objects.create(account_id=f"bob{number}", due_at=now, next_attempt_at=now)
    logto.down.add("get")

    assert endings.carry_out_due() == 1


def test_the_waits_grow_to_a_day_and_never_end(logto, awaited, clock):
    awaited()
    logto.down.add("get")
    for _attempt in range(10):
        endings.carry_out_due()
        clock.shift(timedelta(days=1, minutes=1))

    assert Deletion.objects.get().attempts == 10
    endings.carry_out_due()
    row = Deletion.objects.get()
    assert row.next_attempt_at - timezone.now() > timedelta(hours=23)


def test_who_became_the_last_admin_meanwhile_is_told_once_and_waits(logto, awaited, clock):
    awaited()
    logto.runs("Sailing Club", "bob")

    endings.carry_out_due()
    clock.shift(timedelta(days=1, minutes=1))
    endings.carry_out_due()

    assert logto.is_there
    assert Deletion.objects.get().held == Held.LAST_ADMIN
    assert trail_of(ALICE) == [("account.deleted", "refused", "last_admin")]
    [letter] = mail.outbox
    assert "/privacy/deletion/keep/" in letter.body


def test_it_goes_on_once_somebody_else_runs_it(logto, awaited, clock):
    awaited()
    logto.runs("Sailing Club", "bob")
    endings.carry_out_due()

    logto.organizations["Sailing Club"]["bob"] = ["r-admin"]
    clock.shift(timedelta(days=1, minutes=1))
    endings.carry_out_due()

    assert not logto.is_there


def test_an_organization_of_her_own_holds_nothing(logto, awaited):
    awaited()
    logto.runs("Solo")

    endings.carry_out_due()

    assert not logto.is_there


def test_a_suspended_account_stays_and_gets_its_days_again(logto, awaited, clock):
    """While it is suspended, its owner can't sign in to keep it; a thief may have asked."""
    awaited()
    logto.person = user(isSuspended=True)
    endings.carry_out_due()
    assert Deletion.objects.get().held == Held.SUSPENDED
    assert mail.outbox == []

    logto.person = user()
    clock.shift(timedelta(days=1, minutes=1))
    endings.carry_out_due()

    row = Deletion.objects.get()
    assert logto.is_there
    assert row.held == ""
    assert row.due_at - timezone.now() > timedelta(days=6)
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    clock.shift(timedelta(days=7, minutes=1))
    endings.carry_out_due()
    assert not logto.is_there


def test_one_that_is_kept_at_the_last_moment_is_kept(logto, awaited):
    """Between the look at Logto and the deletion there."""
    awaited()
    logto.before = lambda call: Deletion.objects.all().delete() if call == "get" else None

    endings.carry_out_due()

    assert logto.is_there
    assert "delete" not in logto.calls


def test_two_at_once_delete_it_once(logto, awaited):
    row = awaited()
    endings.carry_out.call(row.pk)
    endings.carry_out.call(row.pk)

    assert logto.calls.count("delete") == 1
    assert len(gone()) == 1


def test_of_two_who_take_the_same_row_one_goes_on(logto, awaited):
    one, other = awaited(), Deletion.objects.get()

    assert one.claimed()
    assert not other.claimed()


def test_one_trace_that_resists_keeps_none_of_the_others(logto, awaited, monkeypatch, clock):
    awaited()
    trail.record(Action.PROFILE_CHANGED, ALICE)
    monkeypatch.setattr(traces, "TRACES", (f"{__name__}.resist", *traces.TRACES))
    RESISTS.set()

    endings.carry_out_due()

    assert trail_of(ALICE) == []
    assert Deletion.objects.get().state == State.GONE
    RESISTS.clear()
    clock.shift(timedelta(minutes=6))
    endings.carry_out_due()
    assert not Deletion.objects.exists()
    assert len(mail.outbox) == 1


RESISTS = threading.Event()


def resist(account_id: str) -> None:
    if RESISTS.is_set():
        raise OSError("the disk")
