"""A change of address that waits for its code, in the server-side session.

There, and not in a form, stand for whom it is, what for, and which address was written to: a code
proves nothing else (Logto ties it to the address alone).
"""

import secrets
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from accountsite.codes.services import Address, Channel

KEY = "identifier_changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new address for somebody. `before` is what it takes the place of, None for nothing.

    `id` tells it from one that another tab began. A code works for `lasts` seconds. `is_proved` says that its code was right, for
    when the change itself failed after that.
    """

    id: str
    account_id: str
    channel: Channel
    value: str
    before: str | None
    lasts: int
    expires_at: float
    is_proved: bool = False

    @property
    def address(self) -> Address:
        """Where the code went."""
        return Address(channel=self.channel, value=self.value)

    @property
    def is_live(self) -> bool:
        """Whether it still can be finished."""
        return time.time() < self.expires_at


def begin(session: Any, *, account_id: str, to: Address, before: str | None, lasts: int) -> Change:
    """A code was sent. It takes the place of an earlier change of the same kind."""
    change = Change(
        id=secrets.token_urlsafe(9),
        account_id=account_id,
        channel=to.channel,
        value=to.value,
        before=before,
        lasts=lasts,
        expires_at=time.time() + lasts,
    )
    return _kept(session, change)


def of(session: Any, channel: Channel, *, account_id: str) -> Change | None:
    """What this person began, be it live or over; nothing that another one began."""
    kept = session.get(KEY, {}).get(channel)
    if kept is None:
        return None
    change = Change(**{**kept, "channel": Channel(kept["channel"])})
    return change if change.account_id == account_id else None


def sent_again(session: Any, change: Change) -> Change:
    """Another code is on its way."""
    return _kept(session, replace(change, expires_at=time.time() + change.lasts))


def proved(session: Any, change: Change) -> Change:
    """The code was right. It is used up now, so this is saved whatever comes of the request."""
    kept = _kept(session, replace(change, is_proved=True))
    session.save()
    return kept


def forget(session: Any, channel: Channel) -> None:
    """It is done, or given up."""
    session[KEY] = {key: kept for key, kept in session.get(KEY, {}).items() if key != channel}


def _kept(session: Any, change: Change) -> Change:
    session[KEY] = {**session.get(KEY, {}), change.channel.value: asdict(change)}
    return change
