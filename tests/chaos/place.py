"""Where faults happen, and what every one of them is: a block that lasts as long as it does."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.chaos.disk import Disk
from tests.chaos.people import World
from tests.chaos.records import Record
from tests.stack.stack import Stack


@dataclass(slots=True)
class Place:
    """What faults are done to. `scale` makes them shorter, and `dice` chooses among equals.

    `returning` are those who bring something back, until `is_left`.
    """

    stack: Stack
    disk: Disk
    world: World
    dice: random.Random
    scale: float = 1
    returning: list[threading.Thread] = field(default_factory=list)
    is_left: threading.Event = field(default_factory=threading.Event)

    @property
    def record(self) -> Record:
        return self.world.record

    def last(self, seconds: float) -> None:
        """Let it be so for a while."""
        time.sleep(seconds * self.scale)


type Count = Callable[[], int]
"""How often a fault struck so far."""
type Fault = Callable[[Place], AbstractContextManager[Count | None]]
"""It gives that count where somebody counts."""
