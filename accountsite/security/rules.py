"""What a password must be, in words: before it is typed, and of one that was refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.logto.errors import PasswordIssue
from accountsite.logto.sign_in_experience import PasswordPolicy

LONGEST_BY_DEFAULT = 256
FEW_WORDS = 8

# Every code that check-password answers with, less its prefix `password_rejected.`
LENGTH = ("too_short", "too_long")
CHARACTER_TYPES = ("character_types",)
CHARACTERS = ("unsupported_characters",)
BREACHED = ("pwned",)
PATTERNS = ("restricted.repetition", "restricted.sequence")
USER_INFO = ("restricted.user_info",)
WORDS = ("restricted.words",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `codes` are those of the issues that break it.

    `is_met` is None until a password was held against it. `kind`, `least` and `most` let a script
    tell it while the person types; the others only Logto can tell.
    """

    text: str
    codes: tuple[str, ...]
    kind: str = ""
    least: int = 0
    most: int = 0
    is_met: bool | None = None


def of(policy: PasswordPolicy) -> tuple[Rule, ...]:
    """The tenant's rules, in the active language."""
    return tuple(_rules(policy))


def judged(rules: Iterable[Rule], issues: Iterable[PasswordIssue]) -> tuple[Rule, ...]:
    """The same after `check` has told all that is wrong with a password."""
    broken = {issue.code for issue in issues}
    return tuple(replace(rule, is_met=broken.isdisjoint(rule.codes)) for rule in rules)


def sentence(issue: PasswordIssue) -> str:
    """What is wrong, and how to do better. Codes that are new to us get a general word."""
    number = issue.details.get("min" if issue.code != "too_long" else "max")
    if isinstance(number, int):
        if issue.code == "too_short":
            return ngettext(
                "It is too short: use at least %(count)d character.",
                "It is too short: use at least %(count)d characters.",
                number,
            ) % {"count": number}
        if issue.code == "too_long":
            return ngettext(
                "It is too long: use at most %(count)d character.",
                "It is too long: use at most %(count)d characters.",
                number,
            ) % {"count": number}
        if issue.code == "character_types":
            return _(
                "Mix more kinds of characters: %(count)d of lower case, capitals, digits and symbols."
            ) % {"count": number}
    return _sentences().get(issue.code) or _("It does not follow the rules of this service.")


def _sentences() -> Mapping[str, str]:
    return {
        "too_short": _("It is too short."),
        "too_long": _("It is too long."),
        "character_types": _("Mix more kinds of characters: letters, digits and symbols."),
        "unsupported_characters": _(
            "Use only letters from A to Z, digits, spaces and the symbols of a keyboard."
        ),
        "pwned": _("It is known from a data leak, and would be tried first. Use another one."),
        "restricted.repetition": _("It repeats one character too much. Add something different."),
        "restricted.sequence": _(
            "It follows the order of the alphabet, of numbers or of a keyboard. Add something different."
        ),
        "restricted.user_info": _(
            "It is made of your name or of what you sign in with. Add something different."
        ),
        "restricted.words": _(
            "It is made of a word that this service excludes. Add something different."
        ),
    }


def _rules(policy: PasswordPolicy) -> Iterable[Rule]:
    yield _length(policy)
    if policy.min_character_types > 1:
        yield Rule(
            text=_("%(count)d kinds of characters, of lower case, capitals, digits and symbols")
            % {"count": policy.min_character_types},
            codes=CHARACTER_TYPES,
            kind="types",
            least=policy.min_character_types,
        )
    if policy.rejects_repetition_and_sequence:
        yield Rule(text=_("Not a row such as 1234, abcd or aaaa"), codes=PATTERNS)
    if policy.rejects_user_info:
        yield Rule(text=_("Not your name, or what you sign in with"), codes=USER_INFO)
    if policy.rejected_words:
        yield Rule(text=_words(policy.rejected_words), codes=WORDS)
    if policy.rejects_breached:
        yield Rule(text=_("Not one that is known from a data leak"), codes=BREACHED)


def _length(policy: PasswordPolicy) -> Rule:
    numbers = {"least": policy.min_length, "most": policy.max_length}
    text = (
        _("%(least)d to %(most)d characters")
        if policy.max_length < LONGEST_BY_DEFAULT
        else ngettext(
            "At least %(least)d character", "At least %(least)d characters", policy.min_length
        )
    )
    return Rule(
        text=text % numbers,
        codes=LENGTH,
        kind="length",
        least=policy.min_length,
        most=policy.max_length,
    )


def _words(words: tuple[str, ...]) -> str:
    if len(words) > FEW_WORDS:
        return _("Not a word that this service excludes")
    return _("Not one of these words: %(words)s") % {"words": ", ".join(words)}
