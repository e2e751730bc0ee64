"""Logto as connections meet it: both APIs, and providers that answer as a test wants."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import responses

from tests.conftest import ALICE, API
from tests.logto import answers
from tests.security import logto as security

PROVIDER = "https://provider.test/authorize"


class Logto(security.Logto):
    """The calls are `authorize`, `bind`, `unbind`, `start`, `verify`, `link`, `replace`, `forget`."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        self.connectors = [connector("github"), connector("google"), connector("apple")]
        self.companies: list[dict[str, Any]] = [answers.enterprise_connector()]
        self.kept: dict[str, dict[str, Any]] = {}
        self.owners: dict[tuple[str, str], str] = {}
        """By target and id there, whose it is, if it is somebody else's."""
        self.records: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, Any] = {}
        """The last body of each call."""
        self.offers(*(each["target"] for each in self.connectors))
        self.lets(social="Edit")
        person = f"{API}/users/{ALICE}"
        for method, path, call, answer in (
            ("GET", f"{API}/connectors", "GET connectors", lambda _r: (200, self.connectors)),
            ("GET", f"{API}/sso-connectors", "GET companies", lambda _r: (200, self.companies)),
            ("GET", f"{person}/all-identities", "GET everything", self._everything),
            ("POST", rf"{API}/connectors/\w+/authorization-uri", "authorize", self._authorize),
            ("POST", f"{person}/identities", "bind", self._bind),
            ("DELETE", rf"{person}/identities/[^/]+", "unbind", self._unbind),
            ("DELETE", rf"{API}/secrets/\w+", "forget", self._forget),
            ("POST", f"{API}/verifications/social", "start", self._start),
            ("POST", f"{API}/verifications/social/verify", "verify", self._verify_social),
            ("POST", f"{API}/my-account/identities", "link", self._link),
            ("PUT", f"{API}/my-account/identities", "replace", self._link),
        ):
            pattern = re.compile(rf"{path}(\?.*)?$")
            wire.add_callback(method, pattern, self._answering(call, answer))

    # What a test arranges

    def offers(self, *targets: str) -> None:
        """Let people sign in through these."""
        self.experience["socialSignInConnectorTargets"] = list(targets)

    def is_connected(self, target: str = "github", subject: str = "gh-1", **details: Any) -> None:
        """Let the person have an account there."""
        self.identities[target] = answers.identity(userId=subject) | {
            "details": {"name": "Ada on GitHub", "email": "ada@github.example", **details}
        }

    def works_for(self, **changes: Any) -> None:
        """Let the person have an enterprise identity."""
        self.person["ssoIdentities"] = [answers.enterprise_identity(**changes)]

    def keeps(self, target: str = "github", **changes: Any) -> None:
        """Keep tokens of the person's account there."""
        self.kept[target] = answers.token_secret(target=target, **changes)

    @property
    def identities(self) -> dict[str, Any]:
        """What the person has, by target."""
        known: dict[str, Any] = self.person["identities"]
        return known

    def count(self, call: str) -> int:
        return self.calls.count(call)

    # The wire

    def _everything(self, request: Any) -> Any:
        with_tokens = "includeTokenSecret" in request.url
        return 200, {
            "socialIdentities": [
                {"target": target, "identity": identity}
                | (
                    {"tokenSecret": self.kept[target]}
                    if with_tokens and target in self.kept
                    else {}
                )
                for target, identity in self.identities.items()
            ],
            "ssoIdentities": [
                {"ssoIdentity": each, "ssoConnectorId": each["ssoConnectorId"]}
                | ({"tokenSecret": self.kept["company"]} if "company" in self.kept else {})
                for each in self.person.get("ssoIdentities", [])
            ],
        }

    def _authorize(self, request: Any) -> Any:
        asked = self.sent["authorize"] = json.loads(request.body)
        return 200, {"redirectTo": _address(asked)}

    def _bind(self, request: Any) -> Any:
        asked = self.sent["bind"] = json.loads(request.body)
        found = [each for each in self.connectors if each["id"] == asked["connectorId"]]
        if not found:
            return _refused(404, "entity.not_found")
        return self._bound(found[0]["target"], asked["connectorData"])

    def _bound(self, target: str, data: dict[str, Any]) -> Any:
        if data.get("code") == "bad":
            return _refused(400, "connector.general")
        subject = data["code"]
        if (target, subject) in self.owners:
            return _refused(422, "user.identity_already_in_use")
        self.is_connected(target, subject, name=f"Me as {subject}")
        return 200, self.identities

    def _unbind(self, request: Any) -> Any:
        target = unquote(request.url.rpartition("/")[2])
        if target not in self.identities:
            return _refused(404, "user.identity_not_exist")
        del self.identities[target]
        return 200, self.person

    def _forget(self, request: Any) -> Any:
        name = request.url.rpartition("/")[2]
        for target, kept in list(self.kept.items()):
            if kept["id"] == name:
                del self.kept[target]
                return 204, None
        return _refused(404, "entity.not_found")

    def _start(self, request: Any) -> Any:
        asked = self.sent["start"] = json.loads(request.body)
        record = f"record{len(self.records) + 1}"
        self.records[record] = {"connector": asked["connectorId"]}
        ends = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
        return 201, {
            "verificationRecordId": record,
            "expiresAt": ends,
            "authorizationUri": _address(asked),
        }

    def _verify_social(self, request: Any) -> Any:
        asked = self.sent["verify"] = json.loads(request.body)
        record = self.records.get(asked["verificationRecordId"])
        if record is None:
            return _refused(400, "verification_record.not_found")
        if asked["connectorData"]["code"] == "bad":
            return _refused(400, "connector.general")
        record["data"] = asked["connectorData"]
        return 200, {"verificationRecordId": asked["verificationRecordId"]}

    def _link(self, request: Any) -> Any:
        asked = json.loads(request.body)
        call = "link" if request.method == "POST" else "replace"
        self.sent[call] = asked | {"proof": request.headers.get("logto-verification-id")}
        record = self.records[asked["newIdentifierVerificationRecordId"]]
        found = next(each for each in self.connectors if each["id"] == record["connector"])
        if call == "link" and found["target"] in self.identities:
            return _refused(400, "user.identity_already_in_use")
        status, body = self._bound(found["target"], record["data"])
        return (204, None) if status == 200 else (status, body)


def connector(target: str, **changes: Any) -> dict[str, Any]:
    """A connector to a provider, which takes any code."""
    name = {"github": "GitHub"}.get(target, target.capitalize())
    return answers.connector(
        id=f"conn{re.sub(r'\W', '', target)}",
        target=target,
        connectorId=f"{target}-universal",
        name={"en": name},
    ) | (changes)


def state_of(address: str) -> str:
    """The state that the person takes along to the provider."""
    return parse_qs(urlsplit(address).query)["state"][0]


def _address(asked: dict[str, Any]) -> str:
    query = {"state": asked["state"], "redirect_uri": asked["redirectUri"]}
    return f"{PROVIDER}?{urlencode(query)}"


def _refused(status: int, code: str) -> Any:
    return status, {"code": code, "message": "no"}
