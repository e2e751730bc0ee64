"""Logto's audit log. Its payloads hold codes and other people's data: only what we name is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading
from accountsite.logto.client import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened. `key` is Logto's, e.g. `Interaction.SignIn.Submit`.

    `error_code` names a failure, where Logto does. `verified_by` are the kinds of proof given at
    a sign-in, e.g. `Password`.
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
    created_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's logs."""
        answer = reading.obj(data)
        payload = reading.part(answer, "payload")
        interaction = reading.part_or_empty(payload, "interaction")
        return cls(
            id=reading.text(answer, "id"),
            key=reading.text(answer, "key"),
            is_success=payload.get("result") == "Success",
            error_code=_error_code(payload.get("error")),
            account_id=reading.text_or_none(payload, "userId"),
            application_id=reading.text_or_none(payload, "applicationId"),
            session_id=reading.text_or_none(payload, "sessionId"),
            ip=reading.text_or_none(payload, "ip"),
            user_agent=reading.text_or_none(payload, "userAgent"),
            verified_by=reading.items(
                interaction, "verificationRecords", reading.inside("type", reading.str_)
            ),
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

    The total is left out when Logto stopped counting.
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
    """One entry. Raises NotFound."""
    return client.get("/logs/{}", entry_id, read=Entry.from_json)


def _error_code(error: Any) -> str | None:
    """Logto's code; other errors are sentences or stacks that may quote input."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None
