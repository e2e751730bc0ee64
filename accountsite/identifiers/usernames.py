"""Usernames: the tenant's rules, to tell them and to check them as Logto's own pages do."""

import re
from collections.abc import Iterator

from babel import Locale, lists
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.logto.reading import MAX_UNITS
from accountsite.logto.sign_in_experience import UsernamePolicy

SHAPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What Logto takes of anybody, whatever the tenant's policy."""


def rules(policy: UsernamePolicy) -> list[str]:
    """The rules of this tenant, each a sentence."""
    return [sentence for sentence in (*_lengths(policy), *_characters(policy)) if sentence]


def objections(username: str, policy: UsernamePolicy) -> list[str]:
    """What is wrong with it, each a sentence; empty if the tenant takes it."""
    least, most = policy.min_length, min(policy.max_length, MAX_UNITS)
    found = []
    if len(username) < least:
        found.append(
            ngettext(
                "Use at least %(count)d character.", "Use at least %(count)d characters.", least
            )
            % {"count": least}
        )
    if len(username) > most:
        found.append(
            ngettext("Use at most %(count)d character.", "Use at most %(count)d characters.", most)
            % {"count": most}
        )
    if any(character not in _allowed(policy) for character in username):
        found.append(_("Use only %(kinds)s.") % {"kinds": _kinds(policy)})
    if username[:1].isdecimal() and policy.allows_numbers:
        found.append(_("Don’t begin with a number."))
    if not found and not SHAPE.fullmatch(username):
        found.append(_("Enter a username."))  # the rules allow what Logto never takes
    return found


def is_same(one: str, other: str | None, policy: UsernamePolicy) -> bool:
    """Whether two usernames are one to this tenant."""
    if other is None or policy.is_case_sensitive:
        return one == other
    return one.lower() == other.lower()


def _lengths(policy: UsernamePolicy) -> Iterator[str]:
    least, most = policy.min_length, min(policy.max_length, MAX_UNITS)
    if least <= 1:
        yield ngettext("At most %(count)d character.", "At most %(count)d characters.", most) % {
            "count": most
        }
    else:
        yield _("%(least)d to %(most)d characters.") % {"least": least, "most": most}


def _characters(policy: UsernamePolicy) -> Iterator[str]:
    yield _("Only %(kinds)s.") % {"kinds": _kinds(policy)}
    if policy.allows_numbers:
        yield _("Not beginning with a number.")
    if not policy.is_case_sensitive and policy.allows_uppercase and policy.allows_lowercase:
        yield _("Capital and small letters count as the same.")


def _kinds(policy: UsernamePolicy) -> str:
    """The characters that are allowed, as a list in words."""
    both = policy.allows_lowercase and policy.allows_uppercase
    words = (
        (both, _("letters (a–z)")),
        (policy.allows_lowercase and not both, _("small letters (a–z)")),
        (policy.allows_uppercase and not both, _("capital letters (A–Z)")),
        (policy.allows_numbers, _("numbers")),
        (policy.allows_underscore, _("underscores")),
    )
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return str(lists.format_list([word for is_so, word in words if is_so], locale=locale))


def _allowed(policy: UsernamePolicy) -> str:
    return (
        "abcdefghijklmnopqrstuvwxyz" * policy.allows_lowercase
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * policy.allows_uppercase
        + "0123456789" * policy.allows_numbers
        + "_" * policy.allows_underscore
    )
