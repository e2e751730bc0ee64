"""What happened to alice, and Logto as her pages meet it."""

import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from tests.conftest import ALICE, API
from tests.elsewhere.conftest import Logto as Sessions
from tests.logto import answers
from tests.signin.conftest import user

ENGLISH = {"autoDetect": True, "fallbackLanguage": "en"}
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


def log(at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """An entry of Logto's log: alice signed in with her password, if nothing else is said."""
    key = changes.pop("key", "Interaction.SignIn.Submit")
    payload = {
        "key": key,
        "result": "Success",
        "ip": "192.0.2.7",
        "userAgent": CHROME,
        "userId": ALICE,
        "applicationId": "mail",
        "interaction": {"verificationRecords": [{"type": "Password", "verified": True}]},
    }
    return {
        "tenantId": "default",
        "id": changes.pop("id", f"log{next(_numbers)}"),
        "key": key,
        "payload": payload | changes,
        "createdAt": int(at.timestamp() * 1000),
    }


_numbers = itertools.count(1)


class Logto(Sessions):
    """The person, the tenant, what it wrote down, and where else she is signed in."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        self.log: list[dict[str, Any]] = []
        self.queries: list[dict[str, str]] = []
        self.app_name = "Acme Mail"
        self.tokens: list[dict[str, Any]] = []
        self.third_party: list[dict[str, Any]] = []
        person = f"{API}/users/{ALICE}"
        wire.add_callback(responses.GET, f"{API}/logs", self._logs)
        wire.add_callback(responses.GET, re.compile(rf"{re.escape(API)}/logs/.+"), self._log)
        wire.add_callback(responses.GET, f"{API}/applications", self._applications)
        wire.add_callback(responses.GET, f"{person}/personal-access-tokens", self._tokens)
        wire.add_callback(
            responses.POST, f"{person}/personal-access-tokens/delete", self._remove_token
        )
        wire.get(f"{API}/users/{ALICE}", json=user())
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience(languageInfo=ENGLISH))
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
        for name in ("grants", "third-party grants", "tokens", "logs", "applications"):
            self.fails(name)

    def _logs(self, request: Any) -> Any:
        """As Logto finds them: exact keys, both times included, newest first."""
        query = {name: value[0] for name, value in parse_qs(urlsplit(request.url).query).items()}
        self.queries.append(query)
        found = [
            row
            for row in sorted(self.log, key=lambda row: row["createdAt"], reverse=True)
            if row["key"] == query["logKey"]
            and int(query.get("start_time", 0)) <= row["createdAt"]
            and row["createdAt"] <= int(query.get("end_time", 9e15))
        ]
        return self._answer("logs", found[: int(query["page_size"])])

    def _log(self, request: Any) -> Any:
        wanted = urlsplit(request.url).path.rpartition("/")[2]
        found = [row for row in self.log if row["id"] == wanted]
        if not found:
            return 404, {}, json.dumps({"code": "entity.not_exists_with_id", "message": "no"})
        return self._answer("logs", found[0])

    def _applications(self, _request: Any) -> Any:
        return self._answer("applications", [answers.application(id="mail", name=self.app_name)])

    def _grants(self, request: Any) -> Any:
        if "thirdParty" in request.url:
            return self._answer("third-party grants", {"grants": self.third_party})
        return super()._grants(request)

    def _tokens(self, _request: Any) -> Any:
        return self._answer("tokens", self.tokens)

    def _remove_token(self, request: Any) -> Any:
        name = json.loads(request.body)["name"]
        self.ended.append((name, "token"))
        return self._answer(name, None)


@pytest.fixture(autouse=True)
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


def text_of(tag: Any) -> str:
    """What is to be read, in one line."""
    return " ".join(tag.get_text(" ").replace("\u202f", " ").split())
