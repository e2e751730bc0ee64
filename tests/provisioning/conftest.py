"""A tenant that knows nothing of any site, and the command."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.demo_process import Tenant

SITE = "https://account.example.com"
STAGING = "https://account.staging.example.com"
SHOWN = ("/applications", "/hooks", "/roles", "/account-center")


@dataclass(frozen=True)
class Run:
    """How the command ended, and what it said."""

    said: str
    errors: str
    failure: str | None

    def outcomes(self) -> list[str]:
        """The beginning of each line that tells of a step, in order."""
        return [line[:13].strip() for line in self.said.splitlines() if line[13:15] == "  "]


Provision = Callable[..., Run]


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """Where the environment goes."""
    return tmp_path / "accountsite.env"


@pytest.fixture
def tenant(fresh_tenant: Tenant, settings: Any) -> Tenant:
    """A tenant with people, other applications and roles, and nothing of a site."""
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = fresh_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = fresh_tenant.m2m_client_secret
    settings.SITE_URL = SITE
    empty(fresh_tenant)
    return fresh_tenant


@pytest.fixture
def provision(env_file: Path) -> Provision:
    """Runs the command, for SITE unless `site` names another."""

    def provision(*arguments: str, site: str = SITE, file: Path = env_file) -> Run:
        said, errors = io.StringIO(), io.StringIO()
        options = [f"--site={site}", *arguments]
        if not any(argument.startswith("--env-file") for argument in arguments):
            options.append(f"--env-file={file}")
        try:
            call_command("provision", *options, stdout=said, stderr=errors, no_color=True)
        except CommandError as error:
            return Run(said.getvalue(), errors.getvalue(), str(error))
        return Run(said.getvalue(), errors.getvalue(), None)

    return provision


def empty(tenant: Tenant) -> None:
    """Take everything away that the seed has for a site."""
    for role in tenant.management("GET", "/roles").json():
        if role["name"].startswith("accountsite-"):
            tenant.management("DELETE", f"/roles/{role['id']}")
    for each in tenant.management("GET", "/hooks").json():
        tenant.management("DELETE", f"/hooks/{each['id']}")
    tenant.management("DELETE", f"/applications/{tenant.client_id}")
    nothing = {"webauthnRelatedOrigins": [], "deleteAccountUrl": None}
    tenant.management("PATCH", "/account-center", json=nothing)


def everything(tenant: Tenant) -> dict[str, Any]:
    """All that the command could touch, with the secrets of each application."""
    shown = {path: tenant.management("GET", path).json() for path in SHOWN}
    secrets = {
        application["id"]: tenant.management(
            "GET", f"/applications/{application['id']}/secrets"
        ).json()
        for application in shown["/applications"]
    }
    return shown | {"secrets": secrets}


def application(tenant: Tenant, site: str = SITE) -> dict[str, Any]:
    """The one application whose sign-ins come back to a site."""
    [found] = [
        each
        for each in tenant.management("GET", "/applications").json()
        if f"{site}/sign-in/callback/" in each["oidcClientMetadata"]["redirectUris"]
    ]
    return dict(found)


def hook(tenant: Tenant, site: str = SITE) -> dict[str, Any]:
    """The one webhook of a site."""
    [found] = [
        each
        for each in tenant.management("GET", "/hooks").json()
        if each["config"]["url"] == f"{site}/webhooks/logto/"
    ]
    return dict(found)


def lines(file: Path) -> dict[str, str]:
    """What stands in an env file."""
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
