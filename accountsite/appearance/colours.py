"""Colours that can be read: a brand's colour, and what has to be made of it.

A tenant picks any colour. Text in it, text on it, and a tint behind it must still be readable, in
the light theme and in the dark one. Contrast is that of WCAG 2.2 (success criterion 1.4.3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

HEX = re.compile("#?(?:[0-9A-Fa-f]{3}){1,2}")
READABLE = 4.5
STEP = 0.02
LINEAR_UP_TO = 0.04045  # below this, sRGB is a straight line


class Colour(NamedTuple):
    """An opaque sRGB colour; each part is from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read #rgb or #rrggbb, as Logto writes a colour. Raises ValueError."""
        if not HEX.fullmatch(text):
            raise ValueError(f"{text!r} is not a colour such as #rrggbb")
        digits = text.removeprefix("#")
        each = digits if len(digits) == len("rrggbb") else "".join(digit * 2 for digit in digits)
        return cls(*bytes.fromhex(each))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """How bright it looks, from 0 (black) to 1 (white)."""
        red, green, blue = (_linear(part / 255) for part in self)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """This colour with so much of the other in it; `share` is from 0 to 1."""
        pairs = zip(self, other, strict=True)
        return Colour(*(round(mine + (theirs - mine) * share) for mine, theirs in pairs))


BLACK = Colour(0, 0, 0)
WHITE = Colour(255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What text stands on. `tokens.css` has the same two surfaces."""

    page: Colour
    surface: Colour
    ink: Colour


LIGHT = Theme(page=Colour.parse("#f6f6f3"), surface=WHITE, ink=BLACK)
DARK = Theme(page=Colour.parse("#121315"), surface=Colour.parse("#1b1c1f"), ink=WHITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """What a theme makes of a brand's colour."""

    brand: Colour
    on_brand: Colour
    brand_hover: Colour
    brand_text: Colour
    brand_tint: Colour

    @classmethod
    def of(cls, brand: Colour, theme: Theme) -> Self:
        """Colours of which each pair that a page puts together can be read."""
        on_brand = WHITE if contrast(WHITE, brand) >= READABLE else BLACK
        tint = theme.surface.mixed(brand, 0.1)
        return cls(
            brand=brand,
            on_brand=on_brand,
            brand_hover=brand.mixed(BLACK if on_brand == WHITE else WHITE, 0.14),
            brand_text=readable(brand, on=(theme.page, theme.surface, tint), toward=theme.ink),
            brand_tint=tint,
        )


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    brighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, *, on: Iterable[Colour], toward: Colour) -> Colour:
    """The colour, moved toward black or white until text in it can be read on each of `on`."""
    grounds = tuple(on)
    for step in range(int(1 / STEP) + 1):
        moved = colour.mixed(toward, step * STEP)
        if all(contrast(moved, ground) >= READABLE for ground in grounds):
            return moved
    return toward


def _linear(part: float) -> float:
    return part / 12.92 if part <= LINEAR_UP_TO else float(((part + 0.055) / 1.055) ** 2.4)
