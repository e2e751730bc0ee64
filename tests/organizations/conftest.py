"""Logto as this section meets it: organizations, their members and roles, and invitations."""

import json
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from django.test import Client

from accountsite.confirmation import proofs
from tests.conftest import ALICE, API
from tests.logto import answers
from tests.round_trips import RoundTrips
from tests.signin.conftest import user

BOB = "bob000000001"
ADMIN = {"id": "r-admin", "name": "admin", "description": "Runs it"}
MEMBER = {"id": "r-member", "name": "member", "description": None}
HOUR = 3600 * 1000


class Logto:
    """What it holds, and what it was told to change."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.person = user(primaryEmail="alice@example.com")
        self.organizations: dict[str, dict[str, Any]] = {}
        self.members: dict[str, dict[str, list[str]]] = {}
        """By organization and person, the ids of roles."""
        self.invitations: list[dict[str, Any]] = []
        self.template = [
            _role(ADMIN, "manage:members", "book:berth"),
            _role(MEMBER, "book:berth", apis=[("read", "Weather")]),
        ]
        self.scopes = [
            {"id": "s1", "name": "manage:members", "description": "Invite and remove members"},
            {"id": "s2", "name": "book:berth", "description": None},
        ]
        self.roles: list[dict[str, Any]] = []
        self.suspended: set[str] = set()
        self.lists_all_invitations = False
        """As a Logto does that does not know to narrow them by address."""
        self.writes: list[str] = []
        self.calls: list[str] = []
        self.down: set[str] = set()
        """Ends of paths that answer 503."""
        self.meanwhile: Any = lambda: None
        """What happens elsewhere before the next write."""
        self.trips = RoundTrips()
        one = r"[\w-]+"
        for method, path, answer in (
            ("GET", f"/users/{ALICE}", lambda _p, _q, _b: (200, self.person)),
            ("GET", f"/users/{ALICE}/organizations", self._of_alice),
            ("GET", f"/users/{ALICE}/roles", lambda _p, _q, _b: (200, self.roles)),
            ("GET", "/organization-roles", lambda _p, _q, _b: (200, self.template)),
            ("GET", "/organization-scopes", lambda _p, _q, _b: (200, self.scopes)),
            ("GET", "/organization-invitations", self._invitations),
            ("GET", f"/organizations/{one}", self._organization),
            ("GET", f"/organizations/{one}/users", self._members),
            ("DELETE", f"/organizations/{one}/users/{one}", self._remove),
            ("PUT", f"/organization-invitations/{one}/status", self._answer),
        ):
            url = re.compile(rf"{API}{path}(\?.*)?$")
            wire.add_callback(method, url, self.trips.of(self._answering(method, answer)))

    # What a test arranges

    def club(self, name: str = "club", *, title: str | None = None, **members: str) -> None:
        """An organization, with members and a role of each: `alice="admin"`; "" for none."""
        self.organizations[name] = answers.organization(
            id=name, name=title or name.title(), branding={}
        )
        ids = {"alice": ALICE, "bob": BOB}
        self.members[name] = {
            ids.get(who, who): [f"r-{role}"] if role else [] for who, role in members.items()
        }

    def invites(self, name: str = "club", **changes: Any) -> dict[str, Any]:
        """Let an organization invite alice."""
        if name not in self.organizations:
            self.club(name, bob="admin")
        now = int(time.time() * 1000)
        made = answers.invitation(
            id=f"invitation-{len(self.invitations)}",
            organizationId=name,
            invitee="alice@example.com",
            createdAt=now,
            expiresAt=now + HOUR,
            organizationRoles=[{"id": "r-member", "name": "member"}],
        )
        self.invitations.append(made | changes)
        return self.invitations[-1]

    # The wire

    def _answering(self, method: str, answer: Any) -> Any:
        def answering(request: Any) -> Any:
            url = urlsplit(request.url)
            path = url.path.removeprefix("/api")
            self.calls.append(f"{method} {path}")
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            if method != "GET":
                self.meanwhile()
                self.writes.append(f"{method} {path}")
            if any(path.endswith(end) for end in self.down):
                return 503, {}, ""
            body = json.loads(request.body) if request.body else None
            status, told = answer(path.split("/"), query, body)
            headers = {}
            if "page" in query:
                headers["Total-Number"] = str(len(told))
                size = int(query["page_size"])
                told = told[(int(query["page"]) - 1) * size :][:size]
            return status, headers, json.dumps(told) if told is not None else ""

        return answering

    def _of_alice(self, _path: Any, _query: Any, _body: Any) -> Any:
        named = {each["id"]: each for each in self.template}
        return 200, [
            self.organizations[name]
            | {"organizationRoles": [_short(named[held]) for held in members[ALICE]]}
            for name, members in self.members.items()
            if ALICE in members
        ]

    def _organization(self, path: Any, _query: Any, _body: Any) -> Any:
        found = self.organizations.get(path[2])
        return (200, found) if found else (404, _no("entity.not_exists_with_id"))

    def _invitations(self, _path: Any, query: Any, _body: Any) -> Any:
        wanted = query["invitee"].lower()
        return 200, [
            each
            for each in self.invitations
            if self.lists_all_invitations or each["invitee"].lower() == wanted
        ]

    def _members(self, path: Any, query: Any, _body: Any) -> Any:
        role = query.get("organizationRoleId")
        found = [who for who, held in self.members[path[2]].items() if role is None or role in held]
        return 200, [
            user(id=who, isSuspended=who in self.suspended) | {"organizationRoles": []}
            for who in found
        ]

    def _remove(self, path: Any, _query: Any, _body: Any) -> Any:
        if self.members[path[2]].pop(path[4], None) is None:
            return 404, _no("entity.not_found")
        return 204, None

    def _answer(self, path: Any, _query: Any, body: Any) -> Any:
        asked = next(each for each in self.invitations if each["id"] == path[2])
        if asked["status"] != "Pending":
            return 422, _no("request.invalid_input")
        asked["status"] = body["status"]
        if body["status"] == "Accepted":
            held = [role["id"] for role in asked["organizationRoles"]]
            self.members[asked["organizationId"]][body["acceptedUserId"]] = held
        return 200, asked


def _role(role: dict[str, Any], *scopes: str, apis: Any = ()) -> dict[str, Any]:
    return {
        **role,
        "type": "User",
        "scopes": [{"id": f"s-{name}", "name": name} for name in scopes],
        "resourceScopes": [
            {"id": f"a-{name}", "name": name, "resource": {"id": f"api-{api}", "name": api}}
            for name, api in apis
        ],
    }


def _short(role: dict[str, Any]) -> dict[str, Any]:
    return {"id": role["id"], "name": role["name"]}


def _no(code: str) -> Any:
    return {"code": code, "message": "no"}


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def alice(alice: Client) -> Client:
    """Alice, who has just proved that it's her, and reads English."""
    alice.cookies["language"] = "en"
    session = alice.session
    proofs.note(session)
    session.save()
    return alice
