"""The registrations that a session has begun: each is answered once, and only where it was begun.

Logto takes an answer from whoever knows the record's id, again and again for ten minutes.
"""

import time
from typing import Any

from django.utils.translation import gettext as _

from accountsite.limits import turns
from accountsite.logto.account_api import PasskeyStart
from accountsite.refusals import Refusal

KEY = "passkey_registrations"
MOST = 5  # tabs
LASTS = 600  # seconds, as a record of Logto's


class TooLate(Refusal):
    """The registration is over, was answered before, or was never begun here."""

    def __init__(self) -> None:
        super().__init__(_("This page was open for too long, or was used already. Try again."))


def begin(session: Any, start: PasskeyStart) -> None:
    """Remember one that Logto has begun for this person."""
    others = [(key, end) for key, end in session.get(KEY, {}).items() if end > time.time()]
    ends = start.verification.expires_at.timestamp()
    session[KEY] = dict([*others[1 - MOST :], (start.verification.id, ends)])


def take(session: Any, record_id: str) -> None:
    """Use one up. Raises TooLate for one that can't be answered, or is being answered."""
    known: dict[str, float] = session.get(KEY, {})
    session[KEY] = {key: end for key, end in known.items() if key != record_id}
    if known.get(record_id, 0) <= time.time():
        raise TooLate
    if not turns.is_first(f"passkey:{record_id}", seconds=LASTS):
        raise TooLate
