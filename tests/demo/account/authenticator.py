"""A passkey in software: what a browser and an authenticator would answer.

Written against the WebAuthn specification, with fido2 for the encodings alone.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One key pair. What it says can be bent, field by field."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    id: bytes = b"credential-0001"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    algorithm: int = -7
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """RegistrationResponseJSON, as Logto wants it."""
        data = self._data(ATTESTED, self._attested())
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        said = {"type": "webauthn.create", "challenge": options["challenge"]} | changes
        return {
            "type": "WebAuthn",
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "response": {
                "clientDataJSON": websafe_encode(self._client_data(said)),
                "attestationObject": websafe_encode(cbor.encode(attestation)),
                "transports": ["internal", "hybrid"],
            },
            "clientExtensionResults": {},
        }

    def get(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """AuthenticationResponseJSON."""
        said = {"type": "webauthn.get", "challenge": options["challenge"]} | changes
        client_data = self._client_data(said)
        data = self._data(0)
        signed = data + hashlib.sha256(client_data).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return {
            "type": "public-key",
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "response": {
                "clientDataJSON": websafe_encode(client_data),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
            },
            "clientExtensionResults": {},
        }

    def _client_data(self, said: dict[str, Any]) -> bytes:
        return json.dumps({"origin": self.origin, "crossOrigin": False} | said).encode()

    def _data(self, flags: int, attested: bytes = b"") -> bytes:
        counter = self.counter.to_bytes(4)
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + bytes([self.flags | flags]) + counter + attested

    def _attested(self) -> bytes:
        public = dict(ES256.from_cryptography_key(self.key.public_key())) | {3: self.algorithm}
        return bytes(16) + len(self.id).to_bytes(2) + self.id + cbor.encode(public)
