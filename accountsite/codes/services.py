"""Sending a code, and checking it.

Logto ties a code to its address alone. The caller remembers in the session for whom, for what and
to which address it was sent, and takes the address from there when the code comes back.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accountsite.audit import fields
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import errors, tenant, verification_codes
from accountsite.refusals import Refusal

DIGITS = 6
LIFETIME = 600  # seconds, unless the tenant's policy says otherwise


class UnableToSend(Refusal):
    """No code was sent."""


class UnableToVerify(Refusal):
    """The code proves nothing."""


class Channel(StrEnum):
    """How a code travels."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a code goes: an email address, or a phone number as Logto keeps it (digits only)."""

    channel: Channel
    value: str

    @property
    def masked(self) -> str:
        """Enough of it for its owner to recognize it."""
        mask = fields.email if self.channel is Channel.EMAIL else fields.phone
        return mask(self.value)


def deliver(address: Address) -> None:
    """Have the Management API send a code. Raises LogtoError."""
    is_email = address.channel is Channel.EMAIL
    (verification_codes.send_email if is_email else verification_codes.send_sms)(address.value)


def check(address: Address, code: str) -> None:
    """Have the Management API check the code that it sent. Raises LogtoError."""
    is_email = address.channel is Channel.EMAIL
    verify = verification_codes.verify_email if is_email else verification_codes.verify_sms
    verify(address.value, code)


def send(
    account_id: str, address: Address, *, deliver: Callable[[Address], object] = deliver
) -> float:
    """Send a new code, which ends the one before. Gives the moment, in seconds.

    Raises TooMany, UnableToSend and Unavailable.
    """
    attempts.count(Kind.SEND, account=account_id, target=address.value)
    is_email = address.channel is Channel.EMAIL
    try:
        deliver(address)
    except errors.TooManyRequests as error:
        raise UnableToSend(
            _("Too many codes went to this address. Try again in 10 minutes.")
        ) from error
    except errors.ConnectorMissing as error:
        raise UnableToSend(
            _("Codes can’t be sent by mail here. Choose another way, or ask the support.")
            if is_email
            else _(
                "Codes can’t be sent by text message here. Choose another way, or ask the support."
            )
        ) from error
    except errors.Invalid as error:
        raise UnableToSend(_("No code can be sent to this address. Check it.")) from error
    return time.time()


def lifetime() -> int:
    """How many seconds a code works: what the tenant says, or Logto's own ten minutes.

    Without waiting for the tenant: a moment after a code was sent it is known.
    """
    known = tenant.cached()
    return known.sign_in_experience.code_seconds if known else LIFETIME


def seconds_until_next(account_id: str, address: Address) -> int:
    """How long to wait until another code may be sent there; 0 if one may now."""
    return attempts.wait(Kind.SEND, account=account_id, target=address.value)


def verify(
    account_id: str,
    address: Address,
    code: str,
    *,
    check: Callable[[Address, str], None] = check,
) -> None:
    """Check the code that was sent there, and use it up.

    Raises TooMany, UnableToVerify and Unavailable.
    """
    attempts.count(Kind.CODE, account=account_id, target=address.value)
    try:
        check(address, code)
    except errors.CodeMismatch as error:
        raise UnableToVerify(_("That is not the code. Check the newest message.")) from error
    except errors.CodeExpired as error:
        raise UnableToVerify(_("This code has expired. Get a new one.")) from error
    except errors.TooManyTries as error:
        raise UnableToVerify(_("Too many wrong codes. Get a new one.")) from error
    except errors.CodeRefused as error:
        raise UnableToVerify(_("This code can’t be used any more. Get a new one.")) from error
    attempts.succeeded(Kind.CODE, account=account_id, target=address.value)
