"""Tokens, and what they open."""

import requests

from accountsite.demo import people
from tests.demo.oidc.test_sign_in import sign_in
from tests.demo.oidc.visitor import Application, Browser, new_application, verified
from tests.demo_process import Tenant


def userinfo(tenant: Tenant, token: str) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = tenant.http.get(f"{tenant.endpoint}/oidc/me", headers=headers)
    body: dict[str, object] = answer.json()
    return body


def test_offline_access_counts_only_beside_the_prompt_consent(
    visitor: Browser, application: Application
) -> None:
    without = application.redeem(sign_in(visitor, application, "alice"))
    with_consent = application.redeem(visitor.open(application.address(prompt="consent")))

    assert "refresh_token" not in without
    assert "refresh_token" in with_consent


def test_a_refresh_token_stays_the_same(visitor: Browser, application: Application) -> None:
    first = application.redeem(sign_in(visitor, application, "alice", prompt="consent"))

    again = application.ask(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()

    assert again["refresh_token"] == first["refresh_token"]
    assert again["access_token"] != first["access_token"]
    assert verified(visitor.tenant, again["id_token"]).claims["sub"] == people.id_of("alice")


def test_sid_is_for_applications_that_take_back_channel_logouts(
    tenant: Tenant, visitor: Browser, application: Application
) -> None:
    metadata = {"backchannelLogoutSessionRequired": False}
    other = new_application(tenant, metadata=metadata)

    assert "sid" in application.claims(sign_in(visitor, application, "alice"))
    assert "sid" not in other.claims(visitor.open(other.address()))


def test_userinfo_tells_roles_organizations_and_custom_data_by_scope(
    visitor: Browser, application: Application
) -> None:
    scope = "openid roles custom_data urn:logto:scope:organizations"
    token = application.redeem(sign_in(visitor, application, "dave", scope=scope))

    claims = userinfo(visitor.tenant, token["access_token"])

    assert "accountsite-admin" in claims["roles"]
    assert "custom_data" in claims
    assert isinstance(claims["organizations"], list)
    assert "email" not in claims


def test_an_id_token_leaves_out_what_only_userinfo_tells(
    visitor: Browser, application: Application
) -> None:
    scope = "openid roles custom_data identities"
    claims = application.claims(sign_in(visitor, application, "dave", scope=scope))

    assert "accountsite-admin" in claims["roles"]
    assert "custom_data" not in claims
    assert "identities" not in claims


def test_a_suspended_person_loses_sessions_and_tokens_but_the_grant_stays_listed(
    visitor: Browser, application: Application
) -> None:
    tenant, alice = visitor.tenant, f"/users/{people.id_of('alice')}"
    tokens = application.redeem(sign_in(visitor, application, "alice", prompt="consent"))

    tenant.management("PATCH", f"{alice}/is-suspended", json={"isSuspended": True})

    assert userinfo(tenant, tokens["access_token"])["error"] == "invalid_token"
    assert tenant.management("GET", f"{alice}/sessions").json() == {"sessions": []}
    listed = tenant.management("GET", f"{alice}/grants").json()["grants"]
    assert application.id in [grant["application"]["id"] for grant in listed]
    assert visitor.open(application.address()).heading == "Sign in"


def test_a_management_token_is_worthless_once_its_key_is_withdrawn(tenant: Tenant) -> None:
    form = {
        "grant_type": "client_credentials",
        "resource": "https://default.logto.app/api",
        "scope": "all",
    }
    who = (tenant.m2m_client_id, tenant.m2m_client_secret)
    answer = tenant.http.post(f"{tenant.endpoint}/oidc/token", data=form, auth=who).json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    address = f"{tenant.endpoint}/api/users"
    assert tenant.http.get(address, headers=headers).status_code == 200

    tenant.rotate_keys(keep_old=True)
    assert tenant.http.get(address, headers=headers).status_code == 200
    tenant.rotate_keys(keep_old=False)

    assert tenant.http.get(address, headers=headers).status_code == 401


def test_rotation_changes_the_key_that_signs(visitor: Browser, application: Application) -> None:
    tenant = visitor.tenant
    before = application.redeem(sign_in(visitor, application, "alice"))["id_token"]

    tenant.rotate_keys(keep_old=True)
    after = application.redeem(visitor.open(application.address()))["id_token"]

    old, new = verified(tenant, before), verified(tenant, after)
    assert old.header["kid"] != new.header["kid"]


def exchanged(tenant: Tenant, value: str) -> requests.Response:
    """What a program on somebody's machine gets for their personal access token."""
    form = {
        "client_id": "demo-command-line",
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:logto:token-type:personal_access_token",
        "subject_token": value,
        "scope": "openid profile",
    }
    return tenant.http.post(f"{tenant.endpoint}/oidc/token", data=form)


def test_a_personal_access_token_is_exchanged_without_a_secret(tenant: Tenant) -> None:
    alice = tenant.user("alice")
    path = f"/users/{alice['id']}/personal-access-tokens"
    made = tenant.management("POST", path, json={"name": "laptop"}).json()

    token = exchanged(tenant, made["value"]).json()

    assert userinfo(tenant, token["access_token"])["sub"] == alice["id"]
    assert exchanged(tenant, "pat_nope").json()["error"] == "invalid_grant"


def test_one_that_ends_at_the_beginning_of_time_never_ends(tenant: Tenant) -> None:
    path = f"/users/{tenant.user('alice')['id']}/personal-access-tokens"
    body = {"name": "laptop", "expiresAt": 0}
    made = tenant.management("POST", path, json=body).json()

    assert exchanged(tenant, made["value"]).ok


def test_a_default_api_takes_the_tokens_that_are_for_none(
    visitor: Browser, application: Application
) -> None:
    [api] = visitor.tenant.management("GET", "/resources").json()
    opaque = application.redeem(sign_in(visitor, application, "alice"))["access_token"]

    visitor.tenant.management(
        "PATCH", f"/resources/{api['id']}/is-default", json={"isDefault": True}
    )
    token = application.redeem(visitor.open(application.address()))["access_token"]

    assert (opaque.count("."), token.count(".")) == (0, 2)
    headers = {"Authorization": f"Bearer {token}"}
    account = visitor.tenant.http.get(f"{visitor.tenant.endpoint}/api/my-account", headers=headers)
    assert account.status_code == 401


def test_an_application_for_people_gets_no_tokens_without_a_redirect_uri(tenant: Tenant) -> None:
    body = {"name": "Program", "type": "Native"}
    program = tenant.management("POST", "/applications", json=body).json()

    answer = tenant.http.post(
        f"{tenant.endpoint}/oidc/token",
        data={"client_id": program["id"], "grant_type": "refresh_token", "refresh_token": "old"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "oidc.invalid_redirect_uri")
