"""What sessions remember of a person, brought up to date from outside of their requests."""

import json
from collections.abc import Mapping
from typing import Any

from accountsite import encryption
from accountsite.signin import session_store
from accountsite.signin.models import Session

ACCOUNT = "account"


def renew(account_id: str, fields: Mapping[str, str | None]) -> int:
    """Put these fields of the account into each of its live sessions. Tells how many had others.

    A session that is written at this moment keeps what its request writes.
    """
    live = Session.objects.live().filter(account_id=account_id)
    return sum(_renewed(session, fields) for session in live)


def contents(session: Session) -> dict[str, Any]:
    """What a session holds; nothing if it ended, or was sealed with a key that is gone."""
    try:
        kept = encryption.unseal(bytes(session.payload), purpose=session_store.PURPOSE)
    except encryption.Unreadable:
        return {}
    return dict(json.loads(kept))


def _renewed(session: Session, fields: Mapping[str, str | None]) -> bool:
    kept = contents(session)
    account = {**kept.get(ACCOUNT, {}), **fields}
    if not kept or account == kept[ACCOUNT]:
        return False
    renewed = json.dumps({**kept, ACCOUNT: account}).encode()
    sealed = encryption.seal(renewed, purpose=session_store.PURPOSE)
    unchanged = Session.objects.filter(pk=session.pk, payload=session.payload, ended_at=None)
    return bool(unchanged.update(payload=sealed))
