"""Which answers count as errors: those without words, and words without a reason."""

import pytest

from tests.chaos.records import Answer, Outage
from tests.chaos.samples import answer, judged, strike


def test_an_error_of_ours_is_counted_however_well_it_is_told() -> None:
    told = answer(status=500, words="Something went wrong.")

    assert len(judged(answers=[told]).unexplained) == 1


@pytest.mark.parametrize("status", [403, 422, 429])
def test_a_refusal_is_one_only_with_words(status: int) -> None:
    explained = judged(answers=[answer(status=status, words="Try again in a moment.")])
    silent = judged(answers=[answer(status=status)])

    assert (explained.refusals, explained.unexplained) == (1, [])
    assert (silent.refusals, len(silent.unexplained)) == (0, 1)


@pytest.mark.parametrize(
    "lost",
    [answer(status=503, words="No."), answer(path="/sign-in/callback/", status=400, words="No.")],
)
def test_what_blames_others_needs_a_reason_at_that_time(lost: Answer) -> None:
    fault = strike(explains=r"503 |\d+ /sign-in/callback/$")
    fresh, long_ago = strike(began=2.0, ended=8.0), strike(began=2.0, ended=6.0)

    assert judged(answers=[lost], strikes=[fault]).is_clean
    assert len(judged(answers=[lost]).unexplained) == 1
    assert len(judged(answers=[lost], strikes=[strike(explains="(?!)")]).unexplained) == 1
    for late, count in ((fresh, 0), (long_ago, 1)):
        late.explains = fault.explains
        assert len(judged(answers=[lost], strikes=[late]).unexplained) == count


def test_a_machine_that_stands_still_is_a_reason() -> None:
    away = answer(status=503, words="Try again in a moment.")

    assert judged(answers=[away], stalls=[strike()]).is_clean


def test_no_answer_at_all_is_counted() -> None:
    assert len(judged(answers=[answer(status=0)]).unexplained) == 1


def test_a_change_is_cut_off_only_by_a_kill_meanwhile() -> None:
    lost = answer(method="POST", status=502)

    during = judged(answers=[lost], outages=[Outage(site="a", began=10.5, ended=20.0)])
    before = judged(answers=[lost], outages=[Outage(site="a", began=2.0, ended=20.0)])
    dying = judged(answers=[lost], outages=[Outage(site="a", began=2.0, dead=9.9, ended=20.0)])

    assert (len(during.cut_off), during.unexplained, during.is_clean) == (1, [], True)
    assert (len(dying.cut_off), dying.unexplained) == (1, [])
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
