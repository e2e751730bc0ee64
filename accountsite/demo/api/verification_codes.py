"""/verification-codes: prove an email or a phone. Verifying gives the address to no user."""

from typing import Any

from accountsite.demo import codes
from accountsite.demo.api import guard, users
from accountsite.demo.api.calls import Call


def _addressed(fields: dict[str, guard.Check]) -> guard.Check:
    """By email, or else by phone; the refusal names the one that was sent."""
    by_email = guard.obj({"email": users.EMAIL} | fields)
    by_phone = guard.obj({"phone": users.PHONE} | fields)

    def check(value: Any, path: guard.Path) -> Any:
        if isinstance(value, dict) and "email" in value:
            return by_email(value, path)
        if isinstance(value, dict) and "phone" in value:
            return by_phone(value, path)
        return guard.either(by_email, by_phone)(value, path)

    return check


RECIPIENT = _addressed({})
PROOF = _addressed({"verificationCode": guard.text()})


def send(call: Call) -> None:
    """Send a code, whether or not a user has the address."""
    recipient = call.body(RECIPIENT)
    codes.send(recipient.get("email") or recipient["phone"])


def verify(call: Call) -> None:
    """Take a code."""
    proof = call.body(PROOF)
    codes.verify(proof.get("email") or proof["phone"], proof["verificationCode"])
