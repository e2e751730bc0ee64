"""Changes of which no mail was queued are told of all the same, by a job."""

from datetime import timedelta

import pytest
import responses
from django.core import mail
from django.utils import timezone

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from accountsite.logto import correlation
from accountsite.notices import delivery, missed
from tests.conftest import ALICE, API
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def logto(wire) -> responses.BaseResponse:
    """Tells who alice is; her profile is in Korean."""
    known = user(primaryEmail="alice@example.com", profile={"locale": "ko-KR"})
    return wire.get(f"{API}/users/{ALICE}", json=known)


def happened(action=Action.PASSWORD_CHANGED, outcome=Outcome.DONE, *, ago=LONG_AGO, **facts):
    """A row of the trail, of which nobody was told."""
    event = AuditEvent(
        action=action,
        account_id=ALICE,
        actor_kind=facts.pop("actor_kind", "person"),
        outcome=outcome,
        started_at=timezone.now() - ago,
        **facts,
    )
    event.save()
    return event


def test_a_change_that_was_not_told_is_told_in_the_persons_language():
    happened()

    assert missed.tell() == 1
    assert missed.tell() == 0

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["alice@example.com"], "비밀번호가 변경되었습니다")
    ]


@pytest.mark.parametrize("outcome", [Outcome.STARTED, Outcome.UNKNOWN])
def test_of_one_that_may_have_happened_the_mail_says_so(outcome, wire):
    wire.replace(responses.GET, f"{API}/users/{ALICE}", json=user(profile={}))
    happened(outcome=outcome)

    missed.tell()

    [letter] = mail.outbox
    assert letter.subject == "Password change: uncertain whether it worked"
    assert AuditEvent.objects.get().outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": Outcome.REFUSED},
        {"action": Action.PROFILE_CHANGED},
        {"actor_kind": "admin"},
        {"ago": timedelta(minutes=1)},
        {"ago": timedelta(days=3)},
    ],
)
def test_nothing_is_told_of_what_needs_no_mail_or_may_still_get_one(facts, logto):
    happened(**facts)

    assert missed.tell() == 0
    assert (logto.call_count, mail.outbox) == (0, [])


def test_what_a_clock_that_is_ahead_wrote_is_told_when_its_time_has_come():
    happened(ago=-timedelta(minutes=2))

    assert missed.tell() == 0
    assert missed.tell(settled=-timedelta(minutes=5)) == 1


def test_what_was_told_is_not_told_again(logto):
    delivery.announce(happened(), "alice@example.com")

    assert missed.tell() == 0
    assert len(mail.outbox) == 1


def test_the_mail_about_another_part_of_the_same_page_is_enough(logto):
    with correlation.bound("page-1"):
        delivery.announce(trail.record(Action.PASSWORD_CHANGED, ALICE), "alice@example.com")
    happened(Action.TWO_STEP_TURNED_ON, request_id="page-1")

    assert (missed.tell(), logto.call_count) == (0, 0)


def test_of_a_change_that_ended_sessions_too_the_mail_tells_the_change():
    happened(request_id="page-1")
    happened(Action.SESSIONS_ENDED, request_id="page-1", ago=LONG_AGO - timedelta(seconds=1))

    assert missed.tell() == 1

    [letter] = mail.outbox
    assert letter.subject == "비밀번호가 변경되었습니다"


@pytest.mark.parametrize(
    "action",
    [
        Action.EXPORT_REQUESTED,
        Action.INVITATION_DECLINED,
        Action.TRUSTED_DEVICE_REMOVED,
        Action.DELETION_SCHEDULED,
        Action.SESSIONS_ENDED,
    ],
)
def test_whatever_a_page_mails_about_is_told_if_the_page_could_not(action):
    happened(action)

    assert missed.tell() == 1


def test_what_was_tried_again_and_told_is_enough(logto):
    happened(outcome=Outcome.UNKNOWN)
    delivery.announce(happened(ago=timedelta(minutes=8)), "alice@example.com")

    assert (missed.tell(), logto.call_count) == (0, 0)


def test_who_has_no_address_or_is_gone_is_looked_up_once(wire):
    wire.replace(responses.GET, f"{API}/users/{ALICE}", json=user(primaryEmail=None))
    happened()

    assert [missed.tell(), missed.tell()] == [0, 0]

    assert len([call for call in wire.calls if ALICE in call.request.url]) == 1


def test_while_logto_is_down_it_waits(wire):
    wire.replace(responses.GET, f"{API}/users/{ALICE}", status=503)
    happened()
    assert missed.tell() == 0

    known = user(primaryEmail="alice@example.com")
    wire.replace(responses.GET, f"{API}/users/{ALICE}", json=known)

    assert missed.tell() == 1
