"""A client of the demo tenant's Management API."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.demo_process import Tenant


@dataclass
class Api:
    """Calls with a management token. Each says which status it expects, and gives the JSON."""

    tenant: Tenant
    token: str = ""
    last: requests.Response = field(default_factory=requests.Response)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self.call("GET", path, status=status, params=query)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("POST", path, status=status, json=body)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("PUT", path, status=status, json=body)

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("PATCH", path, status=status, json=body)

    def delete(self, path: str, status: int = 204, **query: Any) -> Any:
        return self.call("DELETE", path, status=status, params=query)

    def call(self, method: str, path: str, *, status: int, **options: Any) -> Any:
        self.token = self.token or self._fetch_token()
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.tenant.endpoint}/api{path}"
        self.last = self.tenant.http.request(method, address, headers=headers, **options)
        assert self.last.status_code == status, self.last.text
        is_json = "json" in self.last.headers.get("Content-Type", "")
        return self.last.json() if is_json else self.last.text

    @property
    def total(self) -> int:
        """How many rows the last list has on all of its pages."""
        return int(self.last.headers["Total-Number"])

    def person(self, username: str) -> Any:
        """Somebody of the seed."""
        query = {"search.username": username, "mode.username": "exact"}
        return self.get("/users", **query)[0]

    def new_user(self, **fields: Any) -> str:
        """Somebody new. Gives their path."""
        user = self.post("/users", {"username": f"test_{secrets.token_hex(5)}", **fields})
        return f"/users/{user['id']}"

    def _fetch_token(self) -> str:
        form = {"grant_type": "client_credentials", "scope": "all"}
        form["resource"] = "https://default.logto.app/api"
        who = (self.tenant.m2m_client_id, self.tenant.m2m_client_secret)
        answer = self.tenant.http.post(f"{self.tenant.endpoint}/oidc/token", data=form, auth=who)
        return str(answer.json()["access_token"])
