"""What a run does, one step after the other, and how it tells of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a thing."""

    RIGHT = "already right"
    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"
    LEFT = "left alone"
    BY_HAND = "to do by hand"


INTENTIONS = {
    Outcome.MADE: "would make",
    Outcome.CHANGED: "would change",
    Outcome.REMOVED: "would remove",
}
WIDTH = max(map(len, [*Outcome, *INTENTIONS.values()]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing of the tenant. `act` does what is due, if anything is. Raises LogtoError."""

    outcome: Outcome
    text: str
    act: Callable[[], object] = field(default=lambda: None)

    def line(self, *, is_rehearsal: bool) -> str:
        """What is told of it. Names come from the tenant: nothing in them moves a terminal."""
        said = INTENTIONS.get(self.outcome, self.outcome) if is_rehearsal else self.outcome
        text = "".join(char if char.isprintable() else "�" for char in self.text)
        return f"{said:<{WIDTH}}  {text}"
