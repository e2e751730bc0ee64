"""Verification codes: six digits to an email or a phone, for ten minutes and ten tries.

Measured on Logto 1.42: a code belongs to its purpose and to the address as it was written; a newer
one takes its place; it works once; the eleventh send to an address within ten minutes is refused.
Of the Account API, a code belongs to one verification record instead.
"""

import hmac
import secrets

from accountsite.demo import state
from accountsite.demo.api import errors

LIFETIME = 10 * 60 * 1000  # milliseconds
MAX_TRIES = 10
MAX_SENDS = 10  # to one address within LIFETIME

SUBJECTS = {
    "Generic": "Your verification code",
    "SignIn": "Your sign-in code",
    "Register": "Your sign-up code",
    "ForgotPassword": "Your code for a new password",
    "UserPermissionValidation": "Your code to confirm that it is you",
    "BindNewIdentifier": "Your code for a new address",
}


def send(address: str, purpose: str = "Generic", *, record_id: str | None = None) -> None:
    """Send a new code to an email, or to a phone in digits; an older one stops working.

    With the id of a verification record the code is good for that record only.

    Raises errors.Refused: 501 without a connector for it, 429 `request.message_rate_limited`.
    """
    with state.tenant.lock:
        kind = "Email" if "@" in address else "Sms"
        if not any(one["type"] == kind for one in state.tenant.connectors.values()):
            raise errors.Refused(501, "connector.not_found", f"There is no {kind} connector.")
        _count_send(address)
        digits = f"{secrets.randbelow(10**6):06}"
        state.tenant.codes[record_id or purpose, address] = {
            "code": digits,
            "tries": 0,
            "expires_at": state.now() + LIFETIME,
        }
        subject = SUBJECTS.get(purpose, SUBJECTS["Generic"])
        text = f"{digits} is your code. It works for ten minutes."
        state.tenant.send(address, subject=subject, text=text, code=digits)


def verify(
    address: str, digits: str, purpose: str = "Generic", *, record_id: str | None = None
) -> None:
    """Take a code, once.

    Raises errors.Refused, 400 `verification_code.{not_found,expired,exceed_max_try,code_mismatch}`.
    """
    with state.tenant.lock:
        sent = state.tenant.codes.get((record_id or purpose, address))
        if sent is None or sent["code"] is None:
            raise _refused("not_found", "No code waits for this address.")
        if sent["expires_at"] < state.now():
            raise _refused("expired", "This code is too old.")
        if sent["tries"] >= MAX_TRIES:
            raise _refused("exceed_max_try", "There were too many tries with this code.")
        if not hmac.compare_digest(sent["code"].encode(), digits.encode()):
            sent["tries"] += 1
            raise _refused("code_mismatch", "This is another code.")
        sent["code"] = None


def _count_send(address: str) -> None:
    """Raises errors.Refused, 429, where an address has had its share."""
    now = state.now()
    sends = [at for at in state.tenant.code_sends.get(address, ()) if at > now - LIFETIME]
    if len(sends) >= MAX_SENDS:
        code = "request.message_rate_limited"
        raise errors.Refused(429, code, "This address has had too many messages. Wait a while.")
    state.tenant.code_sends[address] = [*sends, now]


def _refused(kind: str, message: str) -> errors.Refused:
    return errors.Refused(400, f"verification_code.{kind}", message)
