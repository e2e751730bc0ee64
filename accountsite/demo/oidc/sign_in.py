"""Who the person at a sign-in is: the proofs they give, and when they are enough.

Both the pages and `/api/experience` bring proofs here. Each good one becomes a verification record
of the interaction; the first one says who it is. Call everything under the tenant's lock.
"""

import json
from urllib.parse import urlsplit

import pyotp

from accountsite.demo import codes, state, webhooks
from accountsite.demo.account import passkeys
from accountsite.demo.api import errors, factors, short_lived
from accountsite.demo.oidc import store
from accountsite.demo.state import Json, User

PURPOSE = "SignIn"
SECOND_FACTORS = ("WebAuthn", "Totp", "BackupCode")
COMPULSORY = ("Mandatory", "PromptAtSignInAndSignUpMandatory", "PromptOnlyAtSignInMandatory")
TOTP_STEP = 30  # seconds
TOTP_WINDOW = (0, -1, 1)  # steps that a clock may be wrong by


def with_password(
    interaction: store.Interaction, identifier: str, password: str, *, kind: str | None = None
) -> Json:
    """Check a password. The identifier is a username, email or phone.

    Raises errors.Refused: 422 session.invalid_credentials, whichever of the two is wrong.
    """
    user = state.tenant.find_user(digits_of(identifier))
    if user is None or not user.knows(password):
        raise _invalid_credentials()
    kind = kind or identifier_type(identifier)
    record = {"type": "Password", "identifier": {"type": kind, "value": identifier}}
    return _prove(interaction, record, user)


def send_code(interaction: store.Interaction, identifier: str) -> None:
    """Send a code to an email or phone that somebody has; else nothing, and nobody is told.

    Raises errors.Refused: 400 guard.invalid_input, 429 request.message_rate_limited.
    """
    address = digits_of(identifier)
    if identifier_type(identifier) == "username":
        raise errors.Refused(400, "guard.invalid_input", "Enter an email address or phone number.")
    user = state.tenant.find_user(address)
    if user is not None:
        codes.send(address, PURPOSE)
    interaction.code_address = address


def with_code(interaction: store.Interaction, digits: str) -> Json:
    """Check the code that was sent. Raises errors.Refused, 400 verification_code.…: see codes."""
    address = interaction.code_address or ""
    codes.verify(address, digits, PURPOSE)
    user = state.tenant.find_user(address)
    if user is None:
        raise _invalid_credentials()
    kind = identifier_type(address)
    record_type = "EmailVerificationCode" if kind == "email" else "PhoneVerificationCode"
    return _prove(
        interaction, {"type": record_type, "identifier": {"type": kind, "value": address}}, user
    )


def with_one_time_token(interaction: store.Interaction, email: str, token: str) -> Json:
    """Take the token of a link in a mail, for somebody who has this address.

    Raises errors.Refused: 404 or 400 `one_time_token.…`, 404 user.user_not_exist.
    """
    short_lived.take(token, email=email)
    user = state.tenant.find_user(email)
    if user is None:
        raise errors.Refused(404, "user.user_not_exist", "Nobody has this address any more.")
    record = {"type": "OneTimeToken", "identifier": {"type": "email", "value": email}}
    return _prove(interaction, record, user)


def with_identity(interaction: store.Interaction, connector: Json, subject: str) -> Json:
    """Take an account at a provider, which the provider vouched for.

    Raises errors.Refused: 404 user.identity_not_exist where nobody linked it.
    """
    user = state.tenant.find_identity(connector["target"], subject)
    if user is None:
        message = "Nobody here has linked this account. Sign in another way, then link it."
        raise errors.Refused(404, "user.identity_not_exist", message)
    return _prove(interaction, {"type": "Social", "connectorId": connector["id"]}, user)


def with_totp(interaction: store.Interaction, digits: str) -> Json:
    """Check a code of the authenticator app; each is good once.

    Raises errors.Refused: 400 session.mfa.invalid_totp_code.
    """
    user = person(interaction)
    factor = user.factor("Totp")
    step = matching_step(factor["key"], digits) if factor else None
    if factor is None or step is None or (user.id, digits, step) in store.spent_totp:
        message = "This code is not right, or was used already. Wait for the next one."
        raise errors.Refused(400, "session.mfa.invalid_totp_code", message)
    store.spent_totp.add((user.id, digits, step))
    factor["lastUsedAt"] = state.iso_time(state.now())
    return _prove(interaction, {"type": "Totp"}, user)


def passkey_question(interaction: store.Interaction, origin: str) -> Json:
    """What to ask the browser for one of the person's passkeys, on a page of this origin."""
    options = passkeys.request_options(person(interaction), urlsplit(origin).hostname or "")
    interaction.passkey_challenge = options["challenge"]
    return options


