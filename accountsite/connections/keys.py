"""What a provider is called in addresses and on the page.

Logto's name for a provider, its target, is any text: an identity may name one that nobody has.
"""

import hashlib
import re

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
LENGTH = 24  # of a digest that stands for another target


def of(target: str) -> str:
    """The target itself where it can stand in a path and in a selector, else a digest of it."""
    if PLAIN.fullmatch(target):
        return target
    return hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
