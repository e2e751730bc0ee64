"""Sealing what is kept: sessions in the database, tokens in the cache.

Keys come from `SECRET_KEY`, one for each purpose, so that what was sealed for one use can't
be passed off as another. To rotate, move the old key to `SECRET_KEY_FALLBACKS`: what it sealed
stays readable, and is sealed with the new key when it is next written.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """These bytes were sealed with another key or for another purpose, or were altered."""


def seal(data: bytes, *, purpose: str) -> bytes:
    """Encrypt and authenticate. The answer is URL-safe base64, a third longer than the data."""
    return _keys(purpose).encrypt(data)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """What was sealed for this purpose.

    Raises Unreadable.
    """
    try:
        return _keys(purpose).decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable(purpose) from error


def _keys(purpose: str) -> MultiFernet:
    return _derived(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=32)
def _derived(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    """The newest secret's key first: it seals, all of them unseal."""
    return MultiFernet([_key(purpose, secret) for secret in secrets])


def _key(purpose: str, secret: str) -> Fernet:
    derivation = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"accountsite:{purpose}".encode()
    )
    return Fernet(base64.urlsafe_b64encode(derivation.derive(secret.encode())))
