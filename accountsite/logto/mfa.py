"""Second factors of a person, and their own switch for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading
from accountsite.logto.sign_in_experience import Factor

BACKUP_CODE_COUNT = 10
BACKUP_CODE_DIGITS = 10  # hexadecimal, lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A factor that the person set up.

    `agent` (the browser it was made in) and `name` only for passkeys, `remaining_codes` only for
    backup codes.
    """

    id: str
    factor: Factor
    created_at: datetime
    last_used_at: datetime | None
    agent: str | None
    name: str | None
    remaining_codes: int | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `mfa-verifications`, of either API."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            factor=Factor(reading.text(answer, "type")),
            created_at=reading.moment(answer, "createdAt"),
            last_used_at=reading.moment_or_none(answer, "lastUsedAt"),
            agent=reading.text_or_none(answer, "agent"),
            name=reading.text_or_none(answer, "name"),
            remaining_codes=reading.whole_or_none(answer, "remainCodes"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the person chose.

    `is_enabled` is None where they never said. `skips_at_sign_in` counts only where the tenant's
    policy is not mandatory. The other two say that they waved a suggestion away.
    """

    is_enabled: bool | None
    skips_at_sign_in: bool
    is_suggestion_skipped: bool
    is_passkey_suggestion_skipped: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `logto-configs`."""
        answer = reading.obj(data)
        mfa = reading.part(answer, "mfa")
        return cls(
            is_enabled=reading.flag_or_none(mfa, "enabled"),
            skips_at_sign_in=reading.flag(mfa, "skipMfaOnSignIn"),
            is_suggestion_skipped=reading.flag(mfa, "skipped"),
            is_passkey_suggestion_skipped=reading.flag(
                reading.part(answer, "passkeySignIn"), "skipped"
            ),
        )


def of_user(account_id: str) -> tuple[Bound, ...]:
    """The factors that a person set up. Raises NotFound."""
    return client.get("/users/{}/mfa-verifications", account_id, read=reading.each(Bound.from_json))


def add_totp(account_id: str, *, secret: str) -> None:
    """Bind an authenticator app. Check a code of it before: Logto does not.

    The secret is upper-case base32; Logto would bind an empty one (measured), we refuse it. Raises
    TotpAlreadyBound, TotpSecretInvalid, NotFound, and ValueError for an empty secret.
    """
    if not secret:
        raise ValueError("an empty secret would let everybody in")
    body = {"type": Factor.TOTP.value, "secret": secret}
    client.post("/users/{}/mfa-verifications", account_id, body=body, read=reading.nothing)


def add_backup_codes(account_id: str, *, codes: Iterable[str] | None = None) -> tuple[str, ...]:
    """Bind backup codes, Logto's own or these ten of ten hexadecimal digits. Gives them.

    Raises BackupCodesAlone without another factor, BackupCodesAlreadyBound while some are
    unused, BackupCodesMalformed, and NotFound.
    """
    body = {
        "type": Factor.BACKUP_CODE.value,
        **({"codes": list(codes)} if codes is not None else {}),
    }
    return client.post(
        "/users/{}/mfa-verifications",
        account_id,
        body=body,
        read=lambda data: reading.texts(reading.obj(data), "codes"),
    )


def delete(account_id: str, *, factor_id: str) -> None:
    """Unbind a factor.

    Logto checks no policy, and leaves backup codes behind alone: delete them too. Raises
    NotFound.
    """
    client.delete("/users/{}/mfa-verifications/{}", account_id, factor_id)


def settings(account_id: str) -> Settings:
    """What the person chose. Raises NotFound."""
    return client.get("/users/{}/logto-configs", account_id, read=Settings.from_json)


def update_settings(
    account_id: str,
    *,
    is_enabled: bool | None = None,
    skips_at_sign_in: bool | None = None,
    is_suggestion_skipped: bool | None = None,
    is_passkey_suggestion_skipped: bool | None = None,
) -> Settings:
    """Change what is given. Raises NotFound."""
    mfa = {
        "enabled": is_enabled,
        "skipMfaOnSignIn": skips_at_sign_in,
        "skipped": is_suggestion_skipped,
    }
    given = {key: value for key, value in mfa.items() if value is not None}
    body: dict[str, Any] = {"mfa": given} if given else {}
    if is_passkey_suggestion_skipped is not None:
        body["passkeySignIn"] = {"skipped": is_passkey_suggestion_skipped}
    return client.patch("/users/{}/logto-configs", account_id, body=body, read=Settings.from_json)
