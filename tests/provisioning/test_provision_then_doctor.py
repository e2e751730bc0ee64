"""From an empty tenant to a site that people use, as an operator goes: provision, start, doctor.

Every program is a process of its own, with settings as for real, and starts with what the one before
wrote down. Before the site stands nginx, as the documents have it, with https.
"""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup

from accountsite.demo.credentials import Credentials
from tests import demo_process
from tests.provisioning.conftest import empty, hook, lines
from tests.provisioning.proxies import Proxy
from tests.stack import nginx, ports, sites
from tests.stack.mailbox import Mailbox
from tests.stack.programs import Program

pytestmark = [
    pytest.mark.demo,
    pytest.mark.skipif(not nginx.is_installed(), reason="nginx is not installed"),
]
PATIENCE = 20.0  # seconds until a webhook has arrived


@dataclass
class House:
    """The tenant, the site in front of it and its proxy, and the environment that the site runs with."""

    tenant: demo_process.Tenant
    proxy: Proxy
    running_proxy: Program
    environment: dict[str, str]

    @property
    def origin(self) -> str:
        return self.proxy.origin

    def end(self) -> None:
        self.running_proxy.end()

    @contextmanager
    def with_proxy(self, **instead: str) -> Iterator[None]:
        """Other headers than the documents have, until the end of the block."""
        self.running_proxy.stop()
        with self.proxy.program(**instead).start():
            yield
        self.running_proxy = self.proxy.program().start()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All of it, set up by the command alone."""
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as ends:
        port = ports.free()
        proxy = Proxy(folder / "nginx", port)
        with pytest.MonkeyPatch.context() as patch:
            # Whom the tenant trusts, as it calls the site.
            patch.setenv("SSL_CERT_FILE", str(proxy.authority))
            tenant = ends.enter_context(demo_process.running(folder / "tenant.log", _credentials()))
        empty(tenant)
        environment = {
            **_provisioned(tenant, proxy.origin, folder / "accountsite.env"),
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ACCOUNTSITE_DATA": str(folder),
            "ACCOUNTSITE_CA_BUNDLE": str(proxy.authority),
            "EMAIL_URL": ends.enter_context(Mailbox()).url,
        }
        sites.prepare(environment)
        ends.enter_context(sites.site(environment, folder / "site.log", port=port).start())
        house = House(tenant, proxy, proxy.program().start(), environment)
        ends.callback(house.end)
        yield house


def _credentials() -> Credentials:
    """Of a tenant that could be a real one: the site refuses the ids of the demo's."""
    return Credentials(
        client_id="account-site",
        client_secret=secrets.token_urlsafe(24),
        m2m_client_id="management",
        m2m_client_secret=secrets.token_urlsafe(24),
        roleless_client_secret=secrets.token_urlsafe(24),
        webhook_signing_key=secrets.token_urlsafe(24),
    )


def _provisioned(tenant: demo_process.Tenant, origin: str, file: Path) -> dict[str, str]:
    """Run the command with three variables, and take what it wrote."""
    three = {
        "PATH": os.environ["PATH"],
        "LOGTO_ENDPOINT": tenant.endpoint,
        "LOGTO_M2M_APP_ID": tenant.m2m_client_id,
        "LOGTO_M2M_APP_SECRET": tenant.m2m_client_secret,
    }
    said = sites.manage(three, "provision", f"--site={origin}", f"--env-file={file}")
    assert said.count("made  ") == 5
    written = lines(file)
    assert written["ACCOUNTSITE_MIGRATE"] == "1"
    return written


def test_people_sign_in_and_see_which_session_is_theirs(house: House, wire: Any) -> None:
    wire.add_passthru(house.origin)
    http = requests.Session()
    http.trust_env = False
    http.verify = str(house.proxy.authority)

    home = _signed_in(http, house)
    devices = http.get(f"{house.origin}/devices/")

    assert home.url == f"{house.origin}/"
    assert "Alice" in home.text
    assert "This device" in devices.text


def test_the_tenant_tells_the_site_what_happens(house: House) -> None:
    listening = hook(house.tenant, house.origin)["id"]
    user = house.tenant.user("bob")["id"]

    house.tenant.management("PATCH", f"/users/{user}", json={"name": "Robert"})

    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        logs = house.tenant.management("GET", f"/hooks/{listening}/recent-logs").json()
        found = [log for log in logs if log["key"] == "TriggerHook.User.Data.Updated"]
        if found:
            break
        time.sleep(0.1)
    assert [log["payload"]["result"] for log in found] == ["Success"]


def test_the_doctor_misses_nothing_but_somebody_who_manages_people(house: House) -> None:
    [missed] = _examined(house, expects=1)
    assert missed["says"] == "Nobody has the role accountsite-admin, so nobody manages people here."

    [role] = [
        role
        for role in house.tenant.management("GET", "/roles").json()
        if role["name"] == "accountsite-admin"
    ]
    holders = {"userIds": [house.tenant.user("dave")["id"]]}
    house.tenant.management("POST", f"/roles/{role['id']}/users", json=holders)

    assert _examined(house, expects=0) == []


@pytest.mark.parametrize(
    ("instead", "line", "mend"),
    [
        ({"X_Forwarded_Proto": ""}, "reachable", "Let the proxy set X-Forwarded-Proto"),
        ({"Host": ""}, "reachable", "pass the Host header on"),
        ({"X_Forwarded_For": ""}, "proxy", "address to X-Forwarded-For"),
        (
            {"X_Forwarded_For": 'proxy_set_header X-Forwarded-For "$remote_addr, 10.0.0.2";'},
            "proxy",
            "PROXIES to 2",
        ),
    ],
)
def test_a_proxy_that_sets_other_headers_is_found_out(
    house: House, instead: dict[str, str], line: str, mend: str
) -> None:
    with house.with_proxy(**instead):
        findings = _asked(house, "--only", "https", "reachable", "proxy", "hsts")

    bad = [finding for finding in findings if finding["level"] in {"warning", "error"}]
    assert [finding["check"] for finding in bad] == [line]
    assert mend in bad[0]["mend"]


def _asked(house: House, *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [*sites.MANAGE, "doctor", "--json", *arguments],
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return findings


def _examined(house: House, *, expects: int) -> list[dict[str, Any]]:
    """What is not well, once the worker that starts beside the site had its time."""
    give_up = time.monotonic() + PATIENCE
    while True:
        findings = _asked(house, "--mail=operator@example.com")
        assert {"webhook-test", "sid", "worker"} <= {finding["check"] for finding in findings}
        missed = [finding for finding in findings if finding["level"] != "ok"]
        if len(missed) <= expects or time.monotonic() > give_up:
            return missed


def _signed_in(http: requests.Session, house: House) -> requests.Response:
    page = http.get(f"{house.origin}/")
    form = BeautifulSoup(page.text, "html.parser").find("form", method="post")
    data = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    button = form.find("button", attrs={"name": True})
    data |= {button["name"]: button["value"]} if button else {}
    data |= {"identifier": "alice", "password": house.tenant.password_of("alice")}
    return http.post(urljoin(page.url, form["action"]), data=data)
