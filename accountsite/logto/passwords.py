"""Passwords: checked, set, and held against the tenant's policy.

Logto's own calls enforce nothing: no policy, no lock after wrong tries, and no session ends.
"""

from dataclasses import dataclass
from typing import Any, Self

from accountsite.logto import client, errors, reading
from accountsite.logto.errors import PasswordIssue

UNCHECKED = "request.invalid_input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the tenant's policy says to a password."""

    is_accepted: bool
    issues: tuple[PasswordIssue, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `check-password`, which is a 400 when the password is refused."""
        answer = reading.obj(data)
        return cls(
            is_accepted=reading.flag(answer, "result"),
            issues=reading.items(answer, "issues", PasswordIssue.from_json),
        )


def verify(account_id: str, password: str) -> None:
    """Check the current password. Count the tries: Logto does not.

    Raises WrongPassword, also for an account without one, and NotFound.
    """
    client.post(
        "/users/{}/password/verify", account_id, body={"password": password}, read=reading.nothing
    )


def change(account_id: str, password: str) -> None:
    """Set a password, any password, and end no session. Raises NotFound and Invalid."""
    client.patch(
        "/users/{}/password", account_id, body={"password": password}, read=reading.nothing
    )


def is_set(account_id: str) -> bool:
    """Whether the account has a password. Raises NotFound."""
    read = reading.inside("hasPassword", reading.bool_)
    return client.get("/users/{}/has-password", account_id, read=read)


def check(password: str, *, account_id: str | None = None) -> Verdict:
    """Hold a password against the tenant's policy.

    Name the account: a policy that looks at a person's own data raises PasswordUnchecked without
    (measured). A policy that knows breached passwords makes Logto ask the internet, and does so
    too, or raises Unavailable, when Logto can't reach it (both measured).
    """
    body = {"password": password, **({"userId": account_id} if account_id else {})}
    try:
        return client.post(
            "/sign-in-exp/default/check-password",
            body=body,
            read=Verdict.from_json,
            accept=_is_verdict,
        )
    except errors.Invalid as refusal:
        if refusal.code != UNCHECKED:
            raise
        raise errors.PasswordUnchecked(status=refusal.status, code=refusal.code) from refusal


def set_expired(account_id: str, *, is_expired: bool) -> None:
    """Make the person choose a new password at their next sign-in, or no longer.

    Raises PasswordExpirationOff unless the tenant expires passwords, and NotFound.
    """
    client.patch(
        "/users/{}/password/expiration",
        account_id,
        body={"isExpired": is_expired},
        read=reading.nothing,
    )


def _is_verdict(status: int, data: Any) -> bool:
    return status == 400 and isinstance(data, dict) and "result" in data  # noqa: PLR2004 - HTTP's
