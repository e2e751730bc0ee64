"""What people type, made fit to be kept."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accountsite.profile import texts

ANYTHING = st.text(st.characters(codec="utf-8"))


def test_surrounding_space_goes() -> None:
    assert texts.clean("  Ada Byron \u3000") == "Ada Byron"


def test_letters_are_composed() -> None:
    assert texts.clean(unicodedata.normalize("NFD", "김민준 Zoë")) == "김민준 Zoë"


@pytest.mark.parametrize("invisible", ["\u200b", "\u2060\u00ad", "\u3164", "\u202e"])
def test_text_that_nobody_would_see_is_empty(invisible: str) -> None:
    assert texts.clean(invisible) == ""


def test_direction_overrides_go_and_direction_marks_stay() -> None:
    assert texts.clean("\u202eadA\u2066") == "adA"
    assert texts.clean("سارة\u200f!") == "سارة\u200f!"


def test_joined_emoji_stay_whole() -> None:
    assert texts.clean("👩‍🚀 Mae") == "👩‍🚀 Mae"


@pytest.mark.parametrize("control", ["\0", "\t", "\x1b", "\x85", "\n"])
def test_control_characters_are_refused(control: str) -> None:
    with pytest.raises(ValidationError):
        texts.clean(f"A{control}da")


def test_line_breaks_are_welcome_where_there_are_lines() -> None:
    assert texts.clean("12 Quay\r\nHull", lines=True) == "12 Quay\nHull"


@given(ANYTHING)
def test_clean_text_is_clean(text: str) -> None:
    try:
        once = texts.clean(text)
    except ValidationError:
        return

    assert texts.clean(once) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) == "Cc" for character in once)


@given(ANYTHING)
def test_length_is_in_utf16_units(text: str) -> None:
    assert texts.length(text) == sum(2 if ord(character) > 0xFFFF else 1 for character in text)


@given(ANYTHING, st.integers(0, 20), st.integers(0, 20))
def test_limits_hold_exactly(text: str, least: int, most: int) -> None:
    fits = least <= texts.length(text) <= most

    try:
        texts.check_length(text, least=least, most=most)
    except ValidationError:
        assert not fits
    else:
        assert fits


def test_a_name_of_emoji_is_measured_as_logto_measures_it() -> None:
    texts.check_length("👋" * 64, most=texts.NAME_LENGTH)

    with pytest.raises(ValidationError):
        texts.check_length("👋" * 65, most=texts.NAME_LENGTH)
