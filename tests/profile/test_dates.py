"""Dates as tenants spell them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsite.profile import dates

PATTERNS = [
    "yyyy-MM-dd",
    "MM/dd/yyyy",
    "dd/MM/yyyy",
    "d.M.y",
    "MMMM d, yyyy",
    "d MMM yyyy",
    "yyyy년 M월 d일",
    "dd.MM.yyyy 'o''clock'",
]


@pytest.mark.parametrize(
    ("pattern", "spelled"),
    [
        ("yyyy-MM-dd", "0987-05-03"),
        ("MM/dd/yyyy", "05/03/0987"),
        ("dd/MM/yyyy", "03/05/0987"),
        ("d MMMM y", "3 May 987"),
        ("yyyy년 M월 d일", "0987년 5월 3일"),
        ("'Day' d.M.y", "Day 3.5.987"),
        ("d''M''y", "3'5'987"),
    ],
)
def test_a_date_is_spelled_in_the_pattern(pattern: str, spelled: str) -> None:
    assert dates.write(date(987, 5, 3), pattern) == spelled
    assert dates.read(spelled, pattern) == date(987, 5, 3)


@given(st.dates(), st.sampled_from(PATTERNS))
def test_what_is_written_can_be_read(value: date, pattern: str) -> None:
    assert dates.read(dates.write(value, pattern), pattern) == value


@pytest.mark.parametrize(
    "text", ["", "2023-02-29", "2023-2-3", "03/05/2020", "2020-01-01 ", "２０２０-01-01", "1990"]
)
def test_what_the_pattern_does_not_spell_is_no_date(text: str) -> None:
    assert dates.read(text, "yyyy-MM-dd") is None


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    found = dates.read(text, "yyyy-MM-dd")

    assert found is None or dates.write(found, "yyyy-MM-dd") == text


@given(st.text())
def test_no_pattern_breaks_it_either(pattern: str) -> None:
    if dates.is_understood(pattern):
        spelled = dates.write(date(2024, 2, 29), pattern)
        assert dates.read(spelled, pattern) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "pattern",
    ["", "yy-MM-dd", "yyyy-MM", "dd.MM.yyyy HH:mm", "yyyy-MM-dd dd", "RRRR-'W'II", "o''c"],
)
def test_patterns_of_less_or_more_than_a_date_are_left_alone(pattern: str) -> None:
    assert not dates.is_understood(pattern)
    assert dates.read("2020-01-01", pattern) is None
