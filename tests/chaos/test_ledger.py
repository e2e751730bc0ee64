"""Each zero of the table counts what it is there for, and nothing else."""

import pytest

from tests.chaos.records import Event, Said, SignedOut
from tests.chaos.samples import ZOE, act, answer, event, judged, strike, write


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


def test_a_fault_that_no_request_met_did_not_pass() -> None:
    early, other = strike(ended=9.5), strike(meets="POST /profile/avatar/ ")

    assert judged(strikes=[strike()]).unmet == []
    assert judged(strikes=[early]).unmet == ["Logto down: no request was under way in it"]
    assert len(judged(strikes=[other]).unmet) == 1


def test_a_fault_may_be_known_by_its_words_alone() -> None:
    full = strike(meets="GET /profile/ 422 No room")
    taken = [answer(status=422, words="Taken.")]

    assert judged(answers=[answer(status=422, words="No room.")], strikes=[full]).unmet == []
    assert len(judged(answers=taken, strikes=[full]).unmet) == 1


def test_a_fault_that_struck_nothing_did_not_pass() -> None:
    assert judged(strikes=[strike(struck=3)]).is_clean
    assert judged(strikes=[strike(struck=0)]).unmet == ["Logto down: it struck nothing"]


def test_what_denies_what_was_told_is_counted() -> None:
    assert len(judged(denied=["zoe was told so, and it is not so"]).untrue) == 1


def test_what_logto_knows_nothing_of_needs_no_call() -> None:
    assert judged(acts=[act(writes="", fact="")], writes=[]).untrue == []


def test_who_was_signed_out_without_cause_is_counted() -> None:
    out = SignedOut(person="zoe", path="/profile/", sent_to="/sign-in/", at=12.0)

    assert judged(signed_out=[out]).signed_out == ["zoe at /profile/, sent to /sign-in/"]
