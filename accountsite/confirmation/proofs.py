"""What this session has proved lately."""

import time
from typing import Any

LASTS = 600  # seconds
KEY = "proofs"
RECORD = "proof_record"
GENERAL = ""
MARGIN = 30  # seconds: a record that ends this soon could end on its way


def note(session: Any, *, purpose: str = GENERAL) -> None:
    """The person has just proved who they are, for this purpose; a general proof comes with it."""
    now = time.time()
    session[KEY] = {**session.get(KEY, {}), GENERAL: now, purpose: now}


def holds(session: Any, *, purpose: str = GENERAL) -> bool:
    """Whether a proof for this purpose is less than ten minutes old."""
    proved_at: float | None = session.get(KEY, {}).get(purpose)
    return proved_at is not None and 0 <= time.time() - proved_at < LASTS


def keep_record(session: Any, record_id: str, *, until: float) -> None:
    """Keep Logto's own record of the proof, until then, in seconds since 1970.

    An empty id says that there is none to be had, which is true for as long as a proof lasts.
    """
    session[RECORD] = {"id": record_id, "until": until if record_id else time.time() + LASTS}


def record(session: Any) -> str | None:
    """The id of Logto's own record of the last proof: what the Account API asks for.

    Empty where none could be made, so that asking again would be in vain; None where the person has
    to be asked.
    """
    kept = session.get(RECORD)
    return kept["id"] if kept and time.time() < kept["until"] - MARGIN else None


def forget_record(session: Any) -> None:
    """Logto does not take the record any more: the next one who needs it asks anew."""
    session.pop(RECORD, None)


def forget(session: Any, *, purpose: str) -> None:
    """A proof for one single act is used up by it."""
    session[KEY] = {key: at for key, at in session.get(KEY, {}).items() if key != purpose}
