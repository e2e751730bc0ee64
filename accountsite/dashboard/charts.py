"""Small charts as SVG, drawn on the server: whole numbers only, which read alike in every language.

A chart is a picture of a table; the table stands below it for who can't see the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 64  # of the drawing, in its own units
COLUMN = 12  # that one bar takes, with the gap after it
GAP = 3
LEAST = 2  # height of a bar that stands for anything at all


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from its upper left corner."""

    label: str
    value: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other. `header` names what the labels are, and what the values count."""

    title: str
    header: tuple[str, str]
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Of the drawing."""
        return max(1, len(self.bars)) * COLUMN - GAP

    @property
    def height(self) -> int:
        """Of the drawing."""
        return HEIGHT

    @property
    def total(self) -> int:
        """Of all bars."""
        return sum(bar.value for bar in self.bars)

    @property
    def highest(self) -> int:
        """The value of the highest bar."""
        return max((bar.value for bar in self.bars), default=0)


def of(title: str, header: tuple[str, str], values: Sequence[tuple[str, int]]) -> Chart:
    """The chart of these labels and values, in their order."""
    highest = max((value for _label, value in values), default=0)
    bars = [_bar(number, label, value, highest) for number, (label, value) in enumerate(values)]
    return Chart(title=title, header=header, bars=tuple(bars))


def _bar(number: int, label: str, value: int, highest: int) -> Bar:
    height = max(LEAST, HEIGHT * value // highest) if value > 0 else 0
    return Bar(
        label=label,
        value=value,
        x=number * COLUMN,
        y=HEIGHT - height,
        width=COLUMN - GAP,
        height=height,
    )
