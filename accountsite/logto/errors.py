"""What can go wrong between Logto and us.

LogtoError
├── Unavailable                no usable answer: nobody's fault here, try again later
│   └── NotOffered             this Logto has no such endpoint
└── Rejected                   an answer, and it was no; has .status, .code and .data
    ├── Unauthorized           this site's own credentials failed: tell the operator
    ├── Forbidden              this site's application lacks a role or permission: the operator too
    ├── PersonTokenRefused     the person's own access token is expired, revoked or of another kind
    ├── PersonTokenForbidden   it was given to an application that may not change accounts
    ├── ProofNeeded            the Account API wants a fresh proof of identity (not a sign-out)
    ├── ConnectorMissing       the tenant has no connector for this kind of message
    ├── TooManyRequests        has .retry_after, in seconds, where Logto says it
    ├── NotFound
    │   ├── IdentityNotFound, SessionNotFound, GrantNotFound
    ├── Conflict               somebody, or this account, has it already
    │   ├── UsernameTaken, EmailTaken, PhoneTaken, IdentityInUse
    │   ├── PersonalAccessTokenNameTaken, TotpAlreadyBound, BackupCodesAlreadyBound
    └── Invalid                the input was refused
        ├── ValueTooLong
        ├── WrongPassword, SamePassword, PasswordRejected (.issues), PasswordUnchecked
        ├── PasswordExpirationOff
        ├── CodeRefused
        │   ├── CodeMismatch, CodeNotFound, CodeExpired, TooManyTries
        ├── BackupCodesAlone, BackupCodesMalformed, TotpSecretInvalid, TotpCodeWrong
        ├── PasskeyRefused, FactorOff
        ├── ProviderFailed     the social provider, or the person there, said no
        │   └── ProviderAnswerInvalid
        ├── ConnectorUnsuitable
        ├── LastWayToSignIn, ProofNotFound, RoleNotForPeople, AccountCenterOff

Logto answers a refusal with `{code, message, data?}`. A class lists the codes that it stands for;
a code that no class lists becomes the class of its status. Messages are Logto's, in Logto's words,
and may quote input: they are not kept, neither for people nor for logs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

type Codes = tuple[str, ...]


class LogtoError(Exception):
    """Logto did not do what we asked."""


class Unavailable(LogtoError):
    """No usable answer: not reachable, too slow, a 5xx, or nothing that we can read.

    `maybe_done` says that the request may have reached Logto, so that a change may have happened.
    """

    def __init__(self, message: str, *, maybe_done: bool = True) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


class NotOffered(Unavailable):
    """A 404 or 405 without Logto's error body: this version has no such endpoint, or not Logto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordIssue:
    """One rule of the password policy that a password breaks.

    `code` is Logto's, without its prefix: `too_short`, `character_types`, `restricted.words` …;
    `details` holds the numbers and words that a sentence about it needs, e.g. `{"min": 8}`.
    """

    code: str
    details: dict[str, Any]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PasswordIssue":
        """One of `issues` (check-password) or of `data` (the Account API)."""
        code = str(data["code"]).removeprefix("password_rejected.")
        return cls(code=code, details=dict(data.get("interpolation") or {}))


class Rejected(LogtoError):
    """Logto understood us and refused."""

    codes: ClassVar[Codes] = ()

    def __init__(self, *, status: int, code: str = "", data: Any = None, reason: str = "") -> None:
        super().__init__(f"{status} {code}".strip() + (f": {reason}" if reason else ""))
        self.status = status
        self.code = code
        self.data = data


class Unauthorized(Rejected):
    """Our machine-to-machine credentials, or the token got with them, were refused."""


class Forbidden(Rejected):
    """Our machine-to-machine application may not do this: its role is missing or too small."""


class PersonTokenRefused(Rejected):
    """The person's access token is no longer good for the Account API."""


class PersonTokenForbidden(Rejected):
    """The Account API takes this call from the tenant's own applications alone."""


