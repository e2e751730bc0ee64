"""The ways to prove who you are, and the proofs themselves."""

import functools
from enum import StrEnum

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.codes import services as codes
from accountsite.codes.services import Address, Channel
from accountsite.confirmation import records
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import errors, users
from accountsite.logto.account_api import Verification
from accountsite.refusals import Refusal


class UnableToConfirm(Refusal):
    """It was not proved."""


class Way(StrEnum):
    """A way to prove it. The last one works for everybody, whatever they sign in with."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    EMAIL = "email"
    PHONE = "phone"
    SIGN_IN = "sign-in"


def ways(user: users.User, *, with_record: bool = False) -> list[Way]:
    """The ways that this person has, the handiest first.

    `with_record` leaves out the sign-in, of which Logto keeps no record, where there is another.
    """
    has = {
        Way.PASSWORD: user.has_password,
        Way.EMAIL: bool(user.primary_email),
        Way.PHONE: bool(user.primary_phone),
        Way.SIGN_IN: True,
    }
    found = [way for way in Way if has[way]]
    return found[:-1] if with_record and len(found) > 1 else found


def address(user: users.User, way: Way) -> Address | None:
    """Where the code of this way goes: always to what Logto holds now. None for other ways."""
    if way is Way.EMAIL and user.primary_email:
        return Address(channel=Channel.EMAIL, value=user.primary_email)
    if way is Way.PHONE and user.primary_phone:
        return Address(channel=Channel.PHONE, value=user.primary_phone)
    return None


def confirm_password(account_id: str, password: str, *, token: str = "") -> Verification | None:
    """Prove it with the current password, to Logto too if the person's own token is given.

    Raises UnableToConfirm, TooMany and Unavailable.
    """
    with _audited(account_id):
        attempts.count(Kind.CONFIRMATION, account=account_id)
        attempts.count(Kind.PASSWORD, account=account_id)
        try:
            record = records.by_password(token, account_id, password)
        except errors.WrongPassword as error:
            raise UnableToConfirm(_("That is not your password.")) from error
        attempts.succeeded(Kind.PASSWORD, account=account_id)
    return record


def send_code(
    account_id: str, to: Address, *, token: str = ""
) -> tuple[float, Verification | None]:
    """Send a code to an address of theirs. Gives the moment, in seconds, and the record it is for.

    Raises UnableToSend, TooMany and Unavailable.
    """
    made: list[Verification | None] = []
    sent_at = codes.send(
        account_id, to, deliver=lambda address: made.append(records.send(token, address))
    )
    return sent_at, made[0]


def confirm_code(
    account_id: str, sent_to: Address, code: str, *, token: str = "", record_id: str = ""
) -> None:
    """Prove it with the code that was sent to an address of theirs, for this record if for one.

    Raises UnableToVerify, TooMany and Unavailable.
    """
    with _audited(account_id):
        attempts.count(Kind.CONFIRMATION, account=account_id)
        check = functools.partial(records.verify, token, record_id)
        codes.verify(account_id, sent_to, code, check=check)


def note_sign_in(account_id: str) -> None:
    """Write down that a fresh sign-in proved it."""
    trail.record(Action.IDENTITY_CONFIRMED, account_id)


class _audited:  # noqa: N801 - reads as the statement it is
    """Each proof stands in the trail, and each refusal."""

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id

    def __enter__(self) -> None:
        """Nothing is begun: a proof changes nothing at Logto."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Write down how it ended; an outage proves nothing either way."""
        if error is None:
            attempts.succeeded(Kind.CONFIRMATION, account=self.account_id)
            trail.record(Action.IDENTITY_CONFIRMED, self.account_id)
        elif isinstance(error, Refusal):
            reason = getattr(error.__cause__, "code", "") or type(error).__name__
            trail.refused(Action.IDENTITY_CONFIRMED, self.account_id, reason)
