"""Logto as this section meets it, with the data that apps keep with a person."""

import json
from typing import Any

import pytest
import responses

from tests.conftest import ALICE, API
from tests.logto import answers
from tests.security import logto as security

HELD = {"theme": "system", "boatLength": 7.5, "newsletter": True}


class Logto(security.Logto):
    """With custom data, which an app may change at any time."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.fields: list[dict[str, Any]] = []
        super().__init__(wire)
        wire.remove("GET", security.re.compile(rf"{API}/custom-profile-fields(\?.*)?$"))
        self._on(wire, "GET", f"{API}/custom-profile-fields", lambda _r: (200, self.fields))
        self._on(wire, "PATCH", f"{API}/users/{ALICE}/custom-data", self._merge)
        self._on(wire, "PATCH", f"{API}/users/{ALICE}", self._replace_all)
        self.data = dict(HELD)

    @property
    def data(self) -> dict[str, Any]:
        """What is kept."""
        kept: dict[str, Any] = self.person["customData"]
        return kept

    @data.setter
    def data(self, data: dict[str, Any]) -> None:
        self.person["customData"] = data

    def has_field(self, name: str) -> None:
        """Let the profile have a row of its own for this name."""
        self.fields.append(answers.profile_field(name=name))

    def _merge(self, request: Any) -> Any:
        self.data = self.data | json.loads(request.body)["customData"]
        return 200, self.data

    def _replace_all(self, request: Any) -> Any:
        body = json.loads(request.body)
        assert list(body) == ["customData"]
        self.data = body["customData"]
        return 200, self.person


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)
