"""Alice, the organizations she is in, and what becomes of them at Logto."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import responses
from django.conf import settings
from django.test import Client

from accountsite.confirmation import proofs
from accountsite.signin import session_store
from tests.conftest import ALICE, API
from tests.elsewhere.conftest import Logto as Devices
from tests.logto import answers
from tests.notices.conftest import mail_server
from tests.round_trips import RoundTrips
from tests.signin.conftest import user

__all__ = ["mail_server"]  # a fixture

ROLES = [
    {"id": "r-admin", "name": "admin", "scopes": [{"id": "s1", "name": "manage:members"}]},
    {"id": "r-member", "name": "member", "scopes": []},
]


class Logto(Devices):
    """A test sets what she is and where she belongs, and looks at `is_there` and `calls`."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        super().__init__(wire)
        self.person: dict[str, Any] | None = user()
        self.organizations: dict[str, dict[str, list[str]]] = {}
        self.calls: list[str] = []
        self.down: set[str] = set()
        self.missing: set[str] = set()
        self.round_trips = RoundTrips()
        self.before: Callable[[str], object] = lambda _call: None
        """What happens elsewhere when a call arrives; run in the thread that calls."""
        me = f"{API}/users/{ALICE}"
        wire.add_callback(responses.GET, me, self._get)
        wire.add_callback(responses.DELETE, me, self._delete)
        wire.add_callback(responses.GET, f"{me}/organizations", self._memberships)
        wire.get(f"{API}/organization-roles", json=ROLES)
        every = re.compile(rf"{re.escape(API)}/organizations/.+/users")
        wire.add_callback(responses.GET, every, self._members)
        wire.post(f"{me}/password/verify", status=204)

    @property
    def is_there(self) -> bool:
        """Whether Logto still has her account."""
        return self.person is not None

    def runs(self, name: str, *others: str) -> None:
        """Make her the only admin of an organization, in which these are too."""
        members = {key: ["r-member"] for key in others}
        self.organizations[name] = {ALICE: ["r-admin"], **members}

    def vanishes(self) -> None:
        """Somebody else deletes her account."""
        self.person = None

    def _get(self, _request: Any) -> Any:
        return self._told("get", self.person)

    def _delete(self, _request: Any) -> Any:
        self.calls.append("delete")
        self.before("delete")
        if "delete" in self.down:
            return 503, {}, "{}"
        found, self.person = self.person, None
        refusal = {"code": "entity.not_found", "message": "-"}
        return (204, {}, "") if found else (404, {}, json.dumps(refusal))

    def _memberships(self, _request: Any) -> Any:
        named = {role["id"]: {"id": role["id"], "name": role["name"]} for role in ROLES}
        found = [
            answers.organization(
                id=name, name=name, organizationRoles=[named[each] for each in members[ALICE]]
            )
            for name, members in self.organizations.items()
        ]
        return self._told("organizations", found if self.is_there else None)

    def _answer(self, name: str, body: Any) -> Any:
        answer = super()._answer
        return self.round_trips.of(lambda _request: answer(name, body))(None)

    def _members(self, request: Any) -> Any:
        name = unquote(request.url.split("/organizations/")[1].split("/")[0])
        role = request.params.get("organizationRoleId")
        size = int(request.params["page_size"])
        found = [
            answers.user(id=who, organizationRoles=[])
            for who, held in self.organizations[name].items()
            if role in (None, *held)
        ]
        told = (200, {"Total-Number": str(len(found))}, json.dumps(found[:size]))
        return self.round_trips.of(lambda _request: told)(request)

    def _told(self, call: str, body: Any) -> Any:
        self.calls.append(call)
        self.before(call)
        return self.round_trips.of(lambda _request: self._of(call, body))(None)

    def _of(self, call: str, body: Any) -> Any:
        if call in self.down:
            return 503, {}, "{}"
        if body is None or call in self.missing:
            return 404, {}, json.dumps({"code": "entity.not_found", "message": "-"})
        return 200, {}, json.dumps(body)


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def proved(alice: Client) -> Client:
    """A browser in which alice has just confirmed, for the deletion, that it's her."""
    store = session_store.SessionStore(alice.cookies[settings.SESSION_COOKIE_NAME].value)
    proofs.note(store, purpose="deletion")
    store.save()
    return alice
