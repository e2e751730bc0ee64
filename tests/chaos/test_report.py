"""What a run tells at its end."""

from tests.chaos import ledger, report
from tests.chaos.records import Record
from tests.chaos.samples import act, answer, strike
from tests.chaos.truth import Evidence


def told(record: Record) -> str:
    """The table about it."""
    evidence = Evidence(record=record, writes=[], events=[], notices=[], mailed=set())
    verdict = ledger.judge(evidence)
    return report.table(report.figures(evidence, verdict, seed=1), verdict)


def test_of_each_fault_it_tells_how_often_it_came_and_whom_it_met() -> None:
    strikes = [strike(struck=2), strike(struck=3), strike(name="disk full", meets="POST ")]
    record = Record(answers=[answer(), answer(method="POST")], strikes=strikes)

    table = told(record)

    assert "| Logto down | 2 | 4 | 5 |" in table
    assert "| disk full | 1 | 1 | – |" in table


def test_it_tells_in_which_words_people_were_refused() -> None:
    refused = [answer(status=429, words=f"Wait {each} s.") for each in (1, 20)]

    assert "| 429 Wait … s. | 2 |" in told(Record(answers=refused))


def test_it_tells_what_was_done_and_what_is_wrong() -> None:
    table = told(Record(answers=[answer(status=500)], acts=[act()]))

    assert "Done: name (1)." in table
    assert "| **unexplained errors** | 1 |" in table
    assert "unexplained errors:\n- GET /profile/: 500 after 1.0 s to zoe" in table
