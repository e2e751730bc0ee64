"""Text that a person typed, made fit to be kept and shown to others."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NAME_LENGTH = 128
"""Logto saves a longer name, and then answers every read of that user with a 500 (measured)."""

TEXT_LENGTH = 1000
"""Ours: Logto has no limit for one value but the megabyte of the whole request."""

# They change the direction of whatever follows, other people's text included. The marks that
# only sort out neighbours (U+200E, U+200F, U+061C) stay: Arabic and Hebrew names need them.
DIRECTION_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
HANGUL_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters that draw nothing


def clean(text: str, *, lines: bool = False) -> str:
    """The text composed (NFC), without surrounding space and direction overrides.

    Text that nobody would see, such as a lone zero-width space, comes back empty. Raises
    ValidationError for control characters: Logto answers 500 to a NUL (measured), and no name
    or address needs the others. With `lines`, line breaks are welcome.
    """
    text = unicodedata.normalize("NFC", text.translate(DIRECTION_OVERRIDES)).strip()
    text = text.replace("\r\n", "\n") if lines else text
    welcome = "\n" if lines else ""
    if any(_is_control(character) and character not in welcome for character in text):
        raise ValidationError(
            _("Remove the characters that can’t be shown, such as tabs or line breaks."),
            code="control",
        )
    return text if any(map(_is_seen, text)) else ""


def length(text: str) -> int:
    """The text's length in UTF-16 units, which is how Logto and browsers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_length(text: str, *, least: int | None = None, most: int | None = None) -> None:
    """Raise ValidationError if the text is shorter or longer than this, in UTF-16 units."""
    units = length(text)
    if least is not None and units < least:
        raise ValidationError(
            ngettext(
                "Use at least %(count)d character.", "Use at least %(count)d characters.", least
            ),
            params={"count": least},
            code="min_length",
        )
    if most is not None and units > most:
        raise ValidationError(
            ngettext(
                "Use at most %(count)d character. Emoji count as two or more.",
                "Use at most %(count)d characters. Emoji count as two or more.",
                most,
            ),
            params={"count": most},
            code="max_length",
        )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] not in "ZC" and character not in HANGUL_FILLERS
