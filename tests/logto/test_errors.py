"""What each refusal of Logto becomes."""

import pytest

from accountsite.logto import errors, users
from tests.logto.conftest import Logto

BY_CODE = [
    (422, "user.username_already_in_use", errors.UsernameTaken),
    (422, "user.email_already_in_use", errors.EmailTaken),
    (422, "user.phone_already_in_use", errors.PhoneTaken),
    (422, "user.identity_already_in_use", errors.IdentityInUse),
    (400, "user.identity_already_in_use", errors.IdentityInUse),
    (422, "user.personal_access_token_name_exists", errors.PersonalAccessTokenNameTaken),
    (422, "user.totp_already_in_use", errors.TotpAlreadyBound),
    (422, "user.backup_code_already_in_use", errors.BackupCodesAlreadyBound),
    (422, "session.invalid_credentials", errors.WrongPassword),
    (422, "user.same_password", errors.SamePassword),
    (422, "password.rejected", errors.PasswordRejected),
    (400, "sign_in_experiences.password_expiration_not_enabled", errors.PasswordExpirationOff),
    (400, "verification_code.code_mismatch", errors.CodeMismatch),
    (400, "verification_code.not_found", errors.CodeNotFound),
    (400, "verification_code.expired", errors.CodeExpired),
    (400, "verification_code.exceed_max_try", errors.TooManyTries),
    (422, "session.mfa.backup_code_can_not_be_alone", errors.BackupCodesAlone),
    (422, "user.wrong_backup_code_format", errors.BackupCodesMalformed),
    (422, "user.totp_secret_invalid", errors.TotpSecretInvalid),
    (400, "session.mfa.invalid_totp_code", errors.TotpCodeWrong),
    (400, "session.mfa.webauthn_verification_failed", errors.PasskeyRefused),
    (400, "session.mfa.mfa_factor_not_enabled", errors.FactorOff),
    (400, "connector.general", errors.ProviderFailed),
    (400, "connector.invalid_response", errors.ProviderAnswerInvalid),
    (400, "connector.unexpected_type", errors.ConnectorUnsuitable),
    (422, "session.invalid_connector_id", errors.ConnectorUnsuitable),
    (400, "session.insufficient_info", errors.ConnectorUnsuitable),
    (501, "connector.not_found", errors.ConnectorMissing),
    (501, "connector.not_implemented", errors.ConnectorUnsuitable),
    (422, "entity.value_too_long", errors.ValueTooLong),
    (400, "user.last_sign_in_method_required", errors.LastWayToSignIn),
    (400, "verification_record.not_found", errors.ProofNotFound),
    (401, "verification_record.permission_denied", errors.ProofNeeded),
    (422, "user.invalid_role_type", errors.RoleNotForPeople),
    (400, "account_center.not_enabled", errors.AccountCenterOff),
    (404, "user.identity_not_exist", errors.IdentityNotFound),
    (404, "user.enterprise_sso_identity_not_exists", errors.IdentityNotFound),
    (404, "oidc.session_not_found", errors.SessionNotFound),
    (400, "oidc.session_not_found", errors.SessionNotFound),
    (404, "oidc.invalid_session_account_id", errors.SessionNotFound),
    (404, "oidc.invalid_grant", errors.GrantNotFound),
    (404, "entity.not_found", errors.NotFound),
    (404, "entity.not_exists_with_id", errors.NotFound),
    (403, "auth.forbidden", errors.Forbidden),
    (409, "never.heard_of", errors.Conflict),
    (422, "thing.name_in_use", errors.Conflict),
    (422, "thing.name_exists", errors.Conflict),
    (400, "guard.invalid_input", errors.Invalid),
    (422, "entity.invalid_input", errors.Invalid),
    (418, "never.heard_of", errors.Rejected),
]


