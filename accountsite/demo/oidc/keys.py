"""The keys that tokens are signed with: ES384, as Logto's, made at start, rotated on request."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES384"


def _new_key() -> ECKey:
    return ECKey.generate_key("P-384", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


_keys = [_new_key()]  # newest first; the first one signs


def rotate(*, keep_old: bool) -> str:
    """Sign with a new key from now on, and give its id.

    With `keep_old` the key set goes on showing the old ones, as during an orderly rotation;
    without, tokens that they signed are worthless from now on.
    """
    key = _new_key()
    _keys[:] = [key, *(_keys if keep_old else ())]
    return str(key.kid)


def public() -> dict[str, Any]:
    """The key set, as the jwks_uri shows it."""
    return dict(KeySet(list(_keys)).as_dict(private=False))


def all_keys() -> KeySet:
    """The keys whose signatures count."""
    return KeySet(list(_keys))


def signing_key() -> ECKey:
    """The key that signs."""
    return _keys[0]


def sign(claims: dict[str, Any], *, kind: str | None = None) -> str:
    """A JWT with these claims; `kind` is its `typ`, such as at+jwt."""
    key = signing_key()
    header = {"alg": ALGORITHM, "kid": key.kid} | ({"typ": kind} if kind else {})
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def verified(token: str) -> dict[str, Any]:
    """The claims of a JWT that we signed, whatever they say. Raises joserfc.errors.JoseError.

    A text that is no JWT at all raises ValueError or one of joserfc's errors.
    """
    return dict(jwt.decode(token, all_keys(), algorithms=[ALGORITHM]).claims)
