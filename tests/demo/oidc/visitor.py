"""A browser without JavaScript, and a web application of the tenant that it signs in to."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.demo_process import Tenant

CALLBACK = "http://127.0.0.1:9/callback"
SIGNED_OUT = "http://127.0.0.1:9/signed-out"
SCOPE = "openid offline_access profile email"


@dataclass
class Page:
    """An HTML page, or the callback that the browser was sent to and did not visit."""

    url: str
    status: int = 303
    html: BeautifulSoup | None = None

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def heading(self) -> str:
        assert self.html is not None
        return self.html.h1.get_text(strip=True)

    @property
    def alert(self) -> str:
        assert self.html is not None
        found = self.html.find(role="alert")
        return found.get_text(strip=True) if found else ""


class Browser:
    """Follows redirects as long as they stay at the tenant, and submits forms."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Accept"] = "text/html"
        self.page = Page("")

    def open(self, url: str) -> Page:
        return self._follow("GET", url)

    def submit(self, button: str, **fields: str) -> Page:
        """Press a button of the page by its text, with these fields filled in."""
        assert self.page.html is not None
        pressed = next(
            found for found in self.page.html.find_all("button") if button in found.get_text()
        )
        form = pressed.find_parent("form")
        data = {each["name"]: each.get("value", "") for each in form.find_all("input")} | fields
        if pressed.get("name"):
            data[pressed["name"]] = pressed["value"]
        return self._follow("POST", urljoin(self.page.url, form["action"]), data=data)

    def _follow(self, method: str, url: str, **options: Any) -> Page:
        response = self.http.request(method, url, allow_redirects=False, **options)
        while response.is_redirect:
            url = urljoin(url, response.headers["Location"])
            if not url.startswith(f"{self.tenant.endpoint}/"):
                self.page = Page(url)
                return self.page
            response = self.http.get(url, allow_redirects=False)
        html = BeautifulSoup(response.text, "html.parser")
        self.page = Page(url, response.status_code, html)
        return self.page


@dataclass
class Application:
    """A web application, made for one test."""

    tenant: Tenant
    record: dict[str, Any]
    secret: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def id(self) -> str:
        return str(self.record["id"])

    def address(self, **changes: str) -> str:
        """The authorization URL."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": self.id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": SCOPE,
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        } | changes
        url = (
            requests.Request("GET", f"{self.tenant.endpoint}/oidc/auth", params=query).prepare().url
        )
        assert url is not None
        return url

    def ask(self, **form: str) -> requests.Response:
        """Ask the token endpoint."""
        address = f"{self.tenant.endpoint}/oidc/token"
        return self.tenant.http.post(address, data=form, auth=(self.id, self.secret))

    def redeem(self, callback: Page) -> dict[str, Any]:
        """The tokens for a callback's code."""
        answer = self.ask(
            grant_type="authorization_code",
            code=callback.query["code"],
            redirect_uri=CALLBACK,
            code_verifier=self.verifier,
        )
        assert answer.ok, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def claims(self, callback: Page) -> dict[str, Any]:
        """The claims of the ID token for a callback's code, its signature verified."""
        return verified(self.tenant, self.redeem(callback)["id_token"]).claims


def verified(tenant: Tenant, token: str) -> jwt.Token:
    """A JWT of the tenant's, whose signature is good."""
    keys = tenant.http.get(f"{tenant.endpoint}/oidc/jwks").json()
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES384"])


def new_application(tenant: Tenant, **fields: Any) -> Application:
    """A Traditional application that knows `sid`."""
    metadata = {
        "redirectUris": [CALLBACK],
        "postLogoutRedirectUris": [SIGNED_OUT],
        "backchannelLogoutUri": "http://127.0.0.1:9/backchannel",
        "backchannelLogoutSessionRequired": True,
    } | fields.pop("metadata", {})
    body = {"name": "Berths", "type": "Traditional", "oidcClientMetadata": metadata} | fields
    record = tenant.management("POST", "/applications", json=body).json()
    [row] = tenant.management("GET", f"/applications/{record['id']}/secrets").json()
    return Application(tenant, record, row["value"])
