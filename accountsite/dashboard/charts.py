"""Small charts as SVG, drawn on the server: whole numbers only, which read alike in every language.

A chart is a picture of a table, and never without it: days stand beside each other, above their
table; kinds stand below each other, each as a row of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 64  # of the drawing, in its own units
COLUMN = 12  # that one bar takes, with the gap after it
GAP = 3
LEAST = 2  # height, or length, of a bar that stands for anything at all
LENGTH = 100  # of the longest bar of a row


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
    """Some bars. `header` names what the labels are, and what the values count."""

    title: str
    header: tuple[str, str]
    bars: tuple[Bar, ...]
    is_by_kind: bool = False

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


def by_kind(title: str, header: tuple[str, str], values: Sequence[tuple[str, int]]) -> Chart:
    """Bars below each other, in their order, each beside its name."""
    highest = max((value for _label, value in values), default=0)
    bars = [
        Bar(label, value, x=0, y=0, width=max(LEAST, LENGTH * value // max(1, highest)), height=1)
        for label, value in values
    ]
    return Chart(title=title, header=header, bars=tuple(bars), is_by_kind=True)


def by_day(title: str, header: tuple[str, str], values: Sequence[tuple[str, int]]) -> Chart:
    """Bars beside each other, in their order."""
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
