"""Whether a secret can be guessed, as far as that can be seen of one."""

import itertools
import math
from collections import Counter
from collections.abc import Iterable

LEAST_BITS = 80  # what some 20 random characters have; Logto's own secrets have 32
REPEATS = 4  # times that a pattern has to come to be one


def is_strong(secret: str) -> bool:
    """Whether it has the look of randomness: long, of many characters, and no pattern repeated."""
    return _bits(secret) >= LEAST_BITS and not _is_repeated(secret) and not _is_a_sequence(secret)


def has_twins(secrets: Iterable[str]) -> bool:
    """Whether two are the same."""
    counted = Counter(secrets)
    return any(count > 1 for count in counted.values())


def _bits(secret: str) -> float:
    """Shannon's entropy of its characters, all of them together."""
    counts = Counter(secret).values()
    return sum(count * math.log2(len(secret) / count) for count in counts)


def _is_repeated(secret: str) -> bool:
    return any(
        secret == (secret[:length] * len(secret))[: len(secret)]
        for length in range(1, len(secret) // REPEATS + 1)
    )


def _is_a_sequence(secret: str) -> bool:
    """Whether most characters are the next one of the alphabet after the one before."""
    steps = sum(ord(after) - ord(before) == 1 for before, after in itertools.pairwise(secret))
    return steps > len(secret) / 2
