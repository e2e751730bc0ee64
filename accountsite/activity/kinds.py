"""What a person can look for: kinds of events, of our audit trail and of Logto's log alike.

Apps renew their access by themselves, again and again: that is a kind of its own, which stands in
no other list.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accountsite.audit.actions import Action
from accountsite.logto.logs import Key

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Kind(StrEnum):
    """A word for addresses."""

    EVERYTHING = ""
    SIGN_INS = "sign-ins"
    SECURITY = "security"
    APPS = "apps"
    ORGANIZATIONS = "organizations"
    ACCOUNT = "account"
    RENEWALS = "renewals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What belongs to a kind: the nouns with which names of actions begin, and keys of the log."""

    title: "_StrPromise"
    nouns: frozenset[str] = frozenset()
    keys: tuple[Key, ...] = ()


CONTENTS = {
    Kind.SIGN_INS: Contents(
        title=_("Sign-ins and devices"),
        nouns=frozenset({"identity", "session", "sessions", "device", "trusted_device"}),
        keys=(Key.SIGN_IN,),
    ),
    Kind.SECURITY: Contents(
        title=_("Password and sign-in methods"),
        nouns=frozenset(
            {
                "password",
                "two_step",
                "authenticator",
                "backup_codes",
                "passkey",
                "email",
                "phone",
                "username",
                "connection",
            }
        ),
        keys=(Key.PASSWORD_RESET,),
    ),
    Kind.APPS: Contents(
        title=_("Apps and tokens"),
        nouns=frozenset({"app", "apps", "token", "tokens"}),
        keys=(Key.CODE_EXCHANGE, Key.TOKEN_EXCHANGE, Key.REVOCATION),
    ),
    Kind.ORGANIZATIONS: Contents(
        title=_("Organizations and roles"),
        nouns=frozenset({"organization", "organizations", "invitation", "roles"}),
    ),
    # And whatever has no kind of its own.
    Kind.ACCOUNT: Contents(title=_("Profile and account"), keys=(Key.REGISTRATION,)),
    Kind.RENEWALS: Contents(title=_("Renewals by apps"), keys=(Key.REFRESH,)),
}


def choices() -> list[tuple[str, "_StrPromise"]]:
    """The kinds with their titles, for a form."""
    known = [(kind.value, contents.title) for kind, contents in CONTENTS.items()]
    return [(Kind.EVERYTHING.value, _("Everything")), *known]


def actions(kind: Kind) -> tuple[str, ...] | None:
    """The actions of a kind; None for all of them, those of a newer version too."""
    if kind is Kind.EVERYTHING:
        return None
    return tuple(action.value for action in Action if _kind_of(action) is kind)


def keys(kind: Kind) -> tuple[Key, ...]:
    """The keys of a kind in Logto's log."""
    if kind is not Kind.EVERYTHING:
        return CONTENTS[kind].keys
    return tuple(
        key
        for known, contents in CONTENTS.items()
        if known is not Kind.RENEWALS
        for key in contents.keys
    )


def _kind_of(action: Action) -> Kind:
    noun = action.partition(".")[0]
    found = (kind for kind, contents in CONTENTS.items() if noun in contents.nouns)
    return next(found, Kind.ACCOUNT)
