"""From an empty tenant to a site that people use, as an operator goes: provision, start, doctor.

Every program is a process of its own, with settings as for real, and starts with what the one before
wrote down.
"""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
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
from tests.stack import ports, sites
from tests.stack.mailbox import Mailbox

pytestmark = pytest.mark.demo
PATIENCE = 20.0  # seconds until a webhook has arrived


@dataclass(frozen=True)
class House:
    """The tenant, the site in front of it, and the environment that the site runs with."""

    tenant: demo_process.Tenant
    origin: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All of it, set up by the command alone."""
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as ends:
        tenant = ends.enter_context(demo_process.running(folder / "tenant.log", _credentials()))
        empty(tenant)
        port = ports.free()
        origin = f"http://localhost:{port}"
        environment = {
            **_provisioned(tenant, origin, folder / "accountsite.env"),
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ACCOUNTSITE_DATA": str(folder),
            "EMAIL_URL": ends.enter_context(Mailbox()).url,
        }
        sites.prepare(environment)
        ends.enter_context(sites.site(environment, folder / "site.log", port=port).start())
        yield House(tenant, origin, environment)


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


def test_people_sign_in_and_see_which_session_is_theirs(house: House) -> None:
    http = requests.Session()
    http.trust_env = False

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


def _examined(house: House, *, expects: int) -> list[dict[str, Any]]:
    """What is not well, once the worker that starts beside the site had its time."""
    give_up = time.monotonic() + PATIENCE
    while True:
        command = [*sites.MANAGE, "doctor", "--json", "--mail=operator@example.com"]
        done = subprocess.run(
            command, env=house.environment, capture_output=True, text=True, check=False
        )
        findings = json.loads(done.stdout)["findings"]
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
