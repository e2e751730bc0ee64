"""A person who changes their own account with the access token of an application."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyotp
import requests
from bs4 import BeautifulSoup

from accountsite.demo import people
from tests.demo.oidc.visitor import Application, Browser, Page
from tests.demo_process import Tenant

SCOPE = (
    "openid offline_access profile email phone address custom_data identities "
    "urn:logto:scope:sessions"
)
CALLBACK = "http://localhost:8000/connections/callback/"


@dataclass
class Owner:
    """Calls of the Account API. Each says which status it expects, and gives the JSON."""

    tenant: Tenant
    token: str
    client_id: str = ""
    proof: str | None = None
    last: requests.Response = field(default_factory=requests.Response)

    def get(self, path: str, status: int = 200) -> Any:
        return self.call("GET", path, status=status)

    def post(self, path: str, body: Any = None, status: int = 204) -> Any:
        return self.call("POST", path, status=status, json=body)

    def put(self, path: str, body: Any = None, status: int = 204) -> Any:
        return self.call("PUT", path, status=status, json=body)

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("PATCH", path, status=status, json=body)

    def delete(self, path: str, status: int = 204) -> Any:
        return self.call("DELETE", path, status=status)

    def call(self, method: str, path: str, *, status: int, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "User-Agent": "Testing"}
        if self.proof:
            headers["logto-verification-id"] = self.proof
        address = f"{self.tenant.endpoint}/api{path}"
        self.last = self.tenant.http.request(method, address, headers=headers, **options)
        assert self.last.status_code == status, self.last.text
        is_json = "json" in self.last.headers.get("Content-Type", "")
        return self.last.json() if is_json else self.last.text

    def refused(self, method: str, path: str, body: Any = None, *, status: int) -> str:
        """The code of a refusal."""
        return str(self.call(method, path, status=status, json=body)["code"])

    def prove(self, password: str) -> None:
        """Prove who it is, for every call from now on."""
        answer = self.post("/verifications/password", {"password": password}, 201)
        self.proof = answer["verificationRecordId"]

    def prove_address(self, kind: str, address: str) -> str:
        """Prove an email or phone by the code that is sent there. Gives the record's id."""
        identifier = {"type": kind, "value": address}
        sent = self.post("/verifications/verification-code", {"identifier": identifier}, 201)
        record_id = sent["verificationRecordId"]
        body = {
            "identifier": identifier,
            "verificationId": record_id,
            "code": self.tenant.newest_code(address),
        }
        assert self.post("/verifications/verification-code/verify", body, 200) == {
            "verificationRecordId": record_id
        }
        return str(record_id)

    def prove_account(self, target: str, subject: str = "2011", *, verify: bool = True) -> str:
        """Go to the provider and back. Gives the id of a record about that account there."""
        [connector] = self.tenant.management("GET", f"/connectors?target={target}").json()
        body = {"connectorId": connector["id"], "state": "st", "redirectUri": CALLBACK}
        started = self.post("/verifications/social", body, 201)
        if verify:
            data = pick(started["authorizationUri"], subject) | {"redirectUri": CALLBACK}
            body = {
                "verificationRecordId": started["verificationRecordId"],
                "connectorData": data,
            }
            self.post("/verifications/social/verify", body, 200)
        return str(started["verificationRecordId"])


def pick(provider: str, subject: str) -> dict[str, str]:
    """Say at a provider who one is there; an empty subject refuses. Gives the callback's query."""
    http = requests.Session()
    http.trust_env = False
    page = BeautifulSoup(http.get(provider).text, "html.parser")
    token = page.find("input", {"name": "csrfmiddlewaretoken"})["value"]
    form = {"csrfmiddlewaretoken": token, "account": subject}
    back = http.post(provider, data=form, allow_redirects=False)
    if "Location" in back.headers:
        return dict(parse_qsl(urlsplit(back.headers["Location"]).query))
    fields = BeautifulSoup(back.text, "html.parser").find_all("input", type="hidden")
    return {field["name"]: field["value"] for field in fields}


def signed_in(
    tenant: Tenant, application: Application, username: str, *, scope: str = SCOPE
) -> Owner:
    """Somebody of the seed, signed in to an application, with nothing proved."""
    page = finish(Browser(tenant), application, username, scope=scope)
    return Owner(tenant, application.redeem(page)["access_token"], application.id)


def finish(
    browser: Browser, application: Application, username: str, *, scope: str = SCOPE
) -> Page:
    """The way through the tenant's pages, back to the application."""
    browser.open(application.address(scope=scope, prompt="login consent"))
    password = browser.tenant.password_of(username)
    page = browser.submit("Sign in", identifier=username, password=password)
    if username == "bob":
        page = browser.submit("Go on", code=pyotp.TOTP(people.BOBS_SECRET).now())
    if "consent" in page.url and page.html is not None:
        page = browser.submit("Let it in")
    return page
