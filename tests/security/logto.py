"""Logto as this section meets it: one person, one tenant, and every call that it gets."""

import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import responses
from django.conf import settings

from accountsite.logto import parallel
from tests.conftest import ALICE, API
from tests.logto import answers
from tests.signin.conftest import user

PASSWORD = "Teacup-Orbit-27"
SID = "sid-1"
LATENCY = 0.2  # seconds; so much later than its call comes the answer, where trips are counted


class Logto:
    """The wire's other end, at which a test changes what it likes, and looks at what came."""

    def __init__(self, wire: responses.RequestsMock, endpoint: str = API) -> None:
        self.person = user(primaryEmail="alice@example.com")
        self.password: str | None = PASSWORD
        self.factors: list[dict[str, Any]] = []
        self.settings: dict[str, Any] = {"skipped": False, "skipMfaOnSignIn": False}
        self.experience = answers.sign_in_experience(
            languageInfo={"autoDetect": True, "fallbackLanguage": "en"},
            passwordPolicy={"length": {"min": 8}, "characterTypes": {"min": 2}},
            passwordExpiration={},
            mfa={"factors": ["Totp", "WebAuthn", "BackupCode"], "policy": "NoPrompt"},
        )
        self.center = answers.account_center(enabled=False)
        self.issues: list[dict[str, Any]] = []
        self.sessions = [session("here", sid=SID), session("phone"), session("thief")]
        self.calls: list[str] = []
        """Every call, as `POST mfa-verifications`."""
        self.codes_known: list[tuple[str, ...]] = []
        """Every set of backup codes that was ever bound."""
        self.then: Callable[[str], None] = lambda _call: None
        """Done after a call was obeyed, before its answer goes out."""
        self._planned: dict[str, list[Any]] = {}
        self._spans: list[tuple[float, float]] = []
        self._lock = threading.RLock()
        self._latency = 0.0
        self._listen(wire, endpoint)

    # What a test arranges

    def has(self, *kinds: str, left: int = 10) -> "Logto":
        """Let the person have these factors."""
        self.factors += [factor(kind, left=left) for kind in kinds]
        return self

    def wants(self, policy: str = "Mandatory", *factors: str) -> None:
        """Let the tenant have this policy, and these factors."""
        kinds = list(factors) or self.experience["mfa"]["factors"]
        self.experience["mfa"] = {"factors": kinds, "policy": policy}

    def lets(self, **controls: str) -> None:
        """Switch the account center on; what is not named is Edit."""
        self.center = answers.account_center(
            enabled=True, fields={"password": "Edit", "mfa": "Edit"} | controls
        )

    def fails(self, call: str, *how: Any) -> None:
        """Answer the next of these calls so: a status, (status, code), or `lost` after obeying."""
        self._planned.setdefault(call, []).extend(how or [503])

    def slows(self) -> None:
        """From now on, let answers take a while, for `round_trips`."""
        self._latency = LATENCY
        self._spans.clear()

    # What a test looks at

    @property
    def writes(self) -> list[str]:
        """The calls that change something."""
        reads = ("GET", "POST verify", "POST check-password")
        return [call for call in self.calls if not call.startswith(reads)]

    @property
    def round_trips(self) -> int:
        """How many times somebody waited for Logto: calls at the same time are one."""
        trips, until = 0, 0.0
        for begin, end in sorted(self._spans):
            if begin >= until:
                trips, until = trips + 1, end
            until = min(until, end)
        return trips

    def factor(self, kind: str) -> dict[str, Any] | None:
        """The bound factor of a kind."""
        return next((each for each in self.factors if each["type"] == kind), None)

    # The wire

    def _listen(self, wire: responses.RequestsMock, api: str) -> None:
        person = f"{api}/users/{ALICE}"
        self._on(wire, "GET", f"{api}/sign-in-exp", lambda _r: (200, self.experience))
        self._on(wire, "GET", f"{api}/account-center", lambda _r: (200, self.center))
        self._on(wire, "GET", f"{api}/custom-profile-fields", lambda _r: (200, []))
        self._on(wire, "GET", person, lambda _r: (200, self.person))
        self._on(wire, "GET", f"{person}/mfa-verifications", lambda _r: (200, self._shown()))
        self._on(wire, "POST", f"{person}/mfa-verifications", self._add)
        self._on(wire, "DELETE", rf"{person}/mfa-verifications/[\w-]+", self._delete)
        self._on(wire, "GET", f"{person}/logto-configs", lambda _r: (200, self._configs()))
        self._on(wire, "PATCH", f"{person}/logto-configs", self._configure)
        self._on(wire, "POST", f"{person}/password/verify", self._verify)
        self._on(wire, "PATCH", f"{person}/password", self._set_password)
        self._on(wire, "POST", f"{api}/sign-in-exp/default/check-password", self._check)
        self._on(wire, "GET", f"{person}/sessions", lambda _r: (200, {"sessions": self.sessions}))
        self._on(wire, "DELETE", rf"{person}/sessions/[\w-]+", self._end)
        self._on(wire, "GET", rf"{person}/grants", lambda _r: (200, {"grants": []}))
        own = api.removesuffix("/api") + "/api/my-account/mfa-verifications/totp"
        self._on(wire, "PUT", own, self._replace)

    def _on(
        self, wire: responses.RequestsMock, method: str, url: str, answer: Callable[[Any], Any]
    ) -> None:
        name = re.sub(r"/\[.*", "", url).rpartition("/")[2]
        name = "person" if name == ALICE else name
        pattern = re.compile(rf"{url}(\?.*)?$")
        wire.add_callback(method, pattern, self._answering(f"{method} {name}", answer))

    def _answering(self, call: str, answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def answering(request: Any) -> Any:
            begin = time.perf_counter()
            with self._lock:
                self.calls.append(call)
                planned = self._planned.get(call) or [None]
                how = planned.pop(0)
                status, body = (0, None) if how not in (None, "lost") else answer(request)
                self.then(call)
            self._wait()
            self._spans.append((begin, time.perf_counter()))
            if how == "lost":
                return 504, {}, ""
            if how is not None:
                status, body = _failure(how)
            return status, {}, json.dumps(body) if body is not None else ""

        return answering

    def _wait(self) -> None:
        """Let calls that were begun at the same time come, however busy this machine is."""
        if not self._latency:
            return
        give_up = time.monotonic() + 20 * LATENCY
        while not parallel._pool()._work_queue.empty() and time.monotonic() < give_up:
            time.sleep(0.01)
        time.sleep(self._latency)

    def _shown(self) -> list[dict[str, Any]]:
        return [
            {key: value for key, value in each.items() if key not in ("secret", "codes")}
            for each in self.factors
        ]

    def _add(self, request: Any) -> Any:
        body = json.loads(request.body)
        kind = body["type"]
        present = self.factor(kind)
        if kind == "Totp":
            if present:
                return _failure((422, "user.totp_already_in_use"))
            self.factors.append(factor("Totp", secret=body["secret"]))
            return 200, {"type": "Totp", "secret": body["secret"], "secretQrCode": "data:"}
        if not any(each["type"] in ("Totp", "WebAuthn") for each in self.factors):
            return _failure((422, "session.mfa.backup_code_can_not_be_alone"))
        if present and present["remainCodes"]:
            return _failure((422, "user.backup_code_already_in_use"))
        self.factors = [each for each in self.factors if each is not present]
        self.factors.append(factor("BackupCode", codes=body["codes"]))
        self.codes_known.append(tuple(body["codes"]))
        return 200, {"type": "BackupCode", "codes": body["codes"]}

    def _delete(self, request: Any) -> Any:
        name = request.url.rpartition("/")[2]
        kept = [each for each in self.factors if each["id"] != name]
        if len(kept) == len(self.factors):
            return _failure((404, "entity.not_found"))
        self.factors = kept
        return 204, None

    def _replace(self, request: Any) -> Any:
        body = json.loads(request.body)
        self.own = (request.headers["Authorization"], request.headers["logto-verification-id"])
        self.code = body["code"]
        self.factors = [each for each in self.factors if each["type"] != "Totp"]
        self.factors.append(factor("Totp", secret=body["secret"]))
        return 204, None

    def _configs(self) -> dict[str, Any]:
        return {"mfa": self.settings, "passkeySignIn": {"skipped": False}}

    def _configure(self, request: Any) -> Any:
        self.settings |= json.loads(request.body)["mfa"]
        return 200, self._configs()

    def _verify(self, request: Any) -> Any:
        is_right = json.loads(request.body)["password"] == self.password
        return (204, None) if is_right else _failure((422, "session.invalid_credentials"))

    def _check(self, request: Any) -> Any:
        assert json.loads(request.body)["userId"] == ALICE
        if self.issues:
            return 400, {"result": False, "issues": self.issues}
        return 200, {"result": True}

    def _set_password(self, request: Any) -> Any:
        self.password = json.loads(request.body)["password"]
        self.person["hasPassword"] = True
        return 200, self.person

    def _end(self, request: Any) -> Any:
        assert request.url.endswith("?revokeGrantsTarget=all")
        name = request.url.rpartition("/")[2].partition("?")[0]
        kept = [each for each in self.sessions if each["payload"]["uid"] != name]
        if len(kept) == len(self.sessions):
            return _failure((404, "oidc.session_not_found"))
        self.sessions = kept
        return 204, None


def _failure(how: Any) -> Any:
    status, code = how if isinstance(how, tuple) else (how, "")
    return status, {"code": code, "message": "no"} if code else None


_made: list[int] = []


def factor(kind: str, *, left: int = 10, **more: Any) -> dict[str, Any]:
    """A factor of a kind, as Logto keeps one."""
    _made.append(1)
    kept = answers.factor(id=f"{kind.lower()}{len(_made)}", type=kind, **more)
    return kept | ({"remainCodes": left} if kind == "BackupCode" else {})


def session(name: str, *, sid: str = "") -> dict[str, Any]:
    """A session of Logto's, in which this site got an ID token with this `sid`."""
    made = answers.session()
    authorizations = {settings.LOGTO_APP_ID: {"sid": sid or f"sid-of-{name}", "grantId": "g"}}
    made["payload"] |= {"uid": name, "authorizations": authorizations}
    return made