def with_passkey(interaction: store.Interaction, answer: str, origin: str) -> Json:
    """Check the browser's answer, as JSON, to the last question that was asked.

    Raises errors.Refused: 400 session.mfa.pending_info_not_found where nothing was asked, and
    session.mfa.webauthn_verification_failed.
    """
    user = person(interaction)
    challenge = interaction.passkey_challenge
    if challenge is None:
        message = "Ask for the passkey again."
        raise errors.Refused(400, "session.mfa.pending_info_not_found", message)
    try:
        credential = json.loads(answer)
    except ValueError as error:
        raise passkeys.failed("The answer is no JSON.") from error
    rp_id = urlsplit(origin).hostname or ""
    passkeys.used(user, credential, challenge=challenge, rp_id=rp_id, origin=origin)
    return _prove(interaction, {"type": "WebAuthn"}, user)


def with_backup_code(interaction: store.Interaction, code: str) -> Json:
    """Spend a backup code. Raises errors.Refused: 400 session.mfa.invalid_backup_code."""
    user = person(interaction)
    if not user.use_backup_code(code.strip().lower()):
        message = "This backup code is not right, or was used already."
        raise errors.Refused(400, "session.mfa.invalid_backup_code", message)
    return _prove(interaction, {"type": "BackupCode", "code": "******"}, user)


def person(interaction: store.Interaction) -> User:
    """Who it is. Raises errors.Refused: 404 session.identifier_not_found before the first proof."""
    user = state.tenant.users.get(interaction.user_id or "")
    if user is None:
        raise errors.Refused(404, "session.identifier_not_found", "Say first who you are.")
    return user


def identify(interaction: store.Interaction) -> User:
    """Who it is, if they may come in.

    Raises errors.Refused: 401 user.suspended, and as person() does.
    """
    user = person(interaction)
    if user.is_suspended:
        raise errors.Refused(401, "user.suspended", "This account is suspended.")
    return user


def missing_factors(interaction: store.Interaction) -> list[str]:
    """The second factors that the person has, any of which is still wanted; empty if none is."""
    user = person(interaction)
    given = {record["type"] for record in interaction.records}
    if given & set(SECOND_FACTORS) or _goes_without(user):
        return []
    enabled = state.tenant.sign_in_experience["mfa"].get("factors", ())
    return [kind for kind in SECOND_FACTORS if kind in enabled and _can_use(user, kind)]


def complete(interaction: store.Interaction, sender: Json) -> None:
    """Finish the sign-in: `interaction.login_at` is set, the user was here, log and webhook tell.

    `sender` has `ip` and `userAgent`. Raises errors.Refused: 403
    session.mfa.require_mfa_verification, and as identify() does.
    """
    user = identify(interaction)
    if factors := missing_factors(interaction):
        data = {"availableFactors": factors}
        message = "A second factor is wanted."
        code = "session.mfa.require_mfa_verification"
        raise errors.Refused(403, code, message, data=data)
    now = state.now()
    interaction.login_at = now // 1000
    user.record["lastSignInAt"] = now
    interaction.submission = {
        "interactionEvent": "SignIn",
        "userId": user.id,
        "verificationRecords": interaction.records,
        "signInContext": sender,
    }
    told = {"userId": user.id, "applicationId": interaction.client_id} | sender
    state.tenant.log("Interaction.SignIn.Submit", interaction=interaction.submission, **told)
    webhooks.interaction(
        "PostSignIn",
        user,
        application=state.tenant.applications.get(interaction.client_id),
        session_id=interaction.id,
        ip=sender["ip"],
        user_agent=sender["userAgent"],
    )


def identifier_type(identifier: str) -> str:
    """What somebody typed: an email, a phone or a username."""
    if "@" in identifier:
        return "email"
    return "phone" if digits_of(identifier).isdigit() else "username"


def digits_of(identifier: str) -> str:
    """An identifier as it is stored: a phone number without plus, spaces and dashes."""
    bare = identifier.strip()
    digits = bare.translate(str.maketrans("", "", "+ -()"))
    return digits if digits.isdigit() else bare


def _prove(interaction: store.Interaction, record: Json, user: User) -> Json:
    """Keep a proof. One of another person than before starts anew."""
    if interaction.user_id not in (None, user.id):
        interaction.records.clear()
    interaction.user_id = user.id
    record = {"id": state.new_id(21), "verified": True} | record
    interaction.records.append(record)
    return record


def _goes_without(user: User) -> bool:
    """Whether the person chose so, where the tenant lets them."""
    chosen = user.settings.get("mfa", {})
    policy = state.tenant.sign_in_experience["mfa"].get("policy")
    skips = chosen.get("enabled") is False or chosen.get("skipMfaOnSignIn", False)
    return skips and policy not in COMPULSORY


def _can_use(user: User, kind: str) -> bool:
    factor = user.factor(kind)
    return factor is not None and (kind != "BackupCode" or factors.unused(factor) > 0)


def matching_step(key: str, digits: str) -> int | None:
    """The time step whose code these digits are, if it is about now."""
    now = store.seconds() // TOTP_STEP
    totp = pyotp.TOTP(key)
    for step in (now + offset for offset in TOTP_WINDOW):
        if totp.generate_otp(step) == digits.strip():
            return step
    return None


def _invalid_credentials() -> errors.Refused:
    message = "These don't fit together. Check both and try again."
    return errors.Refused(422, "session.invalid_credentials", message)
