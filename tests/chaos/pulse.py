"""How quick the machine is: where everything stands still, nobody is to blame for what took long."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.chaos.records import Record, Strike

EVERY = 0.25  # seconds
STALL = 1.0  # seconds that a beat may take longer before the machine counts as overwhelmed
PATIENCE = 60.0  # seconds for one beat
AWAY = "503 "


@contextmanager
def taken(record: Record, address: str) -> Iterator[None]:
    """Ask there, where an answer costs nothing, again and again until the end of the block.

    What takes long is noted in the record's `stalls`.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(record, address, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE)


def _beat(record: Record, address: str, over: threading.Event) -> None:
    with requests.Session() as http:
        http.trust_env = False
        while True:
            began = time.monotonic()
            if over.wait(EVERY):
                return
            try:
                http.get(address, timeout=PATIENCE)
            except requests.RequestException:
                if over.is_set():
                    return
            ended = time.monotonic()
            if ended - began > EVERY + STALL:
                record.stalls.append(
                    Strike(name="machine too slow", began=began, ended=ended, explains=AWAY)
                )
