"""Email addresses: how they are written, and which ones the tenant takes."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accountsite.logto.reading import MAX_UNITS, utf16_units
from accountsite.logto.sign_in_experience import EmailBlocklist

SHAPE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

# Logto takes these too. In the header of a mail they could make two addresses of one.
SPECIALS = frozenset('"(),:;<>[]\\')

# Logto Cloud asks a service of its own, which nobody else can. These are the best known.
DISPOSABLE = frozenset(
    {
        "10minutemail.com",
        "dispostable.com",
        "emailondeck.com",
        "fakeinbox.com",
        "getnada.com",
        "grr.la",
        "guerrillamail.com",
        "mailcatch.com",
        "maildrop.cc",
        "mailinator.com",
        "mailnesia.com",
        "mintemail.com",
        "mohmal.com",
        "moakt.com",
        "mytemp.email",
        "sharklasers.com",
        "spamgourmet.com",
        "temp-mail.org",
        "tempmail.com",
        "throwawaymail.com",
        "trashmail.com",
        "yopmail.com",
    }
)


def clean(text: str) -> str:
    """The address without surrounding space. Raises ValidationError for what can't be one."""
    address = text.strip()
    if utf16_units(address) > MAX_UNITS:
        raise ValidationError(
            _("Use an address of at most %(count)d characters."),
            params={"count": MAX_UNITS},
            code="max_length",
        )
    is_clean = address.isprintable() and not SPECIALS.intersection(address)
    if not (is_clean and SHAPE.fullmatch(address)):
        raise ValidationError(
            _("Enter an email address, such as name@example.com."), code="invalid"
        )
    return address


def objection(address: str, policy: EmailBlocklist) -> str:
    """Why the tenant does not take this address, as a sentence; empty if it does.

    As Logto decides it (`emailBlocklistPolicy`): an allowlist, where there is one, names all that
    may be used, and what is blocked is blocked in spite of it.
    """
    local, _at, domain = address.lower().partition("@")
    if policy.blocks_subaddressing and "+" in local:
        return _("Addresses with a “+” before the “@” can’t be used here. Use one without it.")
    is_disposable = policy.blocks_disposable and domain in DISPOSABLE
    is_blocked = any(_matches(item, local, domain) for item in policy.blocked)
    is_missing = policy.allowed and not any(
        _matches(item, local, domain) for item in policy.allowed
    )
    if is_disposable or is_blocked or is_missing:
        return _("This address can’t be used here. Use another one.")
    return ""


def _matches(item: str, local: str, domain: str) -> bool:
    """Whether an entry is this address or, with nothing before its `@`, this domain.

    A `*` in it stands for anything.
    """
    wanted_local, _at, wanted_domain = item.lower().rpartition("@")
    return _like(wanted_domain, domain) and (not wanted_local or _like(wanted_local, local))


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None
