"""The password policy of a tenant, judged as Logto judges it.

Repetitions, sequences, the user's own data and listed words are refused only where little else is
left: a password with more than three further characters passes (measured: `mylogto-pass1` passes
though `logto` is listed, `acct_rec1` of user acct_rec does not).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

TOLERANCE = 3  # characters beside the restricted ones that are still too few
SHORTEST = 3  # characters that make a repetition, a sequence or a word

SYMBOLS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
SEQUENCES = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What `passwordPolicy` of the sign-in experience says, with Logto's defaults."""

    min_length: int
    max_length: int
    min_kinds: int
    rejects_repetition: bool
    rejects_user_info: bool
    words: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        rejects = data.get("rejects", {})
        return cls(
            min_length=data.get("length", {}).get("min", 8),
            max_length=data.get("length", {}).get("max", 256),
            min_kinds=data.get("characterTypes", {}).get("min", 1),
            rejects_repetition=rejects.get("repetitionAndSequence", True),
            rejects_user_info=rejects.get("userInfo", True),
            words=tuple(word.lower() for word in rejects.get("words", ())),
        )

    def issues(self, password: str, person: tuple[str, ...]) -> list[Json]:
        """Everything that is wrong: `{"code", "interpolation"?}`. `person` as words_of() gives."""
        return [*self._plain(password), *self._restricted(password, person)]

    def _plain(self, password: str) -> Iterator[Json]:
        if len(password) < self.min_length:
            yield _issue("too_short", min=self.min_length)
        if len(password) > self.max_length:
            yield _issue("too_long", max=self.max_length)
        has_symbol = any(character in SYMBOLS for character in password)
        kinds = sum(bool(kind.search(password)) for kind in KINDS) + has_symbol
        if password and kinds < self.min_kinds:
            yield _issue("character_types", min=self.min_kinds)
        if not all(character in SYMBOLS or _is_plain(character) for character in password):
            yield _issue("unsupported_characters")

    def _restricted(self, password: str, person: tuple[str, ...]) -> Iterator[Json]:
        found: dict[str, int] = {}
        text, position, others = password.lower(), 0, 0
        while position < len(text):
            kind, length = max(self._phrases(text, position, person), key=_length)
            if length < SHORTEST:
                position, others = position + 1, others + 1
            else:
                found.setdefault(kind, position)
                position += length
        if others <= TOLERANCE:
            for kind in found:
                yield _issue(f"restricted.{kind}")

    def _phrases(self, text: str, start: int, person: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """What begins here that the policy restricts, and its length."""
        yield "", 0
        if self.rejects_repetition:
            yield "repetition", _repetition(text, start)
            yield "sequence", _sequence(text, start)
        if self.rejects_user_info:
            for word in person:
                if text.startswith(word, start):
                    yield "user_info", len(word)
        for word in self.words:
            if text.startswith(word, start):
                yield "words", len(word)


def words_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a user's name, username, email and phone that a password may not be made of."""
    words = [*(record["name"] or "").split(), record["name"], record["username"]]
    words += [record["primaryPhone"], *(record["primaryEmail"] or "").split("@")[:1]]
    return tuple({word.lower() for word in words if word and len(word) >= SHORTEST})


def _issue(code: str, **interpolation: int) -> Json:
    issue: Json = {"code": f"password_rejected.{code}"}
    return issue | {"interpolation": interpolation} if interpolation else issue


def _length(phrase: tuple[str, int]) -> int:
    return phrase[1]


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _repetition(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end] == text[start]:
        end += 1
    return end - start


def _sequence(text: str, start: int) -> int:
    """How many characters from here follow each other in a row of the alphabet or the keyboard."""
    longest = 0
    for forward in SEQUENCES:
        for sequence in (forward, forward[::-1]):
            at = sequence.find(text[start])
            length = 0
            while (
                at >= 0
                and start + length < len(text)
                and at + length < len(sequence)
                and text[start + length] == sequence[at + length]
            ):
                length += 1
            longest = max(longest, length)
    return longest
