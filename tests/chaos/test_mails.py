"""Which changes need a mail, and what counts as lost."""

import pytest

from tests.chaos.records import Notice
from tests.chaos.samples import ZOE, event, judged


def test_a_lost_mail_is_counted() -> None:
    verdict = judged(mailed=set())

    assert verdict.mails_lost == [f"username.changed done, event 1 of {ZOE}: sent"]


def test_a_mail_that_was_never_queued_is_counted() -> None:
    assert len(judged(notices=[]).mails_lost) == 1


def test_of_two_mails_both_must_come() -> None:
    notices = [Notice(id=7, event_id=1, state="sent"), Notice(id=8, event_id=1, state="queued")]

    assert len(judged(notices=notices).mails_lost) == 1


@pytest.mark.parametrize("outcome", ["started", "unknown"])
def test_a_change_whose_end_nobody_saw_is_told_by_mail_too(outcome: str) -> None:
    happened = judged(events=[event(outcome=outcome)], notices=[])
    did_not = judged(events=[event(outcome=outcome)], notices=[], writes=[], acts=[])

    assert len(happened.mails_lost) == 1
    assert did_not.mails_lost == []


def test_a_mail_about_the_same_page_or_the_same_thing_tried_again_tells_of_it() -> None:
    other = event(id=2, action="password.changed")
    again = event(id=2, request_id="page-2")
    told = [Notice(id=7, event_id=2, state="sent")]
    lost = event(outcome="unknown")

    assert judged(events=[event(), other], notices=told).mails_lost == []
    assert judged(events=[lost, again], notices=told).mails_lost == []
    assert len(judged(events=[event(), again], notices=told).mails_lost) == 1
    assert len(judged(events=[lost, again], notices=told, mailed=set()).mails_lost) == 2


def test_what_was_only_heard_of_needs_no_mail_of_ours() -> None:
    assert judged(events=[event(), event(id=2, actor="logto")]).mails_lost == []


def test_a_change_that_is_nobodys_secret_needs_no_mail() -> None:
    assert judged(events=[event(action="profile.changed")], notices=[]).mails_lost == []
