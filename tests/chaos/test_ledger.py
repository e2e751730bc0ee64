"""Each zero of the table counts what it is there for, and nothing else."""

from typing import Any

import pytest

from tests.chaos import ledger
from tests.chaos.ledger import Evidence, Write
from tests.chaos.records import Act, Answer, Event, Notice, Outage, Record, Said, SignedOut

ZOE = "zoe000000001"
RENAMING = r"PATCH /api/users/[^/]+$"


def act(**facts: Any) -> Act:
    """Zoe changed her name, and was told so."""
    given: dict[str, Any] = {
        "person": "zoe",
        "account_id": ZOE,
        "name": "name",
        "writes": RENAMING,
        "fact": "name",
        "value": "Zoe Two",
        "said": Said.DONE,
        "request_ids": ["page-1"],
    }
    return Act(**given | facts)


def write(**facts: Any) -> Write:
    """Logto did it."""
    given = {"method": "PATCH", "path": f"/api/users/{ZOE}", "request_id": "page-1"}
    return Write(**given | facts)


def event(**facts: Any) -> Event:
    """The trail has it."""
    given: dict[str, Any] = {
        "id": 1,
        "account_id": ZOE,
        "action": "username.changed",
        "outcome": "done",
        "request_id": "page-1",
    }
    return Event(**given | facts)


def answer(**facts: Any) -> Answer:
    """A page that the site served."""
    given: dict[str, Any] = {
        "person": "zoe",
        "method": "GET",
        "path": "/profile/",
        "status": 200,
        "began": 10.0,
        "ended": 11.0,
        "request_id": "page-1",
    }
    return Answer(**given | facts)


def judged(**parts: Any) -> ledger.Verdict:
    """The verdict on a run in which all went well, but for these parts."""
    record = Record(
        answers=parts.pop("answers", [answer()]),
        acts=parts.pop("acts", [act()]),
        signed_out=parts.pop("signed_out", []),
        outages=parts.pop("outages", []),
    )
    given: dict[str, Any] = {
        "writes": [write()],
        "events": [event()],
        "notices": [Notice(id=7, event_id=1, state="sent")],
        "mailed": {7},
        "found": {(ZOE, "name"): "Zoe Two"},
    }
    return ledger.judge(Evidence(record=record, **given | parts))


def test_a_run_in_which_all_went_well_is_clean() -> None:
    verdict = judged()

    assert verdict.is_clean
    assert (verdict.pages, verdict.refusals, verdict.done) == (1, 0, 1)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [event(request_id="page-2")],
        [event(account_id="another")],
        [event(outcome="refused")],
    ],
)
def test_a_change_without_a_row_that_stands_for_it_is_counted(rows: list[Event]) -> None:
    verdict = judged(events=rows, notices=[])

    assert len(verdict.unaudited) == 1


@pytest.mark.parametrize("outcome", ["started", "unknown"])
def test_a_row_without_an_end_stands_for_a_change(outcome: str) -> None:
    assert judged(events=[event(outcome=outcome)]).unaudited == []


def test_a_change_that_no_page_asked_for_needs_a_row_too() -> None:
    verdict = judged(writes=[write(), write(request_id="")])

    assert len(verdict.unaudited) == 1


def test_what_changes_nothing_and_what_others_do_needs_no_row() -> None:
    verdict = judged(
        writes=[
            write(),
            write(method="POST", path="/api/verification-codes", request_id="page-2"),
            write(request_id="", user_agent="python-requests"),
        ]
    )

    assert verdict.unaudited == []


def test_a_call_that_nobody_thought_of_counts_as_a_change() -> None:
    verdict = judged(writes=[write(), write(method="POST", path=f"/api/users/{ZOE}/something")])

    assert verdict.unaudited == []
    assert len(judged(writes=[write(path="/api/anything", request_id="x")]).unaudited) == 1


def test_what_was_told_and_never_asked_of_logto_is_counted() -> None:
    verdict = judged(writes=[], found={(ZOE, "name"): "Zoe"}, acts=[act()])

    assert len(verdict.untrue) == 2  # neither asked for, nor there


def test_what_an_earlier_try_did_may_be_told_as_done() -> None:
    lost = act(said=Said.UNCERTAIN, fact="", request_ids=["page-1"])
    told = act(fact="", request_ids=["page-2"])

    assert judged(acts=[lost, told]).untrue == []
    assert len(judged(acts=[told]).untrue) == 1
    assert len(judged(acts=[told, lost]).untrue) == 1  # a later one does not help


def test_another_value_than_the_last_one_told_is_counted() -> None:
    assert len(judged(found={(ZOE, "name"): "Zoe"}).untrue) == 1


def test_where_a_lost_try_may_come_late_nobody_knows_what_is_there() -> None:
    lost = act(said=Said.UNCERTAIN, value="Zoe Three")

    assert judged(acts=[lost, act()], found={(ZOE, "name"): "Zoe Three"}).untrue == []


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


def test_an_error_of_ours_is_counted_however_well_it_is_told() -> None:
    told = answer(status=500, words="Something went wrong.")

    assert len(judged(answers=[told]).unexplained) == 1


@pytest.mark.parametrize("status", [403, 422, 429, 503])
def test_a_refusal_is_one_only_with_words(status: int) -> None:
    explained = judged(answers=[answer(status=status, words="Try again in a moment.")])
    silent = judged(answers=[answer(status=status)])

    assert (explained.refusals, explained.unexplained) == (1, [])
    assert (silent.refusals, len(silent.unexplained)) == (0, 1)


def test_no_answer_at_all_is_counted() -> None:
    assert len(judged(answers=[answer(status=0)]).unexplained) == 1


def test_a_change_is_cut_off_only_by_a_kill_meanwhile() -> None:
    lost = answer(method="POST", status=502)

    during = judged(answers=[lost], outages=[Outage(site="a", began=10.5, ended=20.0)])
    before = judged(answers=[lost], outages=[Outage(site="a", began=2.0, ended=20.0)])

    assert (len(during.cut_off), during.unexplained, during.is_clean) == (1, [], True)
    assert (before.cut_off, len(before.unexplained)) == ([], 1)


def test_what_only_reads_is_cut_off_only_where_every_process_is_gone() -> None:
    lost = answer(status=502)
    one, other = Outage(site="a", began=9.0, ended=12.0), Outage(site="b", began=10.5, ended=12.0)

    assert len(judged(answers=[lost], outages=[one]).unexplained) == 1
    assert judged(answers=[lost], outages=[one, other]).unexplained == []


def test_half_an_answer_is_cut_off_by_a_kill_meanwhile() -> None:
    half = answer(status=0)

    assert judged(answers=[half], outages=[Outage(site="a", began=10.5, ended=20.0)]).is_clean
    assert not judged(answers=[half], outages=[Outage(site="a", began=2.0, ended=20.0)]).is_clean


def test_an_error_of_ours_is_never_cut_off() -> None:
    kill = Outage(site="a", began=10.5, ended=20.0)

    assert len(judged(answers=[answer(method="POST", status=500)], outages=[kill]).unexplained) == 1


def test_who_was_signed_out_without_cause_is_counted() -> None:
    out = SignedOut(person="zoe", path="/profile/", sent_to="/sign-in/", at=12.0)

    assert judged(signed_out=[out]).signed_out == ["zoe at /profile/, sent to /sign-in/"]