class ProofNeeded(Rejected):
    """The Account API wants a verification record that is fresh: ask the person to confirm."""

    codes: ClassVar[Codes] = ("verification_record.permission_denied",)


class ConnectorMissing(Rejected):
    """No email or SMS connector is set up, so no code can be sent."""

    codes: ClassVar[Codes] = ("connector.not_found",)


class TooManyRequests(Rejected):
    """Logto's own limit. `retry_after` is None where Logto does not say how long to wait."""

    def __init__(self, *, retry_after: int | None = None, **answer: Any) -> None:
        super().__init__(**answer)
        self.retry_after = retry_after


class NotFound(Rejected):
    """What the path or body names does not exist."""


class IdentityNotFound(NotFound):
    """The account has no identity of that target or enterprise connector."""

    codes: ClassVar[Codes] = ("user.identity_not_exist", "user.enterprise_sso_identity_not_exists")


class SessionNotFound(NotFound):
    """The session has ended, or is another person's."""

    codes: ClassVar[Codes] = ("oidc.session_not_found", "oidc.invalid_session_account_id")


class GrantNotFound(NotFound):
    """The grant was revoked, or is another person's."""

    codes: ClassVar[Codes] = ("oidc.invalid_grant",)


class Conflict(Rejected):
    """Somebody has it already."""


class UsernameTaken(Conflict):
    """Another account signs in with that username."""

    codes: ClassVar[Codes] = ("user.username_already_in_use",)


class EmailTaken(Conflict):
    """Another account signs in with that email address, in whichever case it is written."""

    codes: ClassVar[Codes] = ("user.email_already_in_use",)


class PhoneTaken(Conflict):
    """Another account signs in with that phone number."""

    codes: ClassVar[Codes] = ("user.phone_already_in_use",)


class IdentityInUse(Conflict):
    """That social account is bound to another account (or, in the Account API, to this one)."""

    codes: ClassVar[Codes] = ("user.identity_already_in_use",)


class PersonalAccessTokenNameTaken(Conflict):
    """The account has a token of that name."""

    codes: ClassVar[Codes] = ("user.personal_access_token_name_exists",)


class TotpAlreadyBound(Conflict):
    """The account has an authenticator app; Logto keeps only one."""

    codes: ClassVar[Codes] = ("user.totp_already_in_use",)


class BackupCodesAlreadyBound(Conflict):
    """The account has unused backup codes; they must be deleted first."""

    codes: ClassVar[Codes] = ("user.backup_code_already_in_use",)


class Invalid(Rejected):
    """Logto will not take this input."""


class ValueTooLong(Invalid):
    """Longer than the column that Logto keeps it in."""

    codes: ClassVar[Codes] = ("entity.value_too_long",)


class WrongPassword(Invalid):
    """Not the current password, or the account has none."""

    codes: ClassVar[Codes] = ("session.invalid_credentials",)


class SamePassword(Invalid):
    """The new password is the old one."""

    codes: ClassVar[Codes] = ("user.same_password",)


class PasswordRejected(Invalid):
    """The password policy says no. `issues` holds a PasswordIssue for each broken rule."""

    codes: ClassVar[Codes] = ("password.rejected",)

    @property
    def issues(self) -> tuple[PasswordIssue, ...]:
        """What is wrong with it; empty if Logto did not say."""
        known = self.data if isinstance(self.data, list) else []
        return tuple(
            PasswordIssue.from_json(issue)
            for issue in known
            if isinstance(issue, dict) and "code" in issue
        )


class PasswordUnchecked(Invalid):
    """Logto could not hold a password against the policy: it says neither yes nor no."""


class PasswordExpirationOff(Invalid):
    """The tenant does not expire passwords."""

    codes: ClassVar[Codes] = ("sign_in_experiences.password_expiration_not_enabled",)


class CodeRefused(Invalid):
    """A verification code was not accepted."""


class CodeMismatch(CodeRefused):
    """Another code was sent last to this address."""

    codes: ClassVar[Codes] = ("verification_code.code_mismatch",)


