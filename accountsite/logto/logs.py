"""Logto's audit log. Its payloads hold codes and other people's data: only what we name is read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from accountsite import origin
from accountsite.logto import client, reading
from accountsite.logto.client import Page
from accountsite.logto.reading import Json

# What a sign-in that is only not complete yet is refused with: the next step of it follows.
STEPS = ("session.mfa.", "user.missing_", "user.suggest_")
PERSONAL_ACCESS_TOKEN = "urn:logto:token-type:personal_access_token"  # noqa: S105 - a name


class Key(StrEnum):
    """What happened, in Logto's words; there are more of them."""

    SIGN_IN = "Interaction.SignIn.Submit"
    REGISTRATION = "Interaction.Register.Submit"
    PASSWORD_RESET = "Interaction.ForgotPassword.Submit"  # noqa: S105 - a name
    CODE_EXCHANGE = "ExchangeTokenBy.AuthorizationCode"
    REFRESH = "ExchangeTokenBy.RefreshToken"
    TOKEN_EXCHANGE = "ExchangeTokenBy.TokenExchange"  # noqa: S105 - a name
    REVOCATION = "RevokeToken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened. `key` is Logto's, one of `Key` or another.

    `error_code` names a failure, where Logto does. `verified_by` are the kinds of proof given at
    a sign-in, e.g. `Password`. `exchanged` is the type of token that was exchanged for another.
    """

    id: str
    key: str
    is_success: bool
    error_code: str | None
    account_id: str | None
    application_id: str | None
    session_id: str | None
    ip: str | None
    user_agent: str | None
    verified_by: tuple[str, ...]
    exchanged: str | None
    created_at: datetime

    @property
    def is_step(self) -> bool:
        """Whether it failed for nothing but another step that is wanted, as with two of them.

        Such are Logto's codes `session.mfa.require_mfa_verification` and `user.missing_profile`.
        """
        return not self.is_success and (self.error_code or "").startswith(STEPS)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's logs. What of a payload is not as we know it counts as missing."""
        answer = reading.obj(data)
        payload = reading.part(answer, "payload")
        return cls(
            id=reading.text(answer, "id"),
            key=reading.text(answer, "key"),
            is_success=payload.get("result") == "Success",
            error_code=_error_code(payload.get("error")),
            account_id=reading.loose_text(payload, "userId"),
            application_id=reading.loose_text(payload, "applicationId"),
            session_id=reading.loose_text(payload, "sessionId"),
            ip=origin.plain(reading.loose_text(payload, "ip") or "") or None,
            user_agent=reading.loose_text(payload, "userAgent"),
            verified_by=tuple(_proofs(_inside(payload, "interaction"))),
            exchanged=reading.loose_text(_inside(payload, "params"), "subject_token_type"),
            created_at=reading.moment(answer, "createdAt"),
        )


def search(  # noqa: PLR0913 - each narrows the list in its own way
    *,
    account_id: str | None = None,
    application_id: str | None = None,
    key: str | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
    page: int = 1,
    page_size: int = client.PAGE_SIZE,
) -> Page[Entry]:
    """A page of the log, newest first, with exactly this key and between these times.

    Both times are among what is found, to the millisecond. The total is left out when Logto
    stopped counting.
    """
    query = {
        "userId": account_id,
        "applicationId": application_id,
        "logKey": key,
        "start_time": reading.milliseconds(after) if after else None,
        "end_time": reading.milliseconds(before) if before else None,
        "enableCap": True,
    }
    return client.page("/logs", read=Entry.from_json, query=query, number=page, size=page_size)


def get(entry_id: str) -> Entry:
    """One entry, whoever it is about. Raises NotFound."""
    return client.get("/logs/{}", entry_id, read=Entry.from_json)


def _error_code(error: Any) -> str | None:
    """Logto's code; other errors are sentences or stacks that may quote input."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


def _inside(data: Json, key: str) -> Json:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _proofs(interaction: Json) -> list[str]:
    """The kinds of proof, in their order; one that was begun and not given is none."""
    records = interaction.get("verificationRecords")
    every = (
        [record for record in records if isinstance(record, dict)]
        if isinstance(records, list)
        else []
    )
    given = [record for record in every if record.get("verified") is not False]
    return [kind for record in given if isinstance(kind := record.get("type"), str)]
