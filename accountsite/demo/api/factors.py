"""/users/:userId/mfa-verifications: second factors, and what a person decided about them."""

import base64
import binascii
import re
import secrets
from urllib.parse import quote, urlsplit

import segno

from accountsite.demo import state
from accountsite.demo.api import errors, guard, users
from accountsite.demo.api.calls import Call

BACKUP_CODES = 10

_kind = guard.one_of("Totp", "BackupCode", code="invalid_union_discriminator")
FACTOR = guard.obj(
    {
        "type": _kind,
        "secret": guard.optional(guard.text()),
        "codes": guard.optional(guard.array(guard.text())),
    }
)
_flag = guard.optional(guard.boolean())
SETTINGS = guard.obj(
    {
        "mfa": guard.optional(
            guard.obj(
                {
                    "enabled": _flag,
                    "skipped": _flag,
                    "additionalBindingSuggestionSkipped": _flag,
                    "skipMfaOnSignIn": _flag,
                }
            )
        ),
        "passkeySignIn": guard.optional(guard.obj({"skipped": guard.boolean()})),
    }
)
SHOWN = ("id", "createdAt", "type")
SHOWN_OF_PASSKEYS = (*SHOWN, "lastUsedAt", "agent", "name")


def listing(call: Call, user_id: str) -> list[state.Json]:
    """The factors, without their secrets; of backup codes how many are left."""
    return [shown(factor) for factor in users.find(user_id).factors]


def shown(factor: state.Json) -> state.Json:
    """A factor as the API shows it; only of passkeys it tells more than when it was added."""
    keys = SHOWN_OF_PASSKEYS if factor["type"] == "WebAuthn" else SHOWN
    row = {key: factor[key] for key in keys if key in factor}
    return row | ({"remainCodes": unused(factor)} if factor["type"] == "BackupCode" else {})


def unused(factor: state.Json) -> int:
    """How many backup codes are left."""
    return sum("usedAt" not in code for code in factor["codes"])


def add(call: Call, user_id: str) -> state.Json:
    """Bind a TOTP, without a code being checked, or backup codes beside another factor."""
    asked = call.body(FACTOR)
    user = users.find(user_id)
    return (
        _add_totp(user, asked)
        if asked["type"] == "Totp"
        else add_backup_codes(user, asked.get("codes"))
    )


def delete(call: Call, user_id: str, factor_id: str) -> None:
    """Remove a factor. Backup codes outlive the last other one (measured)."""
    user = users.find(user_id)
    kept = [factor for factor in user.factors if factor["id"] != factor_id]
    if len(kept) == len(user.factors):
        raise errors.not_found()
    user.factors = kept
    user.touch()


def settings(call: Call, user_id: str) -> state.Json:
    """What the person decided about factors and passkeys."""
    return settings_of(users.find(user_id))


def update_settings(call: Call, user_id: str) -> state.Json:
    """Change what is sent of it."""
    changes = call.body(SETTINGS)
    user = users.find(user_id)
    change_settings(user, changes)
    return settings_of(user)


def change_settings(user: state.User, changes: state.Json) -> None:
    """Merge what is sent, area by area."""
    for area, values in changes.items():
        user.settings[area] = user.settings.get(area, {}) | values
    user.touch()


def settings_of(user: state.User) -> state.Json:
    """What a person decided, with the defaults."""
    mfa = {"skipped": False, "skipMfaOnSignIn": False} | user.settings.get("mfa", {})
    mfa.pop("additionalBindingSuggestionSkipped", None)
    return {
        "mfa": mfa,
        "passkeySignIn": {"skipped": False} | user.settings.get("passkeySignIn", {}),
    }


def _add_totp(user: state.User, asked: state.Json) -> state.Json:
    if user.factor("Totp") is not None:
        raise errors.Refused(422, "user.totp_already_in_use", "There is a TOTP already.")
    secret = asked.get("secret")
    if secret is None:
        secret = new_totp_secret()
    elif not _is_base32(secret):
        raise errors.Refused(422, "user.totp_secret_invalid", "The secret is not base 32.")
    user.factors.append(new("Totp") | {"key": secret})
    user.touch()
    return {"type": "Totp", "secret": secret, "secretQrCode": _qr_code(_totp_address(user, secret))}


def add_backup_codes(user: state.User, codes: list[str] | None) -> state.Json:
    """Bind these codes, or new ones, in place of used-up ones.

    Raises errors.Refused, 422, for codes alone, beside unused ones, or of another form.
    """
    if user.factor("Totp") is None and user.factor("WebAuthn") is None:
        code = "session.mfa.backup_code_can_not_be_alone"
        raise errors.Refused(422, code, "Backup codes need another factor beside them.")
    present = user.factor("BackupCode")
    if present is not None and unused(present):
        code = "user.backup_code_already_in_use"
        raise errors.Refused(422, code, "Some backup codes are still unused.")
    if codes is None:
        codes = new_backup_codes()
    elif not _are_backup_codes(codes):
        raise errors.Refused(
            422, "user.wrong_backup_code_format", "Ten codes of ten digits, please."
        )
    user.factors = [factor for factor in user.factors if factor is not present]
    user.factors.append(new("BackupCode") | {"codes": [{"code": code} for code in codes]})
    user.touch()
    return {"type": "BackupCode", "codes": codes}


def new(kind: str) -> state.Json:
    """The beginnings of a factor."""
    return {"id": state.new_id(21), "createdAt": state.iso_time(state.now()), "type": kind}


def new_backup_codes() -> list[str]:
    """Ten codes of ten hexadecimal digits."""
    return [secrets.token_hex(5) for _ in range(BACKUP_CODES)]


def new_totp_secret() -> str:
    """160 bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _is_base32(secret: str) -> bool:
    """Upper-case base 32. The empty string is taken too (measured)."""
    try:
        base64.b32decode(secret + "=" * (-len(secret) % 8))
    except binascii.Error:
        return False
    return True


def _are_backup_codes(codes: list[str]) -> bool:
    return len(codes) == BACKUP_CODES and all(re.fullmatch("[0-9a-f]{10}", code) for code in codes)


def _totp_address(user: state.User, secret: str) -> str:
    issuer = urlsplit(state.tenant.endpoint).hostname or ""
    account = user.record["username"] or user.record["primaryEmail"] or user.id
    return f"otpauth://totp/{quote(f'{issuer}:{account}')}?secret={secret}&issuer={quote(issuer)}"


def _qr_code(text: str) -> str:
    """A PNG as a data URL."""
    return segno.make_qr(text).png_data_uri(scale=4)
