"""What this session has proved lately."""

import time
from typing import Any

LASTS = 600  # seconds
KEY = "proofs"
GENERAL = ""


def note(session: Any, *, purpose: str = GENERAL) -> None:
    """The person has just proved who they are, for this purpose; a general proof comes with it."""
    now = time.time()
    session[KEY] = {**session.get(KEY, {}), GENERAL: now, purpose: now}


def holds(session: Any, *, purpose: str = GENERAL) -> bool:
    """Whether a proof for this purpose is less than ten minutes old."""
    proved_at: float | None = session.get(KEY, {}).get(purpose)
    return proved_at is not None and 0 <= time.time() - proved_at < LASTS


def forget(session: Any, *, purpose: str) -> None:
    """A proof for one single act is used up by it."""
    session[KEY] = {key: at for key, at in session.get(KEY, {}).items() if key != purpose}
