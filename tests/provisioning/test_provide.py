"""`manage.py provision`: what it makes of a tenant, however often and for however many sites."""

import stat

import pytest

from accountsite.webhooks import effects
from tests.provisioning.conftest import SITE, STAGING, application, everything, hook, lines

pytestmark = pytest.mark.demo


def test_an_empty_tenant_gets_all_that_the_site_needs(tenant, provision):
    run = provision()

    assert run.failure is None
    assert run.outcomes() == ["made"] * 5 + ["changed"] * 2
    made = application(tenant)
    assert made["type"] == "Traditional"
    assert made["oidcClientMetadata"] == {
        "redirectUris": [f"{SITE}/sign-in/callback/"],
        "postLogoutRedirectUris": [f"{SITE}/signed-out/"],
        "backchannelLogoutUri": f"{SITE}/sign-out/backchannel/",
        "backchannelLogoutSessionRequired": True,
    }
    assert set(hook(tenant)["events"]) == set(effects.BY_EVENT)
    roles = {role["name"]: role for role in tenant.management("GET", "/roles").json()}
    for level in ("admin", "helper", "viewer"):
        assert roles[f"accountsite-{level}"]["type"] == "User"
    center = tenant.management("GET", "/account-center").json()
    assert center["deleteAccountUrl"] == f"{SITE}/privacy/deletion/"
    assert center["webauthnRelatedOrigins"] == [SITE]


def test_what_it_writes_is_the_environment_of_the_site(tenant, provision, env_file):
    run = provision()

    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    made = application(tenant)
    [secret] = tenant.management("GET", f"/applications/{made['id']}/secrets").json()
    key = lines(env_file)["SECRET_KEY"]
    assert lines(env_file) == {
        "SITE_URL": SITE,
        "SECRET_KEY": key,
        "LOGTO_ENDPOINT": tenant.endpoint,
        "LOGTO_APP_ID": made["id"],
        "LOGTO_APP_SECRET": secret["value"],
        "LOGTO_M2M_APP_ID": tenant.m2m_client_id,
        "LOGTO_M2M_APP_SECRET": tenant.m2m_client_secret,
        "LOGTO_WEBHOOK_SECRET": hook(tenant)["signingKey"],
    }
    assert len(key) >= 32
    for name in ("SECRET_KEY", "LOGTO_APP_SECRET", "LOGTO_M2M_APP_SECRET", "LOGTO_WEBHOOK_SECRET"):
        assert name in run.said
        assert lines(env_file)[name] not in run.said + run.errors


def test_it_prints_the_environment_where_that_is_asked_for(tenant, provision):
    run = provision("--env-file=-")

    assert run.said.splitlines()[0] == f"SITE_URL={SITE}"
    assert f"LOGTO_APP_ID={application(tenant)['id']}" in run.said.splitlines()
    assert all("=" in line for line in run.said.splitlines())
    assert "made" in run.errors
    assert tenant.m2m_client_secret not in run.errors


def test_a_second_run_changes_nothing(tenant, provision, env_file):
    provision()
    before, written = everything(tenant), env_file.stat()

    run = provision()

    assert run.failure is None
    assert set(run.outcomes()) == {"already right"}
    assert everything(tenant) == before
    assert (env_file.stat().st_ino, env_file.stat().st_mtime_ns) == (
        written.st_ino,
        written.st_mtime_ns,
    )


def test_a_rehearsal_says_all_and_changes_nothing(tenant, provision, env_file):
    before = everything(tenant)

    rehearsal = provision("--dry-run")

    assert rehearsal.failure is None
    assert rehearsal.outcomes() == ["would make"] * 5 + ["would change"] * 2
    assert everything(tenant) == before
    assert not env_file.exists()
    performance = provision()
    assert len(performance.outcomes()) == len(rehearsal.outcomes())
    before = everything(tenant)
    assert provision("--dry-run", "--undo").outcomes().count("would remove") == 5
    assert everything(tenant) == before


# Runs that were cut short


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/hooks"),
        ("POST", "/api/roles"),
        ("PATCH", "/api/account-center"),
        ("GET", "/api/applications/.*/secrets"),
    ],
)
def test_a_run_that_was_cut_short_is_finished_by_the_next(tenant, provision, method, path):
    tenant.faults.add(method=method, path=path, status=503, times=2)
    assert "Logto does not answer" in provision().failure
    tenant.faults.reset()

    assert provision().failure is None

    assert set(provision().outcomes()) == {"already right"}
    assert len([*_made(tenant, "/applications")]) == 1
    assert len([*_made(tenant, "/hooks")]) == 1


def test_what_was_made_although_no_answer_came_is_not_made_again(tenant, provision):
    tenant.faults.add(method="POST", path="/api/applications", drop=True, after=True, times=1)
    assert provision().failure

    assert provision().failure is None

    assert application(tenant)


# What somebody changed


