"""Mails before a token expires: one for each token that still exists, and for nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from accountsite.audit.models import AuditEvent
from accountsite.logto import tokens
from accountsite.reminders import services as reminders
from accountsite.reminders.models import Reminder
from accountsite.schedule import jobs
from tests.conftest import ALICE, API
from tests.logto import answers
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 24 * 3600 * 1000


@pytest.fixture
def logto(wire):
    """Gives Logto these tokens of alice, and alice herself."""

    def logto(*known, **person):
        wire.upsert("GET", f"{API}/users/{ALICE}/personal-access-tokens", json=list(known))
        wire.upsert("GET", f"{API}/users/{ALICE}", json=user(**person))

    return logto


def token(name="deploy", *, days=30, created=0):
    """One that was created now, or so many milliseconds later."""
    now = int(timezone.now().timestamp() * 1000)
    expires_at = now + days * DAY if days else None
    return answers.personal_access_token(name=name, createdAt=now + created, expiresAt=expires_at)


def remember(*made):
    for each in made:
        reminders.remember(ALICE, tokens.PersonalAccessToken.from_json(each))


def subjects():
    return [letter.subject for letter in mail.outbox]


def test_a_week_before_its_end_its_owner_gets_one_mail(logto, clock):
    deploy = token()
    logto(deploy)
    remember(deploy)

    clock.shift(timedelta(days=22, hours=23))
    assert reminders.send_due() == 0
    clock.shift(timedelta(hours=2))
    assert reminders.send_due() == 1
    clock.shift(timedelta(days=1))
    assert reminders.send_due() == 0

    assert subjects() == ["A personal access token is about to expire"]
    assert mail.outbox[0].to == ["alice@example.com"]
    letter = mail.outbox[0]
    last = datetime.fromtimestamp(deploy["expiresAt"] / 1000, UTC).date().isoformat()
    for text in (letter.body, letter.alternatives[0][0]):
        assert "deploy" in text
        assert last in text
        assert "The program that uses it then stops working." in text
        assert "http://localhost:8000/tokens/" in text
        assert "If this was you" not in text
    event = AuditEvent.objects.get()
    assert (event.action, event.account_id, event.actor_kind) == ("token.expiring", ALICE, "system")


def test_a_short_lived_one_is_told_of_two_days_before(logto, clock):
    week = token(days=7)
    logto(week)
    remember(week)

    clock.shift(timedelta(days=4, hours=23))
    assert reminders.send_due() == 0
    clock.shift(timedelta(hours=2))
    assert reminders.send_due() == 1


def test_the_mail_is_in_the_language_in_which_it_was_created(logto, clock):
    deploy = token()
    logto(deploy)
    with translation.override("ko"), timezone.override("Asia/Seoul"):
        remember(deploy)

    clock.shift(timedelta(days=25))
    reminders.send_due()

    with translation.override("ko"):
        sentence = translation.gettext("A personal access token is about to expire.")
    assert subjects() == [sentence.rstrip(".")]
    assert "Asia/Seoul" in mail.outbox[0].body


def test_one_that_never_expires_is_not_remembered():
    remember(token(days=0))

    assert not Reminder.objects.exists()


def test_one_that_was_removed_meanwhile_is_forgotten(logto, clock):
    remember(token())
    logto(token("another", created=5))

    clock.shift(timedelta(days=25))

    assert reminders.send_due() == 0
    assert not Reminder.objects.exists()


def test_one_that_was_renamed_elsewhere_is_told_of_by_its_new_name(logto, clock):
    deploy = token()
    remember(deploy)
    logto(deploy | {"name": "release"})

    clock.shift(timedelta(days=25))
    reminders.send_due()

    assert "release" in mail.outbox[0].body


def test_several_tokens_of_a_person_are_looked_up_at_once(logto, clock, wire):
    made = [token("one"), token("two", created=1)]
    logto(*made)
    remember(*made)

    clock.shift(timedelta(days=25))

    assert reminders.send_due() == 2
    assert len([call for call in wire.calls if "personal-access" in call.request.url]) == 1


def test_of_somebody_who_is_gone_nothing_is_kept(wire, clock):
    gone = {"status": 404, "json": {"code": "entity.not_found", "message": "no"}}
    wire.get(f"{API}/users/{ALICE}", **gone)
    wire.get(f"{API}/users/{ALICE}/personal-access-tokens", **gone)
    remember(token(), token(created=1))

    clock.shift(timedelta(days=25))

    assert reminders.send_due() == 0
    assert not Reminder.objects.exists()


def test_a_suspended_person_is_not_written_to(logto, clock):
    deploy = token()
    remember(deploy)
    logto(deploy, isSuspended=True)

    clock.shift(timedelta(days=25))

    assert reminders.send_due() == 0
    assert Reminder.objects.get().told_at is None


def test_nobody_is_led_to_a_section_that_there_is_no_more(logto, clock, settings):
    deploy = token()
    remember(deploy)
    logto(deploy)
    settings.TOKENS = False

    clock.shift(timedelta(days=25))

    assert reminders.send_due() == 0


def test_it_waits_while_logto_is_down(logto, clock, wire):
    deploy = token()
    remember(deploy)
    wire.get(f"{API}/users/{ALICE}", status=503)
    wire.get(f"{API}/users/{ALICE}/personal-access-tokens", status=503)

    clock.shift(timedelta(days=25))
    assert reminders.send_due() == 0
    logto(deploy)

    assert reminders.send_due() == 1


def test_after_the_end_nothing_is_kept(clock):
    remember(token())

    clock.shift(timedelta(days=31))

    assert reminders.send_due() == 0
    assert not Reminder.objects.exists()


def test_what_another_process_has_told_is_not_told_again(logto, clock):
    deploy = token()
    logto(deploy)
    remember(deploy)
    mine = Reminder.objects.get()
    Reminder.objects.update(told_at=timezone.now())
    [known] = tokens.of_user(ALICE)

    clock.shift(timedelta(days=25))
    person = reminders.users.get(ALICE)

    assert not reminders._remind(person, known, mine)
    assert subjects() == []


def test_the_worker_does_it():
    assert reminders.send_due in [job.work for job in jobs.JOBS]


def test_a_person_s_reminders_can_be_forgotten():
    remember(token())

    reminders.forget(ALICE)

    assert not Reminder.objects.exists()
