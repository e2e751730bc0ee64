"""Calls of the Account API: what only a person's own access token can do.

That token is opaque: got at sign-in without `resource`, with the scopes `openid identities` and
those of each area. Every call may raise PersonTokenRefused, PersonTokenForbidden,
AccountCenterOff and Unavailable.
Where a `proof` is asked for, it is the id of a Verification of the last ten minutes, by
password or by a code to the person's own address; without a good one Logto answers ProofNeeded.

Passkeys are bound to the host of the address that we call, LOGTO_ENDPOINT: call by the public name.
Source: Logto's `user.openapi.json`; the texts of what differs from it say "measured".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from accountsite.logto import errors, identities, mfa, reading, sessions, transport
from accountsite.logto.reading import Read
from accountsite.logto.sign_in_experience import Factor

PROOF_HEADER = "logto-verification-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A record that the person proved something, good until it expires, also more than once."""

    id: str
    expires_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer to starting one."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "verificationRecordId"),
            expires_at=reading.moment(answer, "expiresAt"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialStart:
    """Where to send the person, and the record that their answer completes."""

    verification: Verification
    url: str = field(repr=False)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `verifications/social`."""
        answer = reading.obj(data)
        return cls(
            verification=Verification.from_json(answer),
            url=reading.text(answer, "authorizationUri"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyStart:
    """What the browser's `navigator.credentials.create` gets.

    `options` is PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3.
    """

    verification: Verification
    options: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `verifications/web-authn/registration`."""
        answer = reading.obj(data)
        return cls(
            verification=Verification.from_json(answer),
            options=reading.part(answer, "registrationOptions"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCode:
    """A code, and when it was used."""

    code: str = field(repr=False)
    used_at: datetime | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of a person's backup codes."""
        answer = reading.obj(data)
        return cls(
            code=reading.text(answer, "code"), used_at=reading.moment_or_none(answer, "usedAt")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """What the token says of its owner. Everything else the Management API gives, too.

    Where `needs_proof` is false the person has no password, email or phone, and can't give one.
    """

    id: str
    needs_proof: bool
    identities: tuple[identities.Identity, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `my-account`, which leaves out what the token's scopes don't cover."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            needs_proof=reading.flag(answer, "hasSecurityVerificationMethod", default=True),
            identities=identities.of_json(reading.part_or_empty(answer, "identities")),
        )


def me(token: str) -> Me:
    """Whose token it is: shows that token, account center and address work."""
    return _call("GET", "/my-account", token=token, read=Me.from_json)


# Proofs


def verify_password(token: str, password: str) -> Verification:
    """Prove it by the current password. Logto does not count tries. Raises WrongPassword."""
    body = {"password": password}
    read = Verification.from_json
    return _call("POST", "/verifications/password", token=token, body=body, read=read)


def send_code(token: str, *, email: str | None = None, phone: str | None = None) -> Verification:
    """Send a code to an address; the record is good once the code is verified.

    For the person's own address it becomes a proof, for a new one it is what `newIdentifier…`
    asks for. Raises TooManyRequests, ConnectorMissing and Invalid.
    """
    return _call(
        "POST",
        "/verifications/verification-code",
        token=token,
        body={"identifier": _identifier(email, phone)},
        read=Verification.from_json,
    )


def verify_code(
    token: str,
    *,
    verification_id: str,
    code: str,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Complete a record with the code that came. Raises CodeRefused and ProofNotFound."""
    body = {
        "identifier": _identifier(email, phone),
        "verificationId": verification_id,
        "code": code,
    }
    _change("POST", "/verifications/verification-code/verify", token=token, body=body)


# Social accounts whose connector keeps state in its own session


def start_social(token: str, *, connector_id: str, state: str, redirect_uri: str) -> SocialStart:
    """Begin to prove that a social account is the person's. Raises ConnectorUnsuitable."""
    return _call(
        "POST",
        "/verifications/social",
        token=token,
        body={"connectorId": connector_id, "state": state, "redirectUri": redirect_uri},
        read=SocialStart.from_json,
    )


def finish_social(token: str, *, verification_id: str, data: Mapping[str, Any]) -> None:
    """Complete the record with the query of the provider's callback.

    Raises ProviderFailed when the provider or the person there said no, and ProofNotFound.
    """
    body = {"verificationRecordId": verification_id, "connectorData": dict(data)}
    _change("POST", "/verifications/social/verify", token=token, body=body)


def link_identity(token: str, *, verification_id: str, proof: str | None) -> None:
    """Bind the social account of a completed record. Raises IdentityInUse and ProofNotFound."""
    body = {"newIdentifierVerificationRecordId": verification_id}
    _change("POST", "/my-account/identities", token=token, body=body, proof=proof)


def replace_identity(token: str, *, verification_id: str, proof: str | None) -> None:
    """The same, in place of an identity of that target. Raises as `link_identity` does."""
    body = {"newIdentifierVerificationRecordId": verification_id}
    _change("PUT", "/my-account/identities", token=token, body=body, proof=proof)


def unlink_identity(token: str, *, target: str, proof: str | None) -> None:
    """Unbind a social account, not the last way to sign in.

    Raises IdentityNotFound and LastWayToSignIn.
    """
    _change("DELETE", "/my-account/identities/{}", target, token=token, proof=proof)


# Factors


def factors(token: str) -> tuple[mfa.Bound, ...]:
    """The factors that the person set up."""
    read = reading.each(mfa.Bound.from_json)
    return _call("GET", "/my-account/mfa-verifications", token=token, read=read)


def start_passkey(token: str) -> PasskeyStart:
    """Begin to register a passkey."""
    path = "/verifications/web-authn/registration"
    return _call("POST", path, token=token, read=PasskeyStart.from_json)


def finish_passkey(
    token: str, *, verification_id: str, credential: Mapping[str, Any], user_agent: str
) -> None:
    """Complete the record with what the browser made.

    `credential` is RegistrationResponseJSON of WebAuthn Level 3, `user_agent` that browser's header,
    which Logto keeps as the passkey's `agent`. Raises PasskeyRefused, Invalid and ProofNotFound.
    """
    body = {
        "verificationRecordId": verification_id,
        "payload": {**credential, "type": Factor.WEBAUTHN.value},
    }
    _change(
        "POST",
        "/verifications/web-authn/registration/verify",
        token=token,
        body=body,
        user_agent=user_agent,
    )


def add_passkey(
    token: str, *, verification_id: str, proof: str | None, name: str | None = None
) -> None:
    """Bind the passkey of a completed record. Raises ProofNotFound, FactorOff and Invalid."""
    body = {
        "type": Factor.WEBAUTHN.value,
        "newIdentifierVerificationRecordId": verification_id,
        **({"name": name} if name else {}),
    }
    _change("POST", "/my-account/mfa-verifications", token=token, body=body, proof=proof)


def rename_passkey(token: str, *, factor_id: str, name: str, proof: str | None) -> None:
    """Give a passkey a name. Raises NotFound."""
    path = "/my-account/mfa-verifications/{}/name"
    _change("PATCH", path, factor_id, token=token, body={"name": name}, proof=proof)


def delete_factor(token: str, *, factor_id: str, proof: str | None) -> None:
    """Unbind a factor, against no policy. Raises NotFound."""
    _change("DELETE", "/my-account/mfa-verifications/{}", factor_id, token=token, proof=proof)


def add_totp(token: str, *, secret: str, code: str, proof: str | None) -> None:
    """Bind an authenticator app that shows this code now.

    Raises TotpCodeWrong, TotpAlreadyBound and TotpSecretInvalid.
    """
    body = {"type": Factor.TOTP.value, "secret": secret, "code": code}
    _change("POST", "/my-account/mfa-verifications", token=token, body=body, proof=proof)


def replace_totp(token: str, *, secret: str, code: str, proof: str | None) -> None:
    """Put another authenticator app in place of the present one, in one step.

    Raises TotpCodeWrong and TotpSecretInvalid.
    """
    body = {"secret": secret, "code": code}
    _change("PUT", "/my-account/mfa-verifications/totp", token=token, body=body, proof=proof)


def backup_codes(token: str, *, proof: str | None) -> tuple[BackupCode, ...]:
    """The person's backup codes, used ones too. Raises NotFound where there are none."""
    return _call(
        "GET",
        "/my-account/mfa-verifications/backup-codes",
        token=token,
        proof=proof,
        read=lambda data: reading.items(reading.obj(data), "codes", BackupCode.from_json),
    )


def skips_mfa_at_sign_in(token: str, *, proof: str | None) -> bool:
    """Whether the person goes without a second step where the tenant lets them."""
    read = reading.inside("skipMfaOnSignIn", reading.bool_)
    return _call("GET", "/my-account/mfa-settings", token=token, proof=proof, read=read)


def set_skips_mfa_at_sign_in(token: str, *, skips: bool, proof: str | None) -> None:
    """Choose that."""
    body = {"skipMfaOnSignIn": skips}
    _change("PATCH", "/my-account/mfa-settings", token=token, body=body, proof=proof)


# The rest


def own_sessions(token: str, *, proof: str | None) -> tuple[sessions.Session, ...]:
    """The person's sessions; only here Logto says which of them is this one."""
    path = "/my-account/sessions"
    return _call("GET", path, token=token, proof=proof, read=sessions.of_json)


def upload_avatar(token: str, content: bytes, *, name: str, content_type: str) -> str:
    """Store a picture, whose content Logto checks here. The answer is its public URL.

    Raises Invalid, and NotOffered or Unavailable where the tenant has no store.
    """
    return _call(
        "POST",
        "/my-account/user-assets/avatar",
        token=token,
        upload=transport.Upload(content=content, name=name, content_type=content_type),
        read=reading.inside("url", reading.str_),
    )


def _change(method: str, route: str, *ids: str, **parts: Any) -> None:
    _call(method, route, *ids, read=reading.nothing, **parts)


def _call[T](  # noqa: PLR0913 - one for each part of a request
    method: str,
    route: str,
    *ids: str,
    token: str,
    read: Read[T],
    proof: str | None = None,
    user_agent: str = "",
    **parts: Any,
) -> T:
    headers = {"Authorization": f"Bearer {token}"}
    if user_agent:
        headers["User-Agent"] = user_agent
    if proof:
        headers[PROOF_HEADER] = proof
    try:
        answer = transport.send(method, f"/api{route}", *ids, headers=headers, **parts)
    except (errors.Unauthorized, errors.Forbidden) as error:
        # The person's token, not ours, and a new sign-in mends the first of the two.
        is_refused = isinstance(error, errors.Unauthorized)
        known = errors.PersonTokenRefused if is_refused else errors.PersonTokenForbidden
        raise known(status=error.status, code=error.code, data=error.data) from error
    return answer.read(read)


def _identifier(email: str | None, phone: str | None) -> dict[str, str]:
    if (email is None) == (phone is None):
        raise ValueError("one address, either an email or a phone number")
    return {"type": "email", "value": email} if email else {"type": "phone", "value": phone or ""}
