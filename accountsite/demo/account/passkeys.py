"""Passkeys (WebAuthn): options for the browser, and the check of what it answers.

Options are those that Logto 1.42 sends (measured). Bytes in JSON are base64url without padding.
A passkey is kept as a factor with `credentialId`, `rpId`, `transports` and `counter` as Logto
keeps them, and `credential`, the attested data with its public key.
"""

from collections.abc import Callable, Iterable
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
)

from accountsite.demo import state
from accountsite.demo.api import errors, guard
from accountsite.demo.oidc import store

TIMEOUT = 60_000  # milliseconds that the browser gives a person
ALGORITHMS = (-7, -257)  # ES256 and RS256, by their COSE numbers
TRANSPORTS = ("usb", "nfc", "ble", "internal", "cable", "hybrid", "smart-card")
CHALLENGE_BYTES = 32

_some_text = guard.optional(guard.text())
ATTESTATION = guard.obj(
    {
        "type": guard.literal("WebAuthn"),
        "id": guard.text(),
        "rawId": guard.text(),
        "response": guard.obj(
            {
                "clientDataJSON": guard.text(),
                "attestationObject": guard.text(),
                "authenticatorData": _some_text,
                "transports": guard.optional(guard.array(guard.one_of(*TRANSPORTS))),
                "publicKeyAlgorithm": guard.optional(guard.number()),
                "publicKey": _some_text,
            }
        ),
        "authenticatorAttachment": guard.optional(guard.one_of("cross-platform", "platform")),
        "clientExtensionResults": guard.free_object(),
    }
)


def creation_options(user: state.User, rp_id: str) -> state.Json:
    """PublicKeyCredentialCreationOptionsJSON for one more passkey of a person."""
    record = user.record
    phone = f"+{record['primaryPhone']}" if record["primaryPhone"] else None
    login = record["primaryEmail"] or phone or record["username"] or "Unnamed User"
    return {
        "rp": {"name": rp_id, "id": rp_id},
        "user": {
            "id": websafe_encode(user.id.encode()),
            "name": login,
            "displayName": record["name"] or login,
        },
        "challenge": store.new_value(CHALLENGE_BYTES),
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": TIMEOUT,
        "excludeCredentials": [_descriptor(factor) for factor in of_user(user)],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "required",
        },
        "attestation": "none",
        "extensions": {"credProps": True},
    }


def request_options(user: state.User, rp_id: str) -> state.Json:
    """PublicKeyCredentialRequestOptionsJSON for a sign-in with one of a person's passkeys."""
    return {
        "challenge": store.new_value(CHALLENGE_BYTES),
        "rpId": rp_id,
        "allowCredentials": [_descriptor(factor) for factor in of_user(user)],
        "timeout": TIMEOUT,
        "userVerification": "required",
    }


def registered(
    payload: state.Json, *, challenge: str, rp_id: str, origins: Iterable[str]
) -> state.Json:
    """The passkey in a browser's answer: challenge, origin, host, presence and form are right.

    Raises errors.Refused, 400 `session.mfa.webauthn_verification_failed`.
    """
    answer = {**payload, "type": "public-key"}
    server = _server(rp_id, origins)
    expected = _expected(challenge)
    data = _verified(lambda: server.register_complete(expected, answer))
    credential = data.credential_data
    if credential is None or credential.public_key.get(3) not in ALGORITHMS:
        raise failed("There is no key of a kind that was asked for.")
    if websafe_encode(credential.credential_id) != payload["rawId"]:
        raise failed("The key is another one than it says.")
    return {
        "rpId": rp_id,
        "credentialId": websafe_encode(credential.credential_id),
        "credential": websafe_encode(credential),
        "counter": data.counter,
        "transports": payload["response"].get("transports", []),
    }


def used(user: state.User, answer: Any, *, challenge: str, rp_id: str, origin: str) -> state.Json:
    """The passkey of a person that a browser signed in with; notes the use.

    Raises errors.Refused, 400 `session.mfa.webauthn_verification_failed`.
    """
    server = _server(rp_id, [origin])
    known = {factor["credentialId"]: factor for factor in of_user(user)}
    credentials = [
        AttestedCredentialData(websafe_decode(factor["credential"])) for factor in known.values()
    ]
    expected = _expected(challenge)
    match = _verified(lambda: server.authenticate_complete(expected, credentials, answer))
    factor = known[websafe_encode(match.credential_id)]
    counter = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    if counter <= factor["counter"] and (counter, factor["counter"]) != (0, 0):
        raise failed("The key was copied: its counter does not move forward.")
    factor["counter"] = counter
    factor["lastUsedAt"] = state.iso_time(state.now())
    return factor


def of_user(user: state.User) -> list[state.Json]:
    """A person's passkeys."""
    return [factor for factor in user.factors if factor["type"] == "WebAuthn"]


def failed(why: str) -> errors.Refused:
    """The refusal of an answer that does not fit its question."""
    code = "session.mfa.webauthn_verification_failed"
    return errors.Refused(400, code, "This passkey was not taken.", data={"message": why})


def _descriptor(factor: state.Json) -> state.Json:
    return {
        "id": factor["credentialId"],
        "type": "public-key",
        "transports": factor["transports"],
    }


def _server(rp_id: str, origins: Iterable[str]) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(id=rp_id, name=rp_id)
    known = frozenset(origins)
    return Fido2Server(entity, verify_origin=lambda origin: origin in known)


def _expected(challenge: str) -> state.Json:
    return {"challenge": challenge, "user_verification": "required"}


def _verified[T](check: Callable[[], T]) -> T:
    """What the library gives; its complaints about answers that others made are many."""
    try:
        return check()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise failed(str(error)) from error
    except AssertionError as error:
        raise failed("There is no key in it.") from error
