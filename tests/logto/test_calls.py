"""Each function is one endpoint: its method, path, query and body."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accountsite.logto import (
    account_api,
    account_center,
    applications,
    assets,
    connectors,
    dashboard,
    grants,
    hooks,
    identities,
    invitations,
    logs,
    mfa,
    one_time_tokens,
    organizations,
    passwords,
    profile_fields,
    resources,
    roles,
    secrets,
    sentinel,
    sessions,
    sign_in_experience,
    status,
    tokens,
    users,
    verification_codes,
)
from tests.logto import answers
from tests.logto.conftest import Logto, Sent

MOMENT = datetime(2026, 11, 21, 3, 6, 46, 592000, tzinfo=UTC)
PAGED = {"page": "1", "page_size": "20"}
WHOLE = {"page": "1", "page_size": "100"}
PICTURE = {"name": "a.webp", "content_type": "image/webp"}


@dataclass(kw_only=True)
class Call:
    """What a call sends, and what it wants back."""

    does: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    sends: tuple[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    answer: Any = None


def call(
    does: Callable[..., Any], *args: Any, sends: str, query: Any = None, body: Any = None,
    answer: Any = None, **kwargs: Any,
) -> Call:  # fmt: skip
    method, path = sends.split()
    return Call(
        does=does, args=args, kwargs=kwargs, sends=(method, path),
        query=query or {}, body=body, answer=answer,
    )  # fmt: skip


USER, ROLE = answers.user(), answers.role()
CONFIGS = {
    "mfa": {"enabled": True, "skipped": False, "skipMfaOnSignIn": True},
    "passkeySignIn": {"skipped": True},
}
FIGURE = {"count": 3, "delta": -1}
RECORD = {"verificationRecordId": "rec1", "expiresAt": answers.NOW_ISO}
ONE_TIME = {
    "id": "ott1", "email": "ada@example.com", "token": answers.PLANTED, "context": {},
    "status": "active", "createdAt": answers.NOW, "expiresAt": answers.NOW,
}  # fmt: skip

CALLS = [
    # users
    call(users.get, "u1", sends="GET /users/u1", answer=USER),
    call(
        users.get, "u1", with_enterprise=True, sends="GET /users/u1",
        query={"includeSsoIdentities": "true"}, answer=USER,
    ),
    call(users.search, sends="GET /users", query=PAGED, answer=[USER]),
    call(
        users.search, "50%_a\\", page=2, page_size=100, sends="GET /users",
        query={"search": "%50\\%\\_a\\\\%", "page": "2", "page_size": "100"}, answer=[],
    ),
    call(
        users.search, "Ada", by=users.Field.NAME, mode=users.Mode.STARTS, sends="GET /users",
        query={"search.name": "Ada%", **PAGED}, answer=[],
    ),
    call(
        users.search, "a_b@example.com", by=users.Field.EMAIL, mode=users.Mode.EXACT,
        sends="GET /users", answer=[],
        query={"search.primaryEmail": "a_b@example.com", "mode.primaryEmail": "exact", **PAGED},
    ),
    call(
        users.search, without_role="r1", sends="GET /users",
        query={"excludeRoleId": "r1", **PAGED}, answer=[],
    ),
    call(
        users.search, without_organization="o1", sends="GET /users",
        query={"excludeOrganizationId": "o1", **PAGED}, answer=[],
    ),
    call(
        users.with_any, users.Field.ID, ["u1"], sends="GET /users", answer=[USER],
        query={"search.id": "u1", "mode.id": "exact", "isCaseSensitive": "true", **WHOLE},
    ),
    call(
        users.with_any, users.Field.EMAIL, ["A@b.c"], ignoring_case=True, sends="GET /users",
        answer=[USER], query={"search.primaryEmail": "A@b.c", "mode.primaryEmail": "exact", **WHOLE},
    ),
    call(
        users.create, username="ada", password="p", name="", profile={"givenName": "Ada"},
        sends="POST /users", answer=USER,
        body={"username": "ada", "password": "p", "profile": {"givenName": "Ada"}},
    ),
    call(
        users.update, "u1", name="Ada", avatar=None, sends="PATCH /users/u1", answer=USER,
        body={"name": "Ada", "avatar": None},
    ),
    call(
        users.update, "u1", username="ada", primary_email=None, primary_phone="15550100001",
        sends="PATCH /users/u1", answer=USER,
        body={"username": "ada", "primaryEmail": None, "primaryPhone": "15550100001"},
    ),
    call(
        users.update_profile, "u1", {"nickname": "", "address": {"country": "GB"}},
        sends="PATCH /users/u1/profile", answer={},
        body={"profile": {"nickname": "", "address": {"country": "GB"}}},
    ),
    call(users.custom_data, "u1", sends="GET /users/u1/custom-data", answer={"a": 1}),
    call(
        users.update_custom_data, "u1", {"a": 1}, sends="PATCH /users/u1/custom-data",
        body={"customData": {"a": 1}}, answer={"a": 1},
    ),
    call(
        users.replace_custom_data, "u1", {"a": 1}, sends="PATCH /users/u1",
        body={"customData": {"a": 1}}, answer=USER,
    ),
    call(
        users.suspend, "u1", sends="PATCH /users/u1/is-suspended", body={"isSuspended": True},
        answer=USER,
    ),
    call(
        users.lift_suspension, "u1", sends="PATCH /users/u1/is-suspended",
        body={"isSuspended": False}, answer=USER,
    ),
    call(users.delete, "u1", sends="DELETE /users/u1"),
    call(
        users.subject_token, "u1", context={"why": "help"}, sends="POST /subject-tokens",
        body={"userId": "u1", "context": {"why": "help"}}, answer={"subjectToken": "s"},
    ),
    # passwords
    call(
        passwords.verify, "u1", "old", sends="POST /users/u1/password/verify",
        body={"password": "old"},
    ),
    call(
        passwords.change, "u1", "new", sends="PATCH /users/u1/password", body={"password": "new"},
        answer=USER,
    ),
    call(
        passwords.is_set, "u1", sends="GET /users/u1/has-password", answer={"hasPassword": True}
    ),
    call(
        passwords.check, "new", account_id="u1", sends="POST /sign-in-exp/default/check-password",
        body={"password": "new", "userId": "u1"}, answer={"result": True},
    ),
    call(
        passwords.check, "new", sends="POST /sign-in-exp/default/check-password",
        body={"password": "new"}, answer={"result": True},
    ),
    call(
        passwords.set_expired, "u1", is_expired=True, sends="PATCH /users/u1/password/expiration",
        body={"isExpired": True}, answer=USER,
    ),
    # verification codes
    call(
        verification_codes.send_email, "a@b.c", sends="POST /verification-codes",
        body={"email": "a@b.c"},
    ),
    call(
        verification_codes.send_sms, "155", sends="POST /verification-codes", body={"phone": "155"}
    ),
    call(
        verification_codes.verify_email, "a@b.c", "123456",
        sends="POST /verification-codes/verify",
        body={"email": "a@b.c", "verificationCode": "123456"},
    ),
    call(
        verification_codes.verify_sms, "155", "123456", sends="POST /verification-codes/verify",
        body={"phone": "155", "verificationCode": "123456"},
    ),
    # identities
    call(
        identities.of_user, "u1", sends="GET /users/u1/all-identities",
        answer={"socialIdentities": [], "ssoIdentities": []},
    ),
    call(
        identities.of_user, "u1", with_stored_tokens=True, sends="GET /users/u1/all-identities",
        query={"includeTokenSecret": "true"}, answer={"socialIdentities": [], "ssoIdentities": []},
    ),
    call(
        identities.get, "u1", target="github", sends="GET /users/u1/identities/github",
        answer={"identity": answers.identity()},
    ),
    call(
        identities.get_enterprise, "u1", connector_id="c1", with_stored_tokens=True,
        sends="GET /users/u1/sso-identities/c1", query={"includeTokenSecret": "true"},
        answer={"ssoIdentity": answers.enterprise_identity()},
    ),
    call(
        identities.link, "u1", connector_id="c1", data={"code": "x", "redirectUri": "https://a/"},
        sends="POST /users/u1/identities", answer={},
        body={"connectorId": "c1", "connectorData": {"code": "x", "redirectUri": "https://a/"}},
    ),
    call(
        identities.put, "u1", target="github", subject="gh-1", details={"name": "Ada"},
        sends="PUT /users/u1/identities/github", answer={},
        body={"userId": "gh-1", "details": {"name": "Ada"}},
    ),
    call(
        identities.put, "u1", target="github", subject="gh-1",
        sends="PUT /users/u1/identities/github", body={"userId": "gh-1"}, answer={},
    ),
    call(
        identities.delete, "u1", target="github", sends="DELETE /users/u1/identities/github",
        answer=USER,
    ),
    # connectors
    call(connectors.every, sends="GET /connectors", answer=[answers.connector()]),
    call(connectors.social, sends="GET /connectors", answer=[answers.connector()]),
    call(connectors.get, "c1", sends="GET /connectors/c1", answer=answers.connector()),
    call(
        connectors.enterprise, sends="GET /sso-connectors", query=WHOLE,
        answer=[answers.enterprise_connector()],
    ),
    call(
        connectors.authorization_uri, "c1", state="s", redirect_uri="https://a/",
        sends="POST /connectors/c1/authorization-uri",
        body={"state": "s", "redirectUri": "https://a/"}, answer={"redirectTo": "https://p/"},
    ),
    # mfa
    call(
        mfa.of_user, "u1", sends="GET /users/u1/mfa-verifications", answer=[answers.factor()]
    ),
    call(
        mfa.add_totp, "u1", secret="JBSWY3DPEHPK3PXP", sends="POST /users/u1/mfa-verifications",
        body={"type": "Totp", "secret": "JBSWY3DPEHPK3PXP"},
        answer={"type": "Totp", "secret": "JBSWY3DPEHPK3PXP", "secretQrCode": "data:image/png"},
    ),
    call(
        mfa.add_backup_codes, "u1", codes=["0123456789"] * 10,
        sends="POST /users/u1/mfa-verifications",
        body={"type": "BackupCode", "codes": ["0123456789"] * 10},
        answer={"type": "BackupCode", "codes": ["0123456789"] * 10},
    ),
    call(
        mfa.add_backup_codes, "u1", sends="POST /users/u1/mfa-verifications",
        body={"type": "BackupCode"}, answer={"type": "BackupCode", "codes": ["0123456789"]},
    ),
    call(
        mfa.delete, "u1", factor_id="f1", sends="DELETE /users/u1/mfa-verifications/f1"
    ),
    call(mfa.settings, "u1", sends="GET /users/u1/logto-configs", answer=CONFIGS),
    call(
        mfa.update_settings, "u1", is_enabled=True, skips_at_sign_in=False,
        sends="PATCH /users/u1/logto-configs",
        body={"mfa": {"enabled": True, "skipMfaOnSignIn": False}}, answer=CONFIGS,
    ),
    call(
        mfa.update_settings, "u1", is_passkey_suggestion_skipped=True,
        sends="PATCH /users/u1/logto-configs", body={"passkeySignIn": {"skipped": True}},
        answer=CONFIGS,
    ),
    # personal access tokens
    call(
        tokens.of_user, "u1", sends="GET /users/u1/personal-access-tokens",
        answer=[answers.personal_access_token()],
    ),
    call(
        tokens.create, "u1", name="ci/1", expires_at=MOMENT,
        sends="POST /users/u1/personal-access-tokens",
        body={"name": "ci/1", "expiresAt": answers.NOW}, answer=answers.personal_access_token(),
    ),
    call(
        tokens.create, "u1", name="ci", sends="POST /users/u1/personal-access-tokens",
        body={"name": "ci"}, answer=answers.personal_access_token(),
    ),
    call(
        tokens.rename, "u1", name="ci", new_name="cd",
        sends="PATCH /users/u1/personal-access-tokens", body={"currentName": "ci", "name": "cd"},
        answer=answers.personal_access_token(),
    ),
    call(
        tokens.delete, "u1", name="ci/1", sends="POST /users/u1/personal-access-tokens/delete",
        body={"name": "ci/1"},
    ),
    # sessions and grants
    call(
        sessions.of_user, "u1", sends="GET /users/u1/sessions",
        answer={"sessions": [answers.session()]},
    ),
    call(
        sessions.get, "u1", session_id="s1", sends="GET /users/u1/sessions/s1",
        answer=answers.session(),
    ),
    call(
        sessions.end, "u1", session_id="s1", sends="DELETE /users/u1/sessions/s1",
        query={"revokeGrantsTarget": "all"},
    ),
    call(
        sessions.end, "u1", session_id="s1", revoke=None, sends="DELETE /users/u1/sessions/s1"
    ),
    call(
        sessions.trusted_devices, "u1", sends="GET /users/u1/trusted-devices", query=WHOLE,
        answer=[{"id": "d1"}],
    ),
    call(
        sessions.forget_trusted_device, "u1", device_id="d1",
        sends="DELETE /users/u1/trusted-devices/d1",
    ),
    call(grants.of_user, "u1", sends="GET /users/u1/grants", answer={"grants": [answers.grant()]}),
    call(
        grants.of_user, "u1", app_type=grants.AppType.THIRD_PARTY, sends="GET /users/u1/grants",
        query={"appType": "thirdParty"}, answer={"grants": []},
    ),
    call(grants.revoke, "u1", grant_id="g1", sends="DELETE /users/u1/grants/g1"),
    # roles
    call(roles.of_user, "u1", sends="GET /users/u1/roles", query=WHOLE, answer=[ROLE]),
    call(roles.every, sends="GET /roles", query={"type": "User", **WHOLE}, answer=[ROLE]),
    call(
        roles.every, with_those_for_machines=True, sends="GET /roles", query=WHOLE, answer=[ROLE]
    ),
    call(roles.get, "r1", sends="GET /roles/r1", answer=ROLE),
    call(
        roles.scopes, "r1", sends="GET /roles/r1/scopes", query=WHOLE,
        answer=[{"id": "s", "name": "read", "description": None, "resource": {"name": "API"}}],
    ),
    call(roles.holders, "r1", sends="GET /roles/r1/users", query=PAGED, answer=[USER]),
    call(
        roles.create, name="helper", description="Helps", sends="POST /roles", answer=ROLE,
        body={"name": "helper", "description": "Helps", "type": "User"},
    ),
    call(roles.delete, "r1", sends="DELETE /roles/r1"),
    call(
        roles.assign, "u1", role_ids=["r1"], sends="POST /users/u1/roles", body={"roleIds": ["r1"]},
        answer={"roleIds": ["r1"], "addedRoleIds": ["r1"]},
    ),
    call(
        roles.replace, "u1", role_ids=[], sends="PUT /users/u1/roles", body={"roleIds": []},
        answer={"roleIds": []},
    ),
    call(roles.remove, "u1", role_id="r1", sends="DELETE /users/u1/roles/r1"),
    # organizations and invitations
    call(
        organizations.of_user, "u1", sends="GET /users/u1/organizations",
        answer=[answers.organization()],
    ),
    call(
        organizations.search, "eng", sends="GET /organizations", query={"q": "eng", **PAGED},
        answer=[answers.organization()],
    ),
    call(organizations.get, "o1", sends="GET /organizations/o1", answer=answers.organization()),
    call(
        organizations.members, "o1", role_id="r1", page_size=2, sends="GET /organizations/o1/users",
        query={"organizationRoleId": "r1", "page": "1", "page_size": "2"},
        answer=[answers.user(organizationRoles=[])],
    ),
    call(organizations.roles, sends="GET /organization-roles", query=WHOLE, answer=[ROLE]),
    call(
        organizations.scopes, sends="GET /organization-scopes", query=WHOLE,
        answer=[{"id": "s1", "name": "invite", "description": None}],
    ),
    call(
        organizations.roles_of_member, "o1", account_id="u1",
        sends="GET /organizations/o1/users/u1/roles", query=WHOLE, answer=[ROLE],
    ),
    call(
        organizations.scopes_of_member, "o1", account_id="u1",
        sends="GET /organizations/o1/users/u1/scopes",
        answer=[{"id": "s1", "name": "invite", "description": None}],
    ),
    call(
        organizations.add, "o1", account_ids=["u1"], sends="POST /organizations/o1/users",
        body={"userIds": ["u1"]}, answer="Created",
    ),
    call(
        organizations.remove, "o1", account_id="u1", sends="DELETE /organizations/o1/users/u1"
    ),
    call(
        organizations.replace_roles, "o1", account_id="u1", role_ids=["r1"],
        sends="PUT /organizations/o1/users/u1/roles", body={"organizationRoleIds": ["r1"]},
    ),
    call(
        invitations.search, invitee="ada@example.com", sends="GET /organization-invitations",
        query={"invitee": "ada@example.com"}, answer=[answers.invitation()],
    ),
    call(
        invitations.get, "i1", sends="GET /organization-invitations/i1",
        answer=answers.invitation(),
    ),
    call(
        invitations.create, "o1", invitee="ada@example.com", expires_at=MOMENT, role_ids=["r1"],
        inviter_id="u2", sends="POST /organization-invitations", answer=answers.invitation(),
        body={
            "organizationId": "o1", "invitee": "ada@example.com", "expiresAt": answers.NOW,
            "organizationRoleIds": ["r1"], "inviterId": "u2", "messagePayload": False,
        },
    ),
    call(
        invitations.send, "i1", link="https://a/", extra={"locale": "ko"},
        sends="POST /organization-invitations/i1/message",
        body={"link": "https://a/", "locale": "ko"},
    ),
    call(
        invitations.accept, "i1", account_id="u1", sends="PUT /organization-invitations/i1/status",
        body={"status": "Accepted", "acceptedUserId": "u1"}, answer=answers.invitation(),
    ),
    call(
        invitations.revoke, "i1", sends="PUT /organization-invitations/i1/status",
        body={"status": "Revoked"}, answer=answers.invitation(),
    ),
    call(invitations.delete, "i1", sends="DELETE /organization-invitations/i1"),
    # logs, hooks, figures
    call(
        logs.search, account_id="u1", key="Interaction.SignIn.Submit", after=MOMENT, before=MOMENT,
        sends="GET /logs", answer=[answers.log()],
        query={
            "userId": "u1", "logKey": "Interaction.SignIn.Submit", "start_time": str(answers.NOW),
            "end_time": str(answers.NOW), "enableCap": "true", **PAGED,
        },
    ),
    call(logs.get, "l1", sends="GET /logs/l1", answer=answers.log()),
    call(
        hooks.every, with_counts=True, sends="GET /hooks", answer=[answers.hook()],
        query={"includeExecutionStats": "true"},
    ),
    call(hooks.get, "h1", sends="GET /hooks/h1", answer=answers.hook()),
    call(
        hooks.create, name="n", url="https://a/", events=["User.Deleted"], sends="POST /hooks",
        body={"name": "n", "events": ["User.Deleted"], "config": {"url": "https://a/"}},
        answer=answers.hook(),
    ),
    call(
        hooks.update, "h1", url="https://b/", events=["User.Created"], is_enabled=False,
        sends="PATCH /hooks/h1", answer=answers.hook(),
        body={"config": {"url": "https://b/"}, "events": ["User.Created"], "enabled": False},
    ),
    call(
        hooks.rotate_signing_key, "h1", sends="PATCH /hooks/h1/signing-key", body={},
        answer=answers.hook(),
    ),
    call(
        hooks.test, "h1", url="https://a/", events=["User.Deleted"], sends="POST /hooks/h1/test",
        body={"events": ["User.Deleted"], "config": {"url": "https://a/"}},
    ),
    call(
        hooks.deliveries, "h1", after=MOMENT, sends="GET /hooks/h1/recent-logs", answer=[],
        query={"start_time": str(answers.NOW), **WHOLE},
    ),
    call(hooks.delete, "h1", sends="DELETE /hooks/h1"),
    call(dashboard.total_users, sends="GET /dashboard/users/total", answer={"totalUserCount": 3}),
    call(
        dashboard.new_users, sends="GET /dashboard/users/new",
        answer={"today": FIGURE, "last7Days": FIGURE},
    ),
    call(
        dashboard.active_users, on_date=date(2026, 11, 21), sends="GET /dashboard/users/active",
        query={"date": "2026-11-21"},
        answer={
            "dauCurve": [{"date": "2026-11-20", "count": 3}],
            "dau": FIGURE, "wau": FIGURE, "mau": FIGURE,
        },
    ),
    call(status.is_up, sends="GET /status"),
    call(status.look, sends="GET /status"),
    # the tenant
    call(sign_in_experience.get, sends="GET /sign-in-exp", answer=answers.sign_in_experience()),
    call(
        sign_in_experience.update, {"supportEmail": "a@b.c"}, sends="PATCH /sign-in-exp",
        body={"supportEmail": "a@b.c"}, answer=answers.sign_in_experience(),
    ),
    call(account_center.get, sends="GET /account-center", answer=answers.account_center()),
    call(
        account_center.update, webauthn_related_origins=("https://a",), delete_account_url="https://a/",
        sends="PATCH /account-center", answer=answers.account_center(),
        body={"webauthnRelatedOrigins": ["https://a"], "deleteAccountUrl": "https://a/"},
    ),
    call(
        account_center.update, delete_account_url=None, sends="PATCH /account-center",
        body={"deleteAccountUrl": None}, answer=answers.account_center(),
    ),
    call(
        profile_fields.every, sends="GET /custom-profile-fields", answer=[answers.profile_field()]
    ),
    call(
        applications.every, types=[applications.Type.TRADITIONAL], sends="GET /applications",
        query={"types": "Traditional", **WHOLE}, answer=[answers.application()],
    ),
    call(applications.get, "a1", sends="GET /applications/a1", answer=answers.application()),
    call(
        applications.create_web, name="Site", redirect_uris=["https://a/cb/"],
        post_logout_redirect_uris=["https://a/"], backchannel_logout_uri="https://a/bc/",
        sends="POST /applications", answer=answers.application(),
        body={
            "name": "Site", "description": None, "type": "Traditional",
            "oidcClientMetadata": {
                "redirectUris": ["https://a/cb/"], "postLogoutRedirectUris": ["https://a/"],
                "backchannelLogoutUri": "https://a/bc/", "backchannelLogoutSessionRequired": True,
            },
            "customClientMetadata": {"alwaysIssueRefreshToken": True}, "customData": {},
        },
    ),
    call(
        applications.create_native, name="Program", redirect_uris=["https://a/"],
        allows_token_exchange=True,
        custom_data={"by": "us"}, sends="POST /applications", answer=answers.application(),
        body={
            "name": "Program", "description": None, "type": "Native",
            "oidcClientMetadata": {"redirectUris": ["https://a/"], "postLogoutRedirectUris": []},
            "customClientMetadata": {"allowTokenExchange": True}, "customData": {"by": "us"},
        },
    ),
    call(
        applications.update, "a1", oidc_metadata={"redirectUris": ["https://a/cb/"]},
        client_metadata={"idTokenTtl": 60}, custom_data={},
        sends="PATCH /applications/a1", answer=answers.application(),
        body={
            "oidcClientMetadata": {"redirectUris": ["https://a/cb/"]},
            "customClientMetadata": {"idTokenTtl": 60}, "customData": {},
        },
    ),
    call(
        applications.update, "a1", custom_data={"by": "us"}, sends="PATCH /applications/a1",
        body={"customData": {"by": "us"}}, answer=answers.application(),
    ),
    call(applications.delete, "a1", sends="DELETE /applications/a1"),
    call(
        applications.secrets, "a1", sends="GET /applications/a1/secrets",
        answer=[{"name": "Default secret", "value": answers.PLANTED}],
    ),
    call(
        applications.create_secret, "a1", name="Site", sends="POST /applications/a1/secrets",
        body={"name": "Site"}, answer={"name": "Site", "value": answers.PLANTED},
    ),
    call(
        applications.roles_of, "a1", sends="GET /applications/a1/roles", query=WHOLE, answer=[ROLE]
    ),
    call(
        resources.every, sends="GET /resources", query=WHOLE,
        answer=[{"id": "r", "name": "API", "indicator": "https://api/", "isDefault": True}],
    ),
    call(assets.is_ready, sends="GET /user-assets/service-status", answer={"status": "ready"}),
    call(secrets.delete, "s1", sends="DELETE /secrets/s1"),
    call(
        sentinel.unlock, ["ada"], sends="POST /sentinel-activities/delete",
        body={"targetType": "User", "targets": ["ada"]},
    ),
    call(
        one_time_tokens.create, "ada@example.com", lifetime=timedelta(minutes=5),
        sends="POST /one-time-tokens", body={"email": "ada@example.com", "expiresIn": 300},
        answer=ONE_TIME,
    ),
    call(
        one_time_tokens.revoke, "t1", sends="PUT /one-time-tokens/t1/status",
        body={"status": "revoked"}, answer=ONE_TIME,
    ),
]  # fmt: skip

PERSONAL_CALLS = [
    call(
        account_api.me, "t", sends="GET /my-account",
        answer={"id": "u1", "hasSecurityVerificationMethod": True},
    ),
    call(
        account_api.verify_password, "t", "old", sends="POST /verifications/password",
        body={"password": "old"}, answer=RECORD,
    ),
    call(
        account_api.send_code, "t", email="a@b.c", sends="POST /verifications/verification-code",
        body={"identifier": {"type": "email", "value": "a@b.c"}}, answer=RECORD,
    ),
    call(
        account_api.send_code, "t", phone="155", sends="POST /verifications/verification-code",
        body={"identifier": {"type": "phone", "value": "155"}}, answer=RECORD,
    ),
    call(
        account_api.verify_code, "t", verification_id="rec1", code="123456", email="a@b.c",
        sends="POST /verifications/verification-code/verify",
        body={
            "identifier": {"type": "email", "value": "a@b.c"}, "verificationId": "rec1",
            "code": "123456",
        },
        answer={"verificationRecordId": "rec1"},
    ),
    call(
        account_api.start_social, "t", connector_id="c1", state="s", redirect_uri="https://a/",
        sends="POST /verifications/social",
        body={"connectorId": "c1", "state": "s", "redirectUri": "https://a/"},
        answer={**RECORD, "authorizationUri": "https://p/"},
    ),
    call(
        account_api.finish_social, "t", verification_id="rec1", data={"code": "x"},
        sends="POST /verifications/social/verify",
        body={"verificationRecordId": "rec1", "connectorData": {"code": "x"}},
        answer={"verificationRecordId": "rec1"},
    ),
    call(
        account_api.link_identity, "t", verification_id="rec1", proof="proof1",
        sends="POST /my-account/identities", body={"newIdentifierVerificationRecordId": "rec1"},
    ),
    call(
        account_api.replace_identity, "t", verification_id="rec1", proof="proof1",
        sends="PUT /my-account/identities", body={"newIdentifierVerificationRecordId": "rec1"},
    ),
    call(
        account_api.unlink_identity, "t", target="x", proof="proof1",
        sends="DELETE /my-account/identities/x",
    ),
    call(
        account_api.factors, "t", sends="GET /my-account/mfa-verifications",
        answer=[answers.factor()],
    ),
    call(
        account_api.start_passkey, "t", sends="POST /verifications/web-authn/registration",
        answer={**RECORD, "registrationOptions": {"challenge": "abc"}},
    ),
    call(
        account_api.finish_passkey, "t", verification_id="rec1", credential={"id": "k1"},
        user_agent="Browser/1.0",
        sends="POST /verifications/web-authn/registration/verify",
        body={"verificationRecordId": "rec1", "payload": {"type": "WebAuthn", "id": "k1"}},
        answer={"verificationRecordId": "rec1"},
    ),
    call(
        account_api.add_passkey, "t", verification_id="rec1", proof="proof1", name="Phone",
        sends="POST /my-account/mfa-verifications",
        body={
            "type": "WebAuthn", "newIdentifierVerificationRecordId": "rec1", "name": "Phone",
        },
    ),
    call(
        account_api.rename_passkey, "t", factor_id="f1", name="Phone", proof="proof1",
        sends="PATCH /my-account/mfa-verifications/f1/name", body={"name": "Phone"},
    ),
    call(
        account_api.delete_factor, "t", factor_id="f1", proof="proof1",
        sends="DELETE /my-account/mfa-verifications/f1",
    ),
    call(
        account_api.add_totp, "t", secret="JBSW", code="123456", proof="proof1",
        sends="POST /my-account/mfa-verifications",
        body={"type": "Totp", "secret": "JBSW", "code": "123456"},
    ),
    call(
        account_api.replace_totp, "t", secret="JBSW", code="123456", proof="proof1",
        sends="PUT /my-account/mfa-verifications/totp", body={"secret": "JBSW", "code": "123456"},
    ),
    call(
        account_api.backup_codes, "t", proof="proof1",
        sends="GET /my-account/mfa-verifications/backup-codes",
        answer={"codes": [{"code": "0123456789", "usedAt": answers.NOW_ISO}]},
    ),
    call(
        account_api.skips_mfa_at_sign_in, "t", proof="proof1", sends="GET /my-account/mfa-settings",
        answer={"skipMfaOnSignIn": False},
    ),
    call(
        account_api.set_skips_mfa_at_sign_in, "t", skips=True, proof="proof1",
        sends="PATCH /my-account/mfa-settings", body={"skipMfaOnSignIn": True},
        answer={"skipMfaOnSignIn": True},
    ),
    call(
        account_api.own_sessions, "t", proof="proof1", sends="GET /my-account/sessions",
        answer={"sessions": [answers.session(isCurrent=True)]},
    ),
]  # fmt: skip


def named(wanted: Call) -> str:
    return f"{wanted.does.__module__.rpartition('.')[2]}.{wanted.does.__name__}"


@pytest.mark.parametrize("wanted", [*CALLS, *PERSONAL_CALLS], ids=named)
def test_a_call_sends_what_its_endpoint_wants(logto: Logto, wanted: Call):
    logto.answers(*wanted.sends, wanted.answer)

    wanted.does(*wanted.args, **wanted.kwargs)

    assert logto.sent == Sent(*wanted.sends, wanted.query, wanted.body)


@pytest.mark.parametrize("wanted", PERSONAL_CALLS, ids=named)
def test_a_personal_call_carries_the_persons_token_and_proof(logto: Logto, wanted: Call):
    logto.answers(*wanted.sends, wanted.answer)

    wanted.does(*wanted.args, **wanted.kwargs)

    sent = logto.requests[-1].headers
    assert sent["Authorization"] == "Bearer t"
    assert sent.get("logto-verification-id") == wanted.kwargs.get("proof")
    assert len(logto.wire.calls) == 1, "and asks for no token of ours"


@pytest.mark.parametrize(
    ("upload", "path"),
    [
        (lambda: assets.upload(b"pixels", **PICTURE), "/user-assets"),
        (
            lambda: account_api.upload_avatar("t", b"pixels", **PICTURE),
            "/my-account/user-assets/avatar",
        ),
    ],
)
def test_a_file_goes_as_a_form_with_its_name_and_type(logto: Logto, upload, path):
    logto.answers("POST", path, {"url": "https://cdn.example.com/a.webp"})

    assert upload() == "https://cdn.example.com/a.webp"

    request = logto.requests[-1]
    assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="a.webp"\r\nContent-Type: image/webp' in request.body
    assert b"\r\n\r\npixels\r\n" in request.body


def test_every_function_of_every_noun_is_pinned_above():
    modules = {inspect.getmodule(wanted.does) for wanted in (*CALLS, *PERSONAL_CALLS)}
    pinned = {wanted.does for wanted in (*CALLS, *PERSONAL_CALLS)}
    uploads = {assets.upload, account_api.upload_avatar}
    readers = {identities.of_json, sessions.of_json, grants.of_json, profile_fields.of_json}
    readers |= {connectors.for_browsers, status.trouble}
    missing = [
        f"{module.__name__}.{name}"
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and function not in pinned | uploads | readers
    ]

    assert missing == []
