"""Custom data as text: everything that is read is kept, and what can't be kept is told of."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsite.privacy import notation
from accountsite.privacy.notation import Unreadable

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def problem(text):
    with pytest.raises(Unreadable) as caught:
        notation.read(text)
    return str(caught.value)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_was_written_is_read_as_it_was(data):
    assert notation.same(notation.read(notation.write(data)), data)


@given(st.text(alphabet='{}[]",:\\ \n01.eE-+atrufnls\0\ud800'))
def test_no_text_whatsoever_breaks_it(text):
    with contextlib.suppress(Unreadable):
        assert isinstance(notation.read(text), dict)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{a: 1}", "Line 1, column 2: A name in double quotes is needed here."),
        ('{\n  "a" 1\n}', "Line 2, column 7: A colon is needed here"),
        ('{\n  "a": 1\n  "b": 2\n}', "Line 3, column 3: A comma is needed here"),
        ('{"a": }', "Line 1, column 7: A value is needed here"),
        ('{"a": NaN}', "Line 1, column 7: A value is needed here"),
        ('{"a": -Infinity}', "Line 1, column 7: A value is needed here"),
        ('{"a": "x', "Line 1, column 7: This text has no closing double quote."),
        ('{"a": "x\ny"}', "Line 1, column 9: Inside of a text, write \\n"),
        ('{"a": "\\q"}', "Line 1, column 8: After this backslash"),
        ('{"a": "\\u12"}', "Line 1, column 9: After \\u come four hexadecimal digits."),
        ("{} {}", "Line 1, column 4: There is something after the end."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, told):
    assert problem(text).startswith(told)


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": [1,]}'])
def test_a_comma_too_many_is_told_of(text):
    assert problem(text).startswith("Line 1, column ")


@pytest.mark.parametrize("text", ["[1]", '"text"', "1", "null", "true"])
def test_all_of_it_is_one_object(text):
    assert problem(text).startswith("Begin with { and end with }")


def test_a_name_that_stands_twice_is_told_of_where_it_does():
    text = '{\n  "a": {"x": 1},\n  "b": {"x": 1, "\\u0078": 2}\n}'

    assert problem(text) == "Line 3, column 17: “\u2068x\u2069” stands twice in the same object."


def test_the_same_name_in_different_objects_is_no_trouble():
    text = '{"a": {"x": 1}, "x": [{"x": 2}, {"x": 3}], "b": "x"}'

    assert notation.read(text)["x"] == [{"x": 2}, {"x": 3}]


@pytest.mark.parametrize("text", ['{"a": "x\\u0000y"}', '{"\\ud83d": 1}', '{"a": ["\\udc00"]}'])
def test_characters_that_logto_fails_over_are_told_of(text):
    assert "a character that can’t be kept" in problem(text)


def test_both_halves_of_an_emoji_are_one_character():
    assert notation.read('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


@pytest.mark.parametrize(
    "number", ["12345678901234567890", "0.12345678901234567891", "1e400", "1e-400", "9" * 5000,
               "1e99999999999999999999", "1e-99999999999999999999"]
)  # fmt: skip
def test_a_number_that_would_lose_digits_is_told_of(number):
    told = problem(f'{{"a": [1, {number}]}}')

    assert told == (
        "Line 1, column 11: This number would lose digits. Put it in quotes to keep it as it is."
    )


@pytest.mark.parametrize("number", ["0", "-0", "7.50", "1e3", "-1.5E-7", "0.1"])
def test_other_numbers_are_what_they_are(number):
    assert notation.read(f'{{"a": {number}}}')["a"] == float(number)


def test_whole_numbers_stay_whole():
    assert (
        notation.write(notation.read('{"a": 9007199254740992}')) == '{\n  "a": 9007199254740992\n}'
    )


def test_it_has_an_end():
    assert notation.read(json.dumps({"a": "x" * 99_000}))
    assert problem(json.dumps({"a": "x" * 100_001})).startswith("This is too much")
    assert problem(json.dumps({"a": "가" * 40_000}, ensure_ascii=False)).startswith("This is too")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_it_has_a_floor(opening):
    text = ('{"a": ' if opening == "[" else "") + opening * (90_000 // len(opening))

    assert "nested too deeply" in problem(text)


@pytest.mark.parametrize("piece", ['\\"', '"\\', "[]", '"a"', "{}", "1 "])
def test_no_text_takes_long(piece):
    began = time.thread_time()  # of this thread alone, however busy the machine is

    problem(piece * (90_000 // len(piece)))

    assert time.thread_time() - began < 2


def test_lines_end_as_on_any_system():
    assert notation.read('\ufeff{\r\n"a": 1,\r"b": 2}') == {"a": 1, "b": 2}


def test_nothing_is_hidden_or_turned_around_in_what_is_shown():
    data = {"\u202ea": ["\u200b", "\ufeff", "e\u0301", "👩\u200d🚀", "가"]}

    written = notation.write(data)

    assert "\\u202ea" in written
    assert not set("\u202e\u200b\ufeff") & set(written)
    assert "👩\u200d🚀" in written
    assert notation.read(written) == data


def test_one_is_one_and_true_is_something_else():
    assert notation.same({"a": 1, "b": [2.0]}, {"b": [2], "a": 1.0})
    assert not notation.same({"a": 1}, {"a": True})
    assert not notation.same({"a": None}, {})
