"""The secret of an authenticator app that is being set up. It waits in the session, encrypted."""

import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import Any

import pyotp

KEY = "authenticator"
LASTS = 600  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A secret, and how far its person has got.

    `is_proved`: a code of it was right. `is_sent`: it was on its way to Logto, and may be bound.
    """

    secret: str = field(repr=False)
    made_at: float
    is_proved: bool = False
    is_sent: bool = False

    @property
    def id(self) -> str:
        """What a form names it by, which opens nothing."""
        return hashlib.sha256(self.secret.encode()).hexdigest()[:16]

    @property
    def is_live(self) -> bool:
        """Whether it was made less than ten minutes ago."""
        return 0 <= time.time() - self.made_at < LASTS


def begun(session: Any) -> Pending:
    """The one that waits, or a new one of 160 bits, as RFC 4226 recommends."""
    pending = live(session)
    if pending is None:
        pending = _kept(session, Pending(secret=pyotp.random_base32(), made_at=time.time()))
    return pending


def live(session: Any) -> Pending | None:
    """The one that waits, if there is one."""
    kept = session.get(KEY)
    pending = Pending(**kept) if kept else None
    return pending if pending is not None and pending.is_live else None


def proved(session: Any, pending: Pending) -> Pending:
    """Remember that its person has it in their app: no other code is asked for."""
    return _kept(session, replace(pending, is_proved=True))


def sent(session: Any, pending: Pending) -> Pending:
    """Remember that Logto may have it."""
    return _kept(session, replace(pending, is_sent=True))


def forget(session: Any) -> None:
    """It is bound, or given up."""
    session.pop(KEY, None)


def _kept(session: Any, pending: Pending) -> Pending:
    names = ("secret", "made_at", "is_proved", "is_sent")
    session[KEY] = {name: getattr(pending, name) for name in names}
    session.save()  # at once: Django saves none after an answer of 5xx
    return pending
