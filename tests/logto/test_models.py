"""What is read of each answer, and what is left out of it on purpose."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from accountsite.logto import (
    account_api,
    applications,
    connectors,
    errors,
    grants,
    hooks,
    identities,
    invitations,
    logs,
    mfa,
    organizations,
    passwords,
    secrets,
    sessions,
    tokens,
    users,
)
from accountsite.logto.account_center import Access, AccountCenter, Control
from accountsite.logto.sign_in_experience import Factor
from tests.logto import answers
from tests.logto.conftest import Logto

MOMENT = datetime(2026, 11, 21, 3, 6, 46, 592000, tzinfo=UTC)


def everything(model: Any) -> str:
    """All that a model holds, fields that `repr` hides included."""
    if is_dataclass(model):
        return " ".join(everything(getattr(model, field.name)) for field in fields(model))
    if isinstance(model, tuple | list):
        return " ".join(map(everything, model))
    return str(model)


@pytest.mark.parametrize(
    "model",
    [
        users.User.from_json(answers.user(passwordDigest=answers.PLANTED)),
        identities.Identity.from_json("github", answers.identity()),
        connectors.Connector.from_json(answers.connector()),
        connectors.EnterpriseConnector.from_json(answers.enterprise_connector()),
        tokens.PersonalAccessToken.from_json(answers.personal_access_token()),
        logs.Entry.from_json(answers.log()),
        applications.Application.from_json(answers.application()),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_model_holds_no_secret_of_its_answer(model):
    assert answers.PLANTED not in everything(model)


@pytest.mark.parametrize(
    "model",
    [
        hooks.Hook.from_json(answers.hook()),
        tokens.Created.from_json(answers.personal_access_token()),
        applications.Secret.from_json({"name": "n", "value": answers.PLANTED}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_secret_that_is_asked_for_does_not_show_by_accident(model):
    assert answers.PLANTED in everything(model)
    assert answers.PLANTED not in repr(model)


def test_models_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        users.User.from_json(answers.user()).name = "Eve"  # type: ignore[misc]


def test_a_user_is_read_whole():
    user = users.User.from_json(answers.user(ssoIdentities=[answers.enterprise_identity()]))

    assert (user.id, user.username, user.name) == ("u1", "ada", "Ada Byron")
    assert (user.primary_email, user.primary_phone) == ("ada@example.com", "15550100001")
    assert user.custom_data == {"company": "Engines"}
    assert (user.is_suspended, user.has_password) == (False, True)
    assert user.created_at == user.updated_at == user.last_sign_in_at == MOMENT
    assert user.profile.given_name == "Ada"
    assert user.profile.address.country == "GB"
    assert user.identities[0].target == "github"
    assert user.identities[0].label == "Ada on GitHub"
    assert user.enterprise_identities[0].connector_id == "conn-work"


def test_what_a_user_lacks_is_none():
    empty = answers.user(
        username=None, primaryEmail="", primaryPhone=None, name="", avatar=None, profile={},
        identities={}, lastSignInAt=None,
    )  # fmt: skip
    del empty["hasPassword"]

    user = users.User.from_json(empty)

    assert (user.username, user.primary_email, user.name, user.avatar) == (None,) * 4
    assert (user.last_sign_in_at, user.has_password) == (None, None)
    assert user.profile == users.Profile()
    assert user.identities == user.enterprise_identities == ()


def test_a_profile_goes_back_as_it_came():
    profile = {"givenName": "Ada", "zoneinfo": "Europe/London", "address": {"locality": "London"}}

    assert users.Profile.from_json(profile).to_json() == profile
    assert users.Profile().to_json() == {}


def test_a_change_without_anything_to_change_is_our_mistake():
    with pytest.raises(ValueError, match="nothing"):
        users.update("u1")


def test_more_people_than_a_page_holds_are_not_asked_for():
    with pytest.raises(ValueError, match="page"):
        users.with_any(users.Field.ID, map(str, range(101)))


def test_nobody_is_asked_for_nobody(logto: Logto):
    assert users.with_any(users.Field.ID, []) == ()
    assert logto.requests == []


@pytest.mark.parametrize("details", [None, {}, {"name": None, "email": 5}])
def test_an_identity_without_details_is_known_by_its_subject(details):
    identity = identities.Identity.from_json("x", {"userId": "x-1", "details": details})

    assert identity.label == "x-1"


def test_an_empty_subject_is_refused_before_logto_takes_it(logto: Logto):
    with pytest.raises(ValueError, match="subject"):
        identities.put("u1", target="github", subject="")

    assert logto.requests == []


def test_all_identities_come_with_what_is_kept_for_them():
    found = identities.All.from_json(
        {
            "socialIdentities": [
                {
                    "target": "github",
                    "identity": answers.identity(),
                    "tokenSecret": answers.token_secret(),
                },
                {"target": "x", "identity": {"userId": "x-1"}},
            ],
            "ssoIdentities": [{"ssoIdentity": answers.enterprise_identity()}],
        }
    )

    kept = found.social[0].stored_tokens
    assert kept is not None
    assert (kept.id, kept.scopes, kept.has_refresh_token) == ("secret1", ("email", "profile"), True)
    assert kept.expires_at == MOMENT.replace(microsecond=0), "in seconds"
    assert kept.created_at == MOMENT, "in milliseconds"
    assert found.social[1].stored_tokens is None
    assert found.enterprise[0].identity.label == "Ada at work"


def test_stored_tokens_need_no_expiry():
    kept = secrets.TokenSet.from_json(answers.token_secret(metadata={"hasRefreshToken": False}))

    assert (kept.expires_at, kept.scopes) == (None, ())


def test_a_social_connector_for_browsers_is_picked_for_each_target(logto: Logto):
    kinds = [
        {"id": "native", "platform": "Native"},
        {"id": "universal", "platform": "Universal"},
        {"id": "web", "platform": "Web"},
        {"id": "only-native", "platform": "Native", "target": "phone-only"},
        {"id": "mail", "type": "Email", "platform": None, "target": "mail"},
        {"id": "google", "platform": "Web", "target": "google"},
        {"id": "google-2", "platform": "Universal", "target": "google"},
    ]
    logto.answers("GET", "/connectors", [answers.connector(**kind) for kind in kinds])

    assert [connector.id for connector in connectors.social()] == ["web", "google"]


@pytest.mark.parametrize(
    ("language", "name"), [("ko", "깃허브"), ("ko-KR", "깃허브"), ("fr", "GitHub")]
)
def test_a_connector_has_a_name_in_every_language(language, name):
    assert connectors.Connector.from_json(answers.connector()).name(language) == name


def test_a_connector_without_names_has_its_target():
    assert connectors.Connector.from_json(answers.connector(name={})).name("en") == "github"


def test_what_the_tenant_named_itself_wins():
    metadata = {"name": {"en": "Our code"}, "logo": "https://example.com/ours.svg"}
    connector = connectors.Connector.from_json(answers.connector(metadata=metadata))

    assert (connector.name("ko"), connector.logo) == ("Our code", "https://example.com/ours.svg")


@pytest.mark.parametrize(
    ("factory", "keeps"),
    [
        ("github-universal", False), ("google-universal", False), ("apple-universal", True),
        ("x-universal", True), ("oidc", True), ("oauth2", True), ("saml", True),
    ],
)  # fmt: skip
def test_connectors_that_keep_session_state_are_known(factory, keeps):
    connector = connectors.Connector.from_json(answers.connector(connectorId=factory))

    assert connector.keeps_session_state is keeps


def test_logto_keeps_the_browser_that_a_passkey_was_made_in_and_not_this_site(logto: Logto):
    logto.answers("POST", "/verifications/web-authn/registration/verify", {})

    account_api.finish_passkey("t", verification_id="rec1", credential={}, user_agent="Browser/1.0")

    assert logto.wire.calls[-1].request.headers["User-Agent"] == "Browser/1.0"


@pytest.mark.parametrize(
    ("fields", "access"),
    [
        ({"passkey": "Edit", "mfa": "Off"}, Access.EDIT),
        ({"passkey": "Off", "mfa": "Edit"}, Access.OFF),
        ({"mfa": "Edit"}, Access.EDIT),
        ({}, Access.OFF),
    ],
)
def test_passkeys_are_like_other_factors_where_nothing_else_is_said(fields, access):
    center = AccountCenter.from_json(answers.account_center(fields=fields))

    assert center.access(Control.PASSKEY) is access


def test_a_passkey_has_a_name_and_a_browser():
    bound = mfa.Bound.from_json(
        answers.factor(
            type="WebAuthn", name="Phone", agent="Browser/1.0", lastUsedAt=answers.NOW_ISO
        )
    )

    assert (bound.factor, bound.name, bound.agent) == (Factor.WEBAUTHN, "Phone", "Browser/1.0")
    assert bound.created_at == bound.last_used_at == MOMENT


def test_backup_codes_are_counted():
    bound = mfa.Bound.from_json(answers.factor(type="BackupCode", remainCodes=3))

    assert bound.remaining_codes == 3


def test_an_empty_totp_secret_is_refused_before_logto_takes_it(logto: Logto):
    with pytest.raises(ValueError, match="empty"):
        mfa.add_totp("u1", secret="")

    assert logto.requests == []


def test_a_new_token_gives_its_value_once():
    created = tokens.Created.from_json(answers.personal_access_token(expiresAt=answers.NOW))

    assert created.value == f"pat_{answers.PLANTED}"
    assert created.token.expires_at == MOMENT


def test_a_session_says_when_where_and_how():
    session = sessions.Session.from_json(answers.session())

    assert session.id == "session1"
    assert session.signed_in_at == MOMENT.replace(microsecond=0)
    assert session.verified_by == ("Password", "Totp")
    assert (session.ip, session.user_agent) == ("192.0.2.1", "Browser/1.0")
    assert (session.city, session.country) == (None, "GB")
    assert session.has_sid("app1", "sid1")
    assert not session.has_sid("app2", "sid1")
    assert session.is_current is None


MAPPED = "::ffff:192.0.2.1"  # how a server without a proxy may know 192.0.2.1


def test_an_address_of_ipv4_is_told_as_such():
    session = answers.session()
    session["lastSubmission"]["signInContext"]["ip"] = MAPPED
    log = answers.log()
    log["payload"]["ip"] = MAPPED

    assert sessions.Session.from_json(session).ip == "192.0.2.1"
    assert logs.Entry.from_json(log).ip == "192.0.2.1"


def test_a_session_of_which_nothing_was_kept_is_still_one():
    session = sessions.Session.from_json(answers.session(lastSubmission=None, clientId=None))

    assert (session.ip, session.verified_by, session.application_id) == (None, (), None)


def test_a_session_tells_of_the_proofs_that_were_good():
    last = answers.session()["lastSubmission"]
    records = [
        {"id": "record1", "type": "Password", "verified": False},
        {"id": "record2", "type": "Social", "connectorId": "github"},
        {"id": "record3", "type": "WebAuthn", "verified": True, "userId": "u1"},
    ]

    session = sessions.Session.from_json(
        answers.session(lastSubmission={**last, "verificationRecords": records})
    )

    assert session.verified_by == ("Social", "WebAuthn")


def test_a_session_tells_what_an_application_calls_it():
    session = sessions.Session.from_json(answers.session())

    assert session.sid_of("app1") == "sid1"
    assert session.sid_of("app2") is None


def test_a_grant_of_an_application_that_logto_does_not_name_is_called_by_its_id():
    grant = grants.Grant.from_json(answers.grant(application=None))

    assert (grant.application_id, grant.application_name) == ("app1", "app1")


def test_a_grant_says_what_for_whom_and_until_when():
    grant = grants.Grant.from_json(answers.grant())

    assert (grant.application_id, grant.application_name) == ("app1", "Notebook")
    assert grant.scopes == ("openid", "profile")
    assert grant.resources == {"https://api.example.com": ("read", "write")}
    assert grant.granted_at == MOMENT.replace(microsecond=0)


def test_an_organization_comes_with_the_persons_roles():
    organization = organizations.Organization.from_json(answers.organization())

    assert [role.name for role in organization.roles] == ["admin"]
    assert organization.logo_url == "https://example.com/org.svg"


def test_an_invitation_says_for_what_and_how_long():
    invitation = invitations.Invitation.from_json(answers.invitation())

    assert invitation.status is invitations.Status.PENDING
    assert invitation.expires_at > invitation.created_at


def test_a_log_entry_tells_who_did_what_from_where():
    entry = logs.Entry.from_json(answers.log())

    assert (entry.key, entry.is_success) == ("Interaction.SignIn.Submit", True)
    assert (entry.account_id, entry.application_id, entry.ip) == ("u1", "app1", "192.0.2.1")
    assert entry.verified_by == ("Password",)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": "session.invalid_credentials", "message": answers.PLANTED}, "session.invalid_credentials"),
        ('{"stack": "planted-secret"}', None),
        (None, None),
    ],
)  # fmt: skip
def test_a_failure_in_the_log_is_known_by_its_code_alone(error, code):
    entry = logs.Entry.from_json(answers.log(payload={"result": "Error", "error": error}))

    assert (entry.is_success, entry.error_code) == (False, code)
    assert answers.PLANTED not in everything(entry)


def test_a_webhook_of_the_old_kind_has_one_event():
    old = hooks.Hook.from_json(answers.hook(event="PostSignIn", events=[]))

    assert old.events == ("PostSignIn",)


def test_a_delivery_tells_what_was_sent_and_answered():
    payload = {
        "result": "Error",
        "hookRequest": {"body": {"event": "User.Deleted"}},
        "response": {"statusCode": 500, "body": ""},
    }
    delivery = hooks.Delivery.from_json(
        answers.log(key="TriggerHook.User.Deleted", payload=payload)
    )

    assert (delivery.is_success, delivery.status) == (False, 500)
    assert delivery.body == {"event": "User.Deleted"}


def test_the_policy_refuses_a_password_with_reasons(logto: Logto):
    issues = [{"code": "password_rejected.too_short", "interpolation": {"min": 8}}]
    path = "/sign-in-exp/default/check-password"
    logto.answers("POST", path, {"result": False, "issues": issues}, status=400)

    verdict = passwords.check("short", account_id="u1")

    assert not verdict.is_accepted
    assert [(issue.code, issue.details) for issue in verdict.issues] == [("too_short", {"min": 8})]


def test_a_policy_that_cannot_answer_is_not_taken_for_a_verdict(logto: Logto):
    logto.refuses("POST", "/sign-in-exp/default/check-password", 400, "request.invalid_input")

    with pytest.raises(errors.PasswordUnchecked):
        passwords.check("new")


@pytest.mark.parametrize("code", ["auth.unauthorized", "auth.authorization_header_missing"])
def test_a_persons_token_that_is_refused_is_not_our_credentials_failing(logto: Logto, code):
    logto.refuses("GET", "/my-account", 401, code)

    with pytest.raises(errors.PersonTokenRefused):
        account_api.me("t")

    assert len(logto.wire.calls) == 1, "no token of ours is renewed for it"


def test_a_person_whose_application_may_not_is_not_our_role_missing(logto: Logto):
    logto.refuses("GET", "/my-account", 403, "auth.forbidden")

    with pytest.raises(errors.PersonTokenForbidden):
        account_api.me("t")


def test_a_missing_proof_is_neither_a_refused_token_nor_a_sign_out(logto: Logto):
    logto.refuses("GET", "/my-account/sessions", 401, "verification_record.permission_denied")

    with pytest.raises(errors.ProofNeeded):
        account_api.own_sessions("t", proof=None)


def test_the_account_center_being_off_is_told_apart(logto: Logto):
    logto.refuses("GET", "/my-account", 400, "account_center.anything")

    with pytest.raises(errors.AccountCenterOff):
        account_api.me("t")


@pytest.mark.parametrize("addresses", [{}, {"email": "a@b.c", "phone": "155"}])
def test_a_code_goes_to_one_address(addresses):
    with pytest.raises(ValueError, match="one address"):
        account_api.send_code("t", **addresses)


def test_a_backup_code_says_when_it_was_used():
    code = account_api.BackupCode.from_json({"code": "0123456789", "usedAt": answers.NOW_ISO})

    assert code.used_at == MOMENT
    assert "0123456789" not in repr(code)


def test_a_token_is_named_by_an_id_that_tells_nothing_of_it():
    known = tokens.PersonalAccessToken.from_json(answers.personal_access_token())
    renamed = tokens.PersonalAccessToken.from_json(answers.personal_access_token(name="a/b \ud800"))
    newer = tokens.PersonalAccessToken.from_json(
        answers.personal_access_token(createdAt=answers.NOW + 1)
    )

    assert known.id.isalnum()
    assert len({known.id, renamed.id, newer.id}) == 3


@pytest.mark.parametrize("expires_at", [None, 0, 10**18])
def test_a_token_that_ends_beyond_all_time_never_ends(expires_at):
    """Logto takes 0 (measured) and means never by it."""
    data = answers.personal_access_token(expiresAt=expires_at)

    assert tokens.PersonalAccessToken.from_json(data).expires_at is None


def test_an_organization_role_tells_what_it_allows_there_and_in_apis():
    data = {
        "id": "orole1",
        "name": "admin",
        "description": None,
        "scopes": [{"id": "s1", "name": "invite"}],
        "resourceScopes": [
            {"id": "s2", "name": "write", "resource": {"id": "r1", "name": "Boats"}}
        ],
    }

    role = organizations.Role.from_json(data)

    assert role.scopes == ("invite",)
    assert [(scope.name, scope.api) for scope in role.api_scopes] == [("write", "Boats")]


def test_an_invitation_in_a_state_of_a_newer_logto_can_not_be_answered():
    data = answers.invitation(status="Paused")

    assert invitations.Invitation.from_json(data).status is invitations.Status.REVOKED
