"""/my-account/mfa-verifications, /mfa-settings, /logto-configs: second factors of one's own."""

import re

from django.http import HttpResponse

from accountsite.demo import state
from accountsite.demo.account import access, records
from accountsite.demo.account.access import Person
from accountsite.demo.api import errors, factors, guard
from accountsite.demo.api.calls import Call
from accountsite.demo.oidc import sign_in

SECRET_LENGTHS = range(16, 33)

_TYPES = {
    "WebAuthn": guard.obj(
        {
            "newIdentifierVerificationRecordId": guard.text(),
            "name": guard.optional(guard.text()),
        }
    ),
    "Totp": guard.obj({"secret": guard.text(), "code": guard.optional(guard.text())}),
    "BackupCode": guard.obj({"codes": guard.array(guard.text())}),
}
TYPE = guard.obj({"type": guard.one_of(*_TYPES, code="invalid_union_discriminator")})
TOTP = guard.obj({"secret": guard.text(), "code": guard.text()})
NAME = guard.obj({"name": guard.text()})
SETTINGS = guard.obj({"skipMfaOnSignIn": guard.boolean()})


def listing(call: Call, person: Person) -> list[state.Json]:
    """One's factors, without their secrets."""
    person.must_see("mfa")
    person.must_hold("identities")
    return [factors.shown(factor) for factor in person.user.factors]


def add(call: Call, person: Person) -> None:
    """Bind a passkey of a record, an authenticator app or backup codes."""
    kind = call.body(TYPE)["type"]
    sent = call.body(_TYPES[kind])
    _must_change(person, "passkey" if kind == "WebAuthn" else "mfa")
    if not _is_enabled(kind):
        code = "session.mfa.mfa_factor_not_enabled"
        raise errors.Refused(400, code, "This tenant does not have this factor.")
    user = person.user
    match kind:
        case "Totp":
            _add_totp(user, sent)
        case "BackupCode":
            factors.add_backup_codes(user, sent["codes"])
        case "WebAuthn":
            _add_passkey(user, sent)
    if kind in state.tenant.sign_in_experience["mfa"]["factors"]:
        factors.change_settings(user, {"mfa": {"enabled": True}})
    access.changed(call, user)


def replace_totp(call: Call, person: Person) -> None:
    """Put an app in the place of the present one, or bind the first one, if its code is right."""
    sent = call.body(TOTP)
    _must_change(person, "mfa")
    if not _is_enabled("Totp"):
        code = "session.mfa.mfa_factor_not_enabled"
        raise errors.Refused(400, code, "This tenant does not have this factor.")
    _check_totp(sent["secret"], sent["code"])
    user = person.user
    bound = factors.new("Totp") | {"key": sent["secret"]}
    present = user.factor("Totp")
    if present is None:
        user.factors.append(bound)
    else:
        user.factors[user.factors.index(present)] = bound
    factors.change_settings(user, {"mfa": {"enabled": True}})
    access.changed(call, user)


def generate_totp_secret(call: Call, person: Person) -> state.Json:
    """A secret that is bound to nobody."""
    return {"secret": factors.new_totp_secret()}


def generate_backup_codes(call: Call, person: Person) -> state.Json:
    """Codes that are bound to nobody."""
    return {"codes": factors.new_backup_codes()}


def backup_codes(call: Call, person: Person) -> state.Json:
    """One's backup codes in clear, used ones too."""
    person.must_prove()
    person.must_hold("identities")
    factor = person.user.factor("BackupCode")
    if factor is None:
        raise records.not_found(404)
    return {"codes": factor["codes"]}


def rename(call: Call, person: Person, factor_id: str) -> HttpResponse:
    """Name a passkey. The answer is a plain OK, as Logto's."""
    name = call.body(NAME)["name"]
    _must_change(person, "passkey")
    factor = _find(person.user, factor_id)
    if factor["type"] != "WebAuthn":
        raise records.not_found()
    factor["name"] = name
    access.changed(call, person.user)
    return errors.plain_response(200, "OK")


def delete(call: Call, person: Person, factor_id: str) -> None:
    """Unbind a factor, whatever the tenant's policy wants; backup codes outlive the others."""
    person.must_prove()
    person.must_hold("identities")
    person.must_be_at_home()
    factor = _find(person.user, factor_id)
    person.must_edit("passkey" if factor["type"] == "WebAuthn" else "mfa")
    person.user.factors.remove(factor)
    access.changed(call, person.user)


def settings(call: Call, person: Person) -> state.Json:
    """Whether one goes without a second factor at sign-in."""
    person.must_hold("identities")
    person.must_see("mfa")
    return _settings(person.user)


def update_settings(call: Call, person: Person) -> state.Json:
    """Choose that."""
    changes = call.body(SETTINGS)
    person.must_prove()
    person.must_hold("identities")
    person.must_be_at_home()
    person.must_edit("mfa")
    factors.change_settings(person.user, {"mfa": changes})
    access.changed(call, person.user)
    return _settings(person.user)


def configs(call: Call, person: Person) -> state.Json:
    """All that one decided about factors and passkeys."""
    person.must_hold("identities")
    person.must_see("passkey")
    return factors.settings_of(person.user)


def update_configs(call: Call, person: Person) -> state.Json:
    """Change what is sent of it."""
    changes = call.body(factors.SETTINGS)
    person.must_prove()
    person.must_hold("identities")
    person.must_be_at_home()
    person.must_edit("passkey")
    factors.change_settings(person.user, changes)
    access.changed(call, person.user)
    return factors.settings_of(person.user)


def _must_change(person: Person, area: str) -> None:
    person.must_prove()
    person.must_edit(area)
    person.must_hold("identities")
    person.must_be_at_home()


def _is_enabled(kind: str) -> bool:
    experience = state.tenant.sign_in_experience
    by_passkey = kind == "WebAuthn" and experience["passkeySignIn"].get("enabled", False)
    return kind in experience["mfa"]["factors"] or by_passkey


def _add_totp(user: state.User, sent: state.Json) -> None:
    if user.factor("Totp") is not None:
        raise errors.Refused(422, "user.totp_already_in_use", "There is a TOTP already.")
    _check_totp(sent["secret"], sent.get("code"))
    user.factors.append(factors.new("Totp") | {"key": sent["secret"]})


def _check_totp(secret: str, code: str | None) -> None:
    """The secret is of the form that is wanted, and the code, if there is one, is one of now."""
    if len(secret) not in SECRET_LENGTHS or not re.fullmatch("[A-Z2-7]+=*", secret):
        raise errors.Refused(400, "user.totp_secret_invalid", "The secret is not base 32.")
    if code and sign_in.matching_step(secret, code) is None:
        code_of_error = "session.mfa.invalid_totp_code"
        raise errors.Refused(400, code_of_error, "This is not the code of now.")


def _add_passkey(user: state.User, sent: state.Json) -> None:
    record_id = sent["newIdentifierVerificationRecordId"]
    record = records.find_verified(record_id, records.PASSKEY)
    named = {"name": sent["name"]} if "name" in sent else {}
    user.factors.append(factors.new("WebAuthn") | record.data["passkey"] | named)


def _find(user: state.User, factor_id: str) -> state.Json:
    for factor in user.factors:
        if factor["id"] == factor_id:
            return factor
    raise records.not_found()


def _settings(user: state.User) -> state.Json:
    chosen = factors.settings_of(user)["mfa"]
    return {"skipMfaOnSignIn": chosen["skipMfaOnSignIn"]}
