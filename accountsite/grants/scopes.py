"""What an app may do, in words that people use, from the scopes that it was granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# OpenID Connect Core 1.0, sections 5.4 and 11, and the scopes that Logto adds, in the order in
# which people are told of them.
WORDS = {
    "openid": _("Know that it is you"),
    "profile": _("See your profile: name, picture, birthday and the like"),
    "email": _("See your email address"),
    "phone": _("See your phone number"),
    "address": _("See your postal address"),
    "identities": _("See your accounts elsewhere that are connected"),
    "custom_data": _("See what else this service keeps about you"),
    "roles": _("See your roles"),
    "urn:logto:scope:organizations": _("See your organizations"),
    "urn:logto:scope:organization_roles": _("See your roles in your organizations"),
    "urn:logto:scope:sessions": _("See where you are signed in, and sign you out there"),
    "urn:logto:scope:trusted_devices": _("See your trusted devices, and remove them"),
    "offline_access": _("Do all this while you are away, too"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Something that an app may do, in words if it `is_known`, else by its name."""

    text: str
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What an app may do at another API, whose scopes only that API explains."""

    name: str
    scopes: tuple[str, ...]


def of(names: Iterable[str]) -> tuple[Scope, ...]:
    """Each once: those with words in their order, then the others as they are."""
    given = dict.fromkeys(names)
    known = (
        Scope(text=str(words), is_known=True) for name, words in WORDS.items() if name in given
    )
    others = (Scope(text=name, is_known=False) for name in given if name not in WORDS)
    return (*known, *others)
