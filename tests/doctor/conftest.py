"""A site and a tenant with nothing wrong, of which a test breaks one thing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.urls import reverse
from django.utils import timezone

from accountsite.doctor import catalogue, examination
from accountsite.doctor.findings import Finding, Level
from accountsite.schedule import jobs
from accountsite.schedule.models import Run
from tests.demo_process import Tenant

SECRETS = {
    "SECRET_KEY": "p8Qd3Zr0vT6yLk1mXw9s-Bn4JhG7cFe2uAo5iRtY_qWzN6fK0bVd8",
}


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `collectstatic` would make, as far as names go."""
    root: Path = tmp_path_factory.mktemp("static")
    paths = {path: path for finder in get_finders() for path, _storage in finder.list([])}
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"")
    (root / "staticfiles.json").write_text(json.dumps({"paths": paths}))
    return root


@pytest.fixture
def healthy(
    django_db_setup: None,  # first: only then does the server know that its database is in memory
    fresh_tenant: Tenant,
    live_server: Any,
    settings: Any,
    static_root: Path,
) -> Tenant:
    """The demo tenant, with a site in front of it as `provision` would leave both."""
    tenant = fresh_tenant
    credentials = tenant.credentials
    settings.SITE_URL = live_server.url
    settings.SECRET_KEY = SECRETS["SECRET_KEY"]
    settings.LOGTO_ENDPOINT = tenant.endpoint
    settings.LOGTO_APP_ID = credentials.client_id
    settings.LOGTO_APP_SECRET = credentials.client_secret
    settings.LOGTO_M2M_APP_ID = credentials.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = credentials.m2m_client_secret
    settings.WEBHOOK_SECRETS = [credentials.webhook_signing_key]
    settings.STATIC_ROOT = static_root
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    tenant.register_site(live_server.url)
    change(
        tenant,
        "/account-center",
        deleteAccountUrl=f"{live_server.url}{reverse('deletion:deletion')}",
    )
    now = timezone.now()
    Run.objects.bulk_create(Run(job=job.name, started_at=now) for job in jobs.JOBS)
    return tenant


def change(tenant: Tenant, path: str, **changes: Any) -> Any:
    """Change something in the tenant, as its admin would in the Console."""
    answer = tenant.management("PATCH", path, json=changes)
    assert answer.ok, answer.text
    return answer.json()


Look = Callable[..., dict[str, list[Finding]]]


@pytest.fixture
def look(healthy: Tenant) -> Look:
    """What the doctor finds, by the names of its checks; of some if they are named."""

    def look(*names: str, **options: Any) -> dict[str, list[Finding]]:
        outcomes = examination.examine(catalogue.named(names), **options)
        return {outcome.check.name: list(outcome.found) for outcome in outcomes}

    return look


@pytest.fixture
def wrong(look: Look) -> Callable[..., Finding]:
    """Holds that one line alone has changed, and gives what it says."""

    def wrong(name: str, level: Level, *, skips: set[str] = frozenset()) -> Finding:
        found = look()
        bad = {check: each for check, each in found.items() if any(one.is_bad for one in each)}
        assert list(bad) == [name], bad
        [finding] = [one for one in bad[name] if one.is_bad]
        assert finding.level == level
        assert finding.says
        assert finding.mend.endswith(".")
        skipped = {
            check
            for check, each in found.items()
            if any(one.level == Level.SKIPPED for one in each)
        }
        assert skipped == (_in_need_of(name) if level == Level.ERROR else skips)
        return finding

    return wrong


def _in_need_of(name: str) -> set[str]:
    """What needs this check, and what needs that."""
    found = {check.name for check in catalogue.CHECKS if name in check.needs}
    return found.union(*map(_in_need_of, found))