def test_what_it_made_is_mended_and_keeps_what_was_added(tenant, provision):
    provision()
    made = application(tenant)
    metadata = {
        "redirectUris": [f"{SITE}/sign-in/callback/", "https://added.example.com/"],
        "postLogoutRedirectUris": [],
        "logoUri": "https://example.com/logo.png",
    }
    changes = {"oidcClientMetadata": metadata, "customClientMetadata": {"idTokenTtl": 600}}
    tenant.management("PATCH", f"/applications/{made['id']}", json=changes)
    listening = {"events": ["User.Deleted"], "enabled": False}
    tenant.management("PATCH", f"/hooks/{hook(tenant)['id']}", json=listening)

    run = provision()

    assert run.outcomes()[:2] == ["changed", "changed"]
    mended = application(tenant)
    assert mended["oidcClientMetadata"] == {
        "redirectUris": [f"{SITE}/sign-in/callback/", "https://added.example.com/"],
        "postLogoutRedirectUris": [f"{SITE}/signed-out/"],
        "backchannelLogoutUri": f"{SITE}/sign-out/backchannel/",
        "backchannelLogoutSessionRequired": True,
        "logoUri": "https://example.com/logo.png",
    }
    assert mended["customClientMetadata"] == {"idTokenTtl": 600, "alwaysIssueRefreshToken": True}
    assert set(hook(tenant)["events"]) == set(effects.BY_EVENT)
    assert hook(tenant)["enabled"]
    assert set(provision().outcomes()) == {"already right"}


def test_a_webhook_that_was_sent_elsewhere_comes_back(tenant, provision):
    provision()
    config = {"config": {"url": "https://elsewhere.example.com/"}}
    tenant.management("PATCH", f"/hooks/{hook(tenant)['id']}", json=config)

    assert provision().outcomes()[1] == "changed"

    assert hook(tenant)["enabled"]


def test_secrets_that_have_expired_are_followed_by_another(tenant, provision, env_file):
    provision()
    path = f"/applications/{application(tenant)['id']}/secrets"
    tenant.management("POST", path, json={"name": "old", "expiresAt": 1000})
    tenant.management("DELETE", f"{path}/Default secret")

    run = provision()

    assert run.outcomes()[:2] == ["already right", "made"]
    [_old, new] = tenant.management("GET", path).json()
    assert lines(env_file)["LOGTO_APP_SECRET"] == new["value"]


def test_a_secret_that_is_still_good_stays_in_the_file(tenant, provision, env_file):
    provision()
    path = f"/applications/{application(tenant)['id']}/secrets"
    other = tenant.management("POST", path, json={"name": "other"}).json()["value"]
    first = lines(env_file)["LOGTO_APP_SECRET"]
    env_file.write_text(env_file.read_text().replace(first, other))

    provision()

    assert lines(env_file)["LOGTO_APP_SECRET"] == other


# What it did not make


def test_what_was_set_up_by_hand_is_right_and_stays_as_it_is(fresh_tenant, settings, provision):
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = fresh_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = fresh_tenant.m2m_client_secret
    before = everything(fresh_tenant)

    run = provision("--env-file=-", site="http://localhost:8000")

    assert run.failure is None
    assert f"LOGTO_APP_ID={fresh_tenant.client_id}" in run.said.splitlines()
    assert f"LOGTO_APP_SECRET={fresh_tenant.client_secret}" in run.said.splitlines()
    key = fresh_tenant.credentials.webhook_signing_key
    assert f"LOGTO_WEBHOOK_SECRET={key}" in run.said.splitlines()
    after = everything(fresh_tenant)
    url = "http://localhost:8000/privacy/deletion/"
    assert after["/account-center"] == before["/account-center"] | {"deleteAccountUrl": url}
    assert after["/hooks"] == before["/hooks"]
    assert after["/roles"] == before["/roles"]
    assert after["secrets"] == before["secrets"]
    own = fresh_tenant.m2m_client_id
    assert [each for each in after["/applications"] if each["id"] != own] == [
        each for each in before["/applications"] if each["id"] != own
    ]


def test_what_is_wrong_in_it_is_told_and_left_to_the_operator(tenant, provision):
    metadata = {"redirectUris": [f"{SITE}/sign-in/callback/"], "postLogoutRedirectUris": []}
    by_hand = {"name": "Mine", "type": "Traditional", "oidcClientMetadata": metadata}
    tenant.management("POST", "/applications", json=by_hand)
    url = f"{SITE}/webhooks/logto/"
    listening = {"name": "Mine too", "events": ["User.Deleted"], "config": {"url": url}}
    tenant.management("POST", "/hooks", json=listening)
    before = everything(tenant)

    run = provision()

    assert run.failure == "2 things are left to do by hand, see above."
    assert run.outcomes()[:2] == ["to do by hand"] * 2
    told = run.said.splitlines()
    assert f"give it the post sign-out redirect URI {SITE}/signed-out/, the back-channel" in told[0]
    assert 'the switch "session required" of the back-channel logout' in told[0]
    assert "add PostSignIn, PostRegister, User.Created" in told[1]
    after = everything(tenant)
    assert after["/hooks"] == before["/hooks"]
    assert application(tenant) in before["/applications"]


