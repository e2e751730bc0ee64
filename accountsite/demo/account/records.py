"""Verification records: that somebody proved a password, an address, an account or a passkey.

A record lives for ten minutes and may be used again and again in that time (measured). Call
everything under the tenant's lock.
"""

from dataclasses import dataclass, field

from accountsite.demo import state
from accountsite.demo.api import errors

LIFETIME = 10 * 60 * 1000  # milliseconds
CROWD = 1000  # so many records at once are looked through for dead ones

PASSWORD = "Password"  # noqa: S105 - a type of record
EMAIL_CODE = "EmailVerificationCode"
PHONE_CODE = "PhoneVerificationCode"
SOCIAL = "Social"
PASSKEY = "WebAuthn"
PERMISSION = "UserPermissionValidation"  # the mail template of codes that prove who it is


@dataclass(slots=True, kw_only=True)
class Record:
    """Something that is proved, or about to be.

    `user_id` is None for what does not prove who somebody is, such as a new address. `data` is
    what the type needs: `template` and `address` of a code, `connector` and `account` of a social
    account, `challenge` and `passkey` of a passkey.
    """

    type: str
    user_id: str | None
    data: state.Json = field(default_factory=dict)
    is_verified: bool = False
    id: str = field(default_factory=lambda: state.new_id(21))
    expires_at: int = field(default_factory=lambda: state.now() + LIFETIME)

    def shown(self) -> state.Json:
        """What the call that starts a record answers."""
        return {"verificationRecordId": self.id, "expiresAt": state.iso_time(self.expires_at)}


def add(record: Record) -> Record:
    """Keep a record."""
    known = state.tenant.verification_records
    if len(known) > CROWD:
        for record_id in [key for key, old in known.items() if old.expires_at <= state.now()]:
            del known[record_id]
    known[record.id] = record
    return record


def find(record_id: str, kind: str) -> Record:
    """The record of this type, verified or not; whoever knows its id may use it, as in Logto.

    Raises errors.Refused, 400 `verification_record.not_found`.
    """
    record = _alive(record_id)
    if record is None or record.type != kind:
        raise not_found()
    return record


def find_verified(record_id: str, kind: str) -> Record:
    """The same, if the record is verified."""
    record = find(record_id, kind)
    if not record.is_verified:
        raise not_found()
    return record


def proves(record_id: str | None, user: state.User) -> bool:
    """Whether this record lets its owner make a change that needs a proof.

    Only a password does, or a code to their own address: no passkey, authenticator app or social
    account.
    """
    record = _alive(record_id or "")
    if record is None or record.user_id != user.id or not record.is_verified:
        return False
    return record.type == PASSWORD or record.data.get("template") == PERMISSION


def not_found(status: int = 400) -> errors.Refused:
    """The refusal of what is not there, not verified or too old."""
    code = "verification_record.not_found"
    return errors.Refused(status, code, "There is no such verification.")


def _alive(record_id: str) -> Record | None:
    record: Record | None = state.tenant.verification_records.get(record_id)
    return record if record is not None and record.expires_at > state.now() else None
