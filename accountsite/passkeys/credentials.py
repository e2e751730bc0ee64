"""What a browser answers when a passkey was made: RegistrationResponseJSON of WebAuthn Level 3.

Only what Logto knows goes on to it, and only in the form that it has there.
"""

import json
import re
from typing import Any

MOST_CHARACTERS = 32_000  # an attestation with certificates has some thousands
TRANSPORTS = {"usb", "nfc", "ble", "internal", "cable", "hybrid", "smart-card"}
ATTACHMENTS = {"platform", "cross-platform"}

_bytes = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def parse(text: str) -> dict[str, Any]:
    """The answer in it. Raises ValueError for anything else."""
    try:
        answer = _object(json.loads(text))
    except RecursionError as error:
        raise ValueError("too deep") from error
    response = _object(answer.get("response"))
    algorithm = response.get("publicKeyAlgorithm")
    transports = response.get("transports")
    attachment = answer.get("authenticatorAttachment")
    rest = {
        **({"publicKeyAlgorithm": algorithm} if isinstance(algorithm, int) else {}),
        **{
            key: _text(response[key])
            for key in ("authenticatorData", "publicKey")
            if response.get(key)
        },
    }
    if isinstance(transports, list):
        rest["transports"] = [each for each in transports if each in TRANSPORTS]
    return {
        "id": _text(answer.get("id")),
        "rawId": _text(answer.get("rawId")),
        "response": {
            "clientDataJSON": _text(response.get("clientDataJSON")),
            "attestationObject": _text(response.get("attestationObject")),
            **rest,
        },
        **({"authenticatorAttachment": attachment} if attachment in ATTACHMENTS else {}),
        "clientExtensionResults": {},
    }


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - what the browser sent is a wrong value
    return value


def _text(value: Any) -> str:
    """Bytes in base64url."""
    if not isinstance(value, str) or not _bytes.fullmatch(value):
        raise ValueError("no base64url")
    return value