@pytest.mark.parametrize(("status", "code", "kind"), BY_CODE)
def test_a_refusal_is_known_by_its_code_else_by_its_status(
    logto: Logto, status: int, code: str, kind: type[errors.Rejected]
):
    logto.refuses("GET", "/users/u1", status, code, data={"more": 1})

    with pytest.raises(errors.Rejected) as caught:
        users.get("u1")

    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code, caught.value.data) == (
        status,
        code,
        {"more": 1},
    )
    assert str(caught.value) == f"{status} {code}"


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "30"}, 30), ({}, None)])
def test_a_limit_says_how_long_to_wait_if_logto_does(logto: Logto, headers, wait):
    logto.refuses("GET", "/users/u1", 429, "request.message_rate_limited", headers=headers)

    with pytest.raises(errors.TooManyRequests) as caught:
        users.get("u1")

    assert caught.value.retry_after == wait


def test_a_date_in_retry_after_is_no_number_of_seconds(logto: Logto):
    headers = {"Retry-After": "Sat, 21 Nov 2026 06:00:00 GMT"}
    logto.refuses("GET", "/users/u1", 429, "request.message_rate_limited", headers=headers)

    with pytest.raises(errors.TooManyRequests) as caught:
        users.get("u1")

    assert caught.value.retry_after is None


def test_a_rejected_password_lists_the_rules_it_breaks(logto: Logto):
    data = [
        {"code": "password_rejected.too_short", "interpolation": {"min": 8}},
        {"code": "password_rejected.restricted.sequence"},
        "nonsense",
    ]
    logto.refuses("GET", "/users/u1", 422, "password.rejected", data=data)

    with pytest.raises(errors.PasswordRejected) as caught:
        users.get("u1")

    issues = [(issue.code, issue.details) for issue in caught.value.issues]
    assert issues == [("too_short", {"min": 8}), ("restricted.sequence", {})]


def test_a_rejected_password_without_reasons_has_none():
    assert errors.PasswordRejected(status=422, code="password.rejected").issues == ()


@pytest.mark.parametrize(("status", "body"), [(404, "Not Found"), (405, "Method Not Allowed")])
def test_an_unknown_endpoint_is_not_a_person_who_is_gone(logto: Logto, status, body):
    logto.answers("GET", "/users/u1", body, status=status)

    with pytest.raises(errors.NotOffered):
        users.get("u1")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"message": "Internal server error."}),
        (500, {"code": "entity.create_failed", "message": "Broken."}),
        (403, "<html>Blocked by a firewall</html>"),
        (401, {"message": "from a proxy"}),
        (413, "Payload Too Large"),
        (400, "Bad Request"),
        (302, None),
    ],
)
def test_what_does_not_come_from_logto_itself_is_an_outage(logto: Logto, status, body):
    logto.answers("GET", "/users/u1", body, status=status, headers={"Location": "/elsewhere"})

    with pytest.raises(errors.Unavailable) as caught:
        users.get("u1")

    assert not isinstance(caught.value, errors.NotOffered)
    assert len(logto.requests) == 1


def test_a_complaint_about_json_has_no_code(logto: Logto):
    logto.answers("GET", "/users/u1", {"message": "Unexpected token."}, status=400)

    with pytest.raises(errors.Invalid) as caught:
        users.get("u1")

    assert caught.value.code == ""


def test_a_web_page_is_no_answer(logto: Logto):
    logto.wire.get("https://logto.test/api/users/u1", body="<html>", content_type="text/html")

    with pytest.raises(errors.Unavailable, match="web page"):
        users.get("u1")


@pytest.mark.parametrize(
    "body", ["", "{", '"text"', "[]", "null", "{}", '{"id": 1}', '{"id": "u1", "createdAt": "x"}']
)
def test_an_answer_of_another_shape_is_an_outage_with_its_cause(logto: Logto, body):
    logto.answers("GET", "/users/u1", body)

    with pytest.raises(errors.Unavailable, match="another shape") as caught:
        users.get("u1")

    assert caught.value.__cause__ is not None


def test_every_class_in_the_tree_is_drawn_in_the_docstring():
    def names(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*map(names, kind.__subclasses__()))

    missing = [name for name in names(errors.LogtoError) if name not in (errors.__doc__ or "")]

    assert missing == []