def test_a_webhook_of_somebody_else_that_is_off_is_told_too(tenant, provision):
    events = {"events": [*effects.BY_EVENT], "config": {"url": f"{SITE}/webhooks/logto/"}}
    tenant.management("POST", "/hooks", json={"name": "Mine", "enabled": False, **events})

    assert "switch it on" in provision().said.splitlines()[1]


def test_a_role_for_machines_can_not_be_a_role_of_people(tenant, provision):
    body = {"name": "accountsite-helper", "description": "Robot", "type": "MachineToMachine"}
    tenant.management("POST", "/roles", json=body)

    run = provision()

    assert run.failure == "One thing is left to do by hand, see above."
    assert "name another by ACCOUNTSITE_HELPER_ROLE" in run.said


def test_roles_go_by_the_names_that_the_settings_give_them(tenant, provision, settings, env_file):
    settings.ACCOUNTSITE_ADMIN_ROLE = settings.ACCOUNTSITE_HELPER_ROLE = "captain"

    run = provision()

    assert run.said.count("role captain") == 1
    names = {role["name"] for role in tenant.management("GET", "/roles").json()}
    assert {"captain", "accountsite-viewer"} <= names
    assert "accountsite-admin" not in names
    assert lines(env_file)["ACCOUNTSITE_ADMIN_ROLE"] == "captain"
    assert lines(env_file)["ACCOUNTSITE_HELPER_ROLE"] == "captain"


def test_another_page_for_deleting_accounts_stays_unless_it_is_to_be_replaced(tenant, provision):
    url = "https://elsewhere.example.com/delete"
    tenant.management("PATCH", "/account-center", json={"deleteAccountUrl": url})

    run = provision()

    assert run.failure is None
    assert "left alone" in run.outcomes()
    assert "--replace-deletion-url makes it" in run.said
    assert tenant.management("GET", "/account-center").json()["deleteAccountUrl"] == url
    provision("--replace-deletion-url")
    center = tenant.management("GET", "/account-center").json()
    assert center["deleteAccountUrl"] == f"{SITE}/privacy/deletion/"


def test_names_of_the_tenant_do_not_move_the_terminal(tenant, provision):
    metadata = {"redirectUris": [f"{SITE}/sign-in/callback/"], "postLogoutRedirectUris": []}
    by_hand = {"name": "\x1b[2J", "type": "Traditional", "oidcClientMetadata": metadata}
    tenant.management("POST", "/applications", json=by_hand)

    run = provision()

    assert "\x1b" not in run.said
    assert 'application "�[2J"' in run.said


# A second site


def test_a_second_site_does_not_disturb_the_first(tenant, provision, tmp_path):
    provision()
    first, before = application(tenant), everything(tenant)

    run = provision(site=STAGING, file=tmp_path / "staging.env")

    assert run.failure is None
    assert application(tenant, SITE) == first
    assert application(tenant, STAGING)["id"] != first["id"]
    assert hook(tenant, SITE) in before["/hooks"]
    center = tenant.management("GET", "/account-center").json()
    assert center["deleteAccountUrl"] == f"{SITE}/privacy/deletion/"
    assert center["webauthnRelatedOrigins"] == [SITE, STAGING]
    assert set(provision().outcomes()) == {"already right"}


# More than that


def test_programs_get_an_application_of_their_own_where_that_is_wished(tenant, provision, env_file):
    provision()
    assert "ACCOUNTSITE_TOKENS_APP_ID" not in lines(env_file)

    assert provision("--token-exchange").outcomes()[-1] == "made"

    made = lines(env_file)["ACCOUNTSITE_TOKENS_APP_ID"]
    shown = tenant.management("GET", f"/applications/{made}").json()
    assert shown["type"] == "Native"
    assert shown["customClientMetadata"] == {"allowTokenExchange": True}
    assert shown["oidcClientMetadata"]["redirectUris"] == [f"{SITE}/tokens/"]


@pytest.mark.parametrize(
    ("less", "told"),
    [
        ({"customClientMetadata": {}}, ": token exchange"),
        (
            {"oidcClientMetadata": {"redirectUris": [], "postLogoutRedirectUris": []}},
            ": redirect URI",
        ),
    ],
)
def test_that_one_is_mended_too(tenant, provision, env_file, less, told):
    provision("--token-exchange")
    made = lines(env_file)["ACCOUNTSITE_TOKENS_APP_ID"]
    before = tenant.management("GET", f"/applications/{made}").json()
    tenant.management("PATCH", f"/applications/{made}", json=less)

    run = provision("--token-exchange")

    assert run.outcomes()[-1] == "changed"
    assert told in run.said
    after = tenant.management("GET", f"/applications/{made}").json()
    assert after["oidcClientMetadata"] == before["oidcClientMetadata"]
    assert after["customClientMetadata"] == before["customClientMetadata"]
    assert set(provision("--token-exchange").outcomes()) == {"already right"}


def _made(tenant, path):
    for each in tenant.management("GET", path).json():
        if SITE in str(each.get("description")) or SITE in str(each["name"]):
            yield each
