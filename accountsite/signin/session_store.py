"""Django's session engine over our own rows: encrypted, and ended rather than forgotten.

No copy of them is kept in a cache, which could be late to hear that one ended or was changed: a page
reads one row, by its key.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any, Self

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accountsite import encryption, measurements
from accountsite.signin.models import EndReason, Session

PURPOSE = "session"
SEEN_EVERY = timedelta(minutes=1)  # how exactly "last seen" is known, and how often it is written


class SessionStore(SessionBase):
    """One browser's session: a dictionary that is read when first asked for."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None

    # What Django asks of an engine

    def load(self) -> dict[str, Any]:
        """The contents, or nothing if there is no such live session (or no key that opens it)."""
        row = self._find()
        if row is None or not row.is_live:
            self._session_key = None
            return {}
        self.row = row
        try:
            contents = encryption.unseal(bytes(row.payload), purpose=PURPOSE)
        except encryption.Unreadable:
            self._session_key = None
            return {}
        return dict(json.loads(contents))

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken. A key is never used again, not even after its end."""
        return Session.objects.filter(pk=hash_of(session_key)).exists()

    def create(self) -> None:
        """Store an empty session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined] # Django's own
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the contents.

        Raises UpdateError if the session ended meanwhile, CreateError if the key is taken.
        """
        if self.session_key is None:
            self.create()
            return
        contents = self._get_session(no_load=must_create)  # type: ignore[attr-defined] # Django's own
        fields = {"payload": self._sealed(contents), **_columns(contents)}
        key_hash = hash_of(self.session_key)
        if must_create:
            try:
                with transaction.atomic():
                    self.row = Session.objects.create(pk=key_hash, **fields)
            except IntegrityError as error:
                raise CreateError from error
        elif not Session.objects.filter(pk=key_hash, ended_at=None).update(**fields):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End it: this is what `flush` and `cycle_key` call, so a new sign-in took its place."""
        key = session_key or self.session_key
        if key:
            end(Session.objects.filter(pk=hash_of(key)), EndReason.REPLACED)

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what nobody needs any more: `manage.py clearsessions` calls this."""
        Session.objects.forgettable().delete()

    # What we ask of it besides

    def seen(self, *, address: str | None, user_agent: str) -> None:
        """Note that the browser is still there; written once a minute at the most."""
        now = timezone.now()
        if self.row is None or now - self.row.last_seen_at < SEEN_EVERY:
            return
        self.row.last_seen_at = now
        Session.objects.filter(pk=self.row.pk, ended_at=None).update(
            last_seen_at=now, address=address, user_agent=user_agent
        )

    @classmethod
    def past(cls, session_key: str) -> Session | None:
        """The row of a session that opens nothing any more, to tell its owner why."""
        row: Session | None = Session.objects.filter(pk=hash_of(session_key)).first()
        return row if row is not None and not row.is_live else None

    def _find(self) -> Session | None:
        assert self.session_key is not None  # noqa: S101 - Django loads only what has a key
        key_hash = hash_of(self.session_key)
        row: Session | None = Session.objects.filter(pk=key_hash).first()
        return row

    def _sealed(self, contents: dict[str, Any]) -> bytes:
        return encryption.seal(json.dumps(contents).encode(), purpose=PURPOSE)

    def __copy__(self) -> Self:
        """Refused: two stores of one session would overwrite each other."""
        raise TypeError


def end(sessions: "Any", reason: EndReason) -> int:
    """End these sessions at once, here and in every other process. Tells how many were live.

    What they held is erased; that they ended, and why, is remembered for a day.
    """
    ended: int = sessions.filter(ended_at=None).update(
        ended_at=timezone.now(), end_reason=reason, payload=b""
    )
    measurements.tell(measurements.SessionsEnded(reason=reason, number=ended))
    return ended


def hash_of(session_key: str) -> str:
    """What stands in the database for a key, so that a copy of it opens no session."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def _columns(contents: dict[str, Any]) -> dict[str, str]:
    """What is also a column, to find a person's sessions by."""
    account = contents.get("account", {})
    return {"account_id": account.get("id", ""), "logto_sid": account.get("sid") or ""}