class CodeNotFound(CodeRefused):
    """No code waits for this address: never sent, already used, or the address differs."""

    codes: ClassVar[Codes] = ("verification_code.not_found",)


class CodeExpired(CodeRefused):
    """The right code, too late."""

    codes: ClassVar[Codes] = ("verification_code.expired",)


class TooManyTries(CodeRefused):
    """So many wrong codes that the right one no longer counts: send another."""

    codes: ClassVar[Codes] = ("verification_code.exceed_max_try",)


class BackupCodesAlone(Invalid):
    """Backup codes need another factor beside them."""

    codes: ClassVar[Codes] = ("session.mfa.backup_code_can_not_be_alone",)


class BackupCodesMalformed(Invalid):
    """Logto wants ten codes of ten hexadecimal digits."""

    codes: ClassVar[Codes] = ("user.wrong_backup_code_format",)


class TotpSecretInvalid(Invalid):
    """Not upper-case base32."""

    codes: ClassVar[Codes] = ("user.totp_secret_invalid",)


class TotpCodeWrong(Invalid):
    """Not the code that the authenticator app shows now."""

    codes: ClassVar[Codes] = ("session.mfa.invalid_totp_code",)


class PasskeyRefused(Invalid):
    """What the browser made does not fit what it was asked for, or not the site's address."""

    codes: ClassVar[Codes] = (
        "session.mfa.webauthn_verification_failed",
        "session.mfa.webauthn_verification_not_found",
    )


class FactorOff(Invalid):
    """The tenant does not have this kind of second step."""

    codes: ClassVar[Codes] = ("session.mfa.mfa_factor_not_enabled",)


class ProviderFailed(Invalid):
    """The provider reported an error. A login that the person declined is one of those."""

    codes: ClassVar[Codes] = (
        "connector.general",
        "connector.authorization_failed",
        "connector.social_auth_code_invalid",
    )


class ProviderAnswerInvalid(ProviderFailed):
    """The provider's answer lacks what the connector needs."""

    codes: ClassVar[Codes] = ("connector.invalid_response",)


class ConnectorUnsuitable(Invalid):
    """The connector is of another type, or cannot be linked this way."""

    codes: ClassVar[Codes] = (
        "connector.unexpected_type",
        "session.invalid_connector_id",
        "session.insufficient_info",
        "connector.not_implemented",
    )


class LastWayToSignIn(Invalid):
    """The Account API keeps the last identifier."""

    codes: ClassVar[Codes] = ("user.last_sign_in_method_required",)


class ProofNotFound(Invalid):
    """The verification record does not exist, has expired, or is not verified."""

    codes: ClassVar[Codes] = ("verification_record.not_found",)


class RoleNotForPeople(Invalid):
    """A role for machines cannot be given to a person."""

    codes: ClassVar[Codes] = ("user.invalid_role_type",)


class AccountCenterOff(Invalid):
    """The tenant's account center, or this field of it, is switched off: any `account_center.*`."""


def refusal(
    *, status: int, code: str, data: Any = None, retry_after: int | None = None
) -> Rejected:
    """The error that stands for an answer of 4xx (or a coded 5xx): by its code, else its status."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequests(status=status, code=code, data=data, retry_after=retry_after)
    known = _BY_CODE.get(code) or _of_status(status, code)
    return known(status=status, code=code, data=data)


def is_known(code: str) -> bool:
    """Whether a class of its own stands for this code."""
    return code in _BY_CODE


def _of_status(status: int, code: str) -> type[Rejected]:
    if code.startswith("account_center."):
        return AccountCenterOff
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return Conflict if code.endswith(("_in_use", "_exists")) else Invalid
    return _BY_STATUS.get(status, Rejected)


def _with_codes(parent: type[Rejected]) -> Iterator[tuple[str, type[Rejected]]]:
    for child in parent.__subclasses__():
        yield from ((code, child) for code in child.__dict__.get("codes", ()))
        yield from _with_codes(child)


_BY_CODE = dict(_with_codes(Rejected))
_BY_STATUS: dict[int, type[Rejected]] = {
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
}
