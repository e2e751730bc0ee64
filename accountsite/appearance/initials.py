"""What stands in for a picture: the first letters of a name, in any script."""

import re
import unicodedata

JOINER = "\u200d"
EMOJI_TAILS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
FLAG_HALVES = re.compile("[\U0001f1e6-\U0001f1ff]")


def of(name: str) -> str:
    """At most two letters for a name, empty if it has none.

    Scripts with capitals give the first letter of the first and of the last word. Others
    (한글, 漢字, العربية, emoji) give the first character alone: a second one would be a
    different word there, or join with the first.
    """
    words = [letter for word in name.split() if (letter := _first_letter(word))]
    if not words:
        return ""
    if not _has_case(words[0]) or len(words) == 1 or not _has_case(words[-1]):
        return _capital(words[0])
    return _capital(words[0]) + _capital(words[-1])


def characters(text: str) -> list[str]:
    """The text in pieces that a reader sees as one character each.

    The part of Unicode's grapheme rules (UAX 29) that names use: combining marks, emoji
    sequences and flags. Hangul comes composed, as NFC makes it.
    """
    pieces: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if pieces and _belongs_to(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _belongs_to(piece: str, character: str) -> bool:
    if character == JOINER or piece.endswith(JOINER) or EMOJI_TAILS.match(character):
        return True
    if FLAG_HALVES.match(character):
        return len(piece) == 1 and FLAG_HALVES.match(piece) is not None
    return unicodedata.category(character).startswith("M")


def _first_letter(word: str) -> str:
    """Past brackets, quotes and the like."""
    return next((piece for piece in characters(word) if _is_letter(piece[0])), "")


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"


def _has_case(letter: str) -> bool:
    return letter.upper() != letter.lower()


def _capital(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == len(letter) else letter
