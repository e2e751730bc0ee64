"""What stands in for a picture."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsite.appearance import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Byron", "AB"),
        ("ada augusta king", "AK"),
        ("Ada", "A"),
        ("Ada (they) Byron", "AB"),
        ("“Ada” Byron", "AB"),
        ("émile zola", "ÉZ"),
        ("e\u0301mile", "É"),
        ("김민준", "김"),
        ("김 민준", "김"),
        ("\u1100\u1175\u11b7", "김"),
        ("李 小龍", "李"),
        ("سارة أحمد", "س"),
        ("👩‍🚀 Mae Jemison", "👩‍🚀"),
        ("👍🏽", "👍🏽"),
        ("🇰🇷🇫🇷", "🇰🇷"),
        ("Ada 🚀", "A"),
        ("ßigrid", "ß"),
        ("7 of 9", "7"),
        ("...", ""),
        ("", ""),
        ("\u200d", ""),
    ],
)
def test_a_name_has_these(name: str, letters: str) -> None:
    assert initials.of(name) == letters


@given(st.text(st.characters(codec="utf-8")))
def test_any_name_has_at_most_two(name: str) -> None:
    assert len(initials.characters(initials.of(name))) <= 2


@given(st.text(st.characters(codec="utf-8")))
def test_no_character_is_lost_between_pieces(text: str) -> None:
    assert "".join(initials.characters(text)) == unicodedata.normalize("NFC", text)
