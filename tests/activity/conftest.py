"""What happened to alice, and Logto as her pages meet it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses

from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from tests.conftest import ALICE, API
from tests.elsewhere.conftest import Logto as Sessions
from tests.logto import answers
from tests.signin.conftest import user

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36"
)


def happened(action: str = Action.PASSWORD_CHANGED, **changes: Any) -> AuditEvent:
    """Write down that something happened to alice; done by herself, if nothing else is said."""
    values = {
        "account_id": ALICE,
        "actor_kind": "person",
        "actor_id": ALICE,
        "action": action,
        "outcome": Outcome.DONE,
        "started_at": NOON,
        "user_agent": CHROME,
        "address": "192.0.2.7",
        **changes,
    }
    return AuditEvent.objects.create(**values)


def many(count: int) -> None:
    """Something each hour, up to noon."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            account_id=ALICE,
            actor_kind="person",
            action=Action.PROFILE_CHANGED,
            outcome=Outcome.DONE,
            started_at=NOON - timedelta(hours=count - number),
            request_id=f"number-{number}",
        )
        for number in range(count)
    )


class Logto(Sessions):
    """The person, the tenant, and where else she is signed in."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        wire.get(f"{API}/users/{ALICE}", json=user())
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience())
        wire.get(f"{API}/account-center", json=answers.account_center(enabled=False))
        wire.get(f"{API}/custom-profile-fields", json=[])

    def keeps_passwords(self) -> None:
        """Let nobody change their password here."""
        self.wire.replace(
            "GET",
            f"{API}/account-center",
            json=answers.account_center(enabled=True, fields={"password": "Off"}),
        )

    def is_down(self) -> None:
        """Answer nothing."""
        for path in (f"users/{ALICE}", "sign-in-exp", "account-center", "custom-profile-fields"):
            self.wire.replace("GET", f"{API}/{path}", status=503)
        self.fails("sessions")
        self.fails("grants")


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


def text_of(tag: Any) -> str:
    """What is to be read, in one line."""
    return " ".join(tag.get_text(" ").replace("\u202f", " ").split())
