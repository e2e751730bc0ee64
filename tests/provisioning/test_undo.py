"""`manage.py provision --undo`: what this command made goes, and nothing else."""

import pytest

from tests.provisioning.conftest import SITE, STAGING, application, everything, hook

pytestmark = pytest.mark.demo
DELETION = "https://elsewhere.example.com/delete"


def test_the_tenant_is_as_it_was(tenant, provision):
    before = everything(tenant)
    provision("--token-exchange")
    assert everything(tenant) != before

    run = provision("--undo")

    assert run.failure is None
    assert run.outcomes() == ["changed"] * 2 + ["removed"] * 6
    assert everything(tenant) == before


def test_a_rehearsal_of_it_changes_nothing(tenant, provision):
    provision()
    before = everything(tenant)

    run = provision("--undo", "--dry-run")

    assert run.outcomes() == ["would change"] * 2 + ["would remove"] * 5
    assert everything(tenant) == before


def test_settings_that_were_there_before_come_back(tenant, provision):
    others = {"deleteAccountUrl": DELETION, "webauthnRelatedOrigins": ["https://app.example.com"]}
    tenant.management("PATCH", "/account-center", json=others)
    before = everything(tenant)
    provision("--replace-deletion-url")

    provision("--undo")

    assert everything(tenant) == before


def test_settings_that_were_right_before_stay_so(tenant, provision):
    others = {"deleteAccountUrl": f"{SITE}/privacy/deletion/", "webauthnRelatedOrigins": [SITE]}
    tenant.management("PATCH", "/account-center", json=others)
    before = everything(tenant)
    provision()

    run = provision("--undo")

    assert run.said.count("of which there is no note that this command set it") == 2
    assert everything(tenant) == before


def test_settings_that_somebody_changed_since_stay_changed(tenant, provision):
    provision()
    since = {"deleteAccountUrl": DELETION, "webauthnRelatedOrigins": ["https://app.example.com"]}
    tenant.management("PATCH", "/account-center", json=since)

    run = provision("--undo")

    assert run.outcomes()[:2] == ["left alone"] * 2
    center = tenant.management("GET", "/account-center").json()
    assert since.items() <= center.items()
    assert provision("--undo").said == f"There is nothing of {SITE} in this tenant.\n"


def test_other_data_of_the_application_it_asks_with_stays(tenant, provision):
    own = f"/applications/{tenant.m2m_client_id}"
    tenant.management("PATCH", own, json={"customData": {"team": "harbour"}})
    provision()
    assert tenant.management("GET", own).json()["customData"].keys() > {"team"}

    provision("--undo")

    assert tenant.management("GET", own).json()["customData"] == {"team": "harbour"}


def test_where_nothing_was_made_there_is_nothing_to_undo(tenant, provision):
    before = everything(tenant)

    run = provision("--undo")

    assert run.failure is None
    assert run.said == f"There is nothing of {SITE} in this tenant.\n"
    assert everything(tenant) == before


def test_what_was_set_up_by_hand_stays(fresh_tenant, settings, provision):
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = fresh_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = fresh_tenant.m2m_client_secret
    before = everything(fresh_tenant)
    provision(site="http://localhost:8000")

    run = provision("--undo", site="http://localhost:8000")

    assert run.outcomes().count("left alone") == 3
    assert everything(fresh_tenant) == before


def test_what_somebody_took_over_by_renaming_it_stays(tenant, provision):
    provision()
    hook_id = hook(tenant)["id"]
    tenant.management("PATCH", f"/hooks/{hook_id}", json={"name": "Mine now"})
    [role] = _roles(tenant, "accountsite-viewer")
    tenant.management("PATCH", f"/roles/{role['id']}", json={"description": "Mine as well"})

    provision("--undo")

    assert hook(tenant)["id"] == hook_id
    assert _roles(tenant, "accountsite-viewer")
    assert not _roles(tenant, "accountsite-admin")


def test_a_role_that_people_hold_or_that_allows_something_stays(tenant, provision):
    provision()
    [admin] = _roles(tenant, "accountsite-admin")
    [helper] = _roles(tenant, "accountsite-helper")
    alice = tenant.user("alice")["id"]
    tenant.management("POST", f"/users/{alice}/roles", json={"roleIds": [admin["id"]]})
    [machine] = _roles(tenant, "Management API access")
    [scope] = tenant.management("GET", f"/roles/{machine['id']}/scopes").json()
    tenant.management("POST", f"/roles/{helper['id']}/scopes", json={"scopeIds": [scope["id"]]})

    run = provision("--undo")

    assert "role accountsite-admin: people hold it" in run.said
    assert "role accountsite-helper: it has permissions" in run.said
    held = tenant.management("GET", f"/users/{alice}/roles").json()
    assert admin["id"] in [role["id"] for role in held]
    assert not _roles(tenant, "accountsite-viewer")


def test_the_other_site_of_the_tenant_goes_on(tenant, provision, tmp_path):
    provision()
    before = everything(tenant)
    provision(site=STAGING, file=tmp_path / "staging.env")

    run = provision("--undo", site=STAGING)

    assert f"role accountsite-admin: {SITE} needs it" in run.said
    assert everything(tenant) == before
    assert set(provision().outcomes()) == {"already right"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/api/account-center"),
        ("PATCH", "/api/applications"),
        ("DELETE", "/api/hooks"),
        ("DELETE", "/api/roles"),
        ("DELETE", "/api/applications"),
    ],
)
def test_one_that_was_cut_short_is_finished_by_the_next(tenant, provision, method, path):
    before = everything(tenant)
    provision("--token-exchange")
    tenant.faults.add(method=method, path=path, status=503, times=1)
    assert provision("--undo").failure
    tenant.faults.reset()

    assert provision("--undo").failure is None

    assert everything(tenant) == before


def test_what_two_runs_at_the_same_time_made_goes_altogether(tenant, provision):
    before = everything(tenant)
    provision()
    twin = {
        key: value
        for key, value in application(tenant).items()
        if key in {"name", "type", "oidcClientMetadata", "customClientMetadata", "customData"}
    }
    other = tenant.management("POST", "/applications", json=twin).json()
    assert set(provision().outcomes()) == {"already right"}

    provision("--undo")

    assert everything(tenant) == before
    assert tenant.management("GET", f"/applications/{other['id']}").status_code == 404


def test_a_webhook_that_two_runs_made_is_one_after_the_next(tenant, provision):
    provision()
    first = hook(tenant)
    twin = {key: first[key] for key in ("name", "events", "config")}
    assert tenant.management("POST", "/hooks", json=twin).ok

    assert provision().outcomes().count("removed") == 1

    assert hook(tenant)["id"] == first["id"]
    assert set(provision().outcomes()) == {"already right"}


def _roles(tenant, name):
    return [role for role in tenant.management("GET", "/roles").json() if role["name"] == name]
