"""What the trail tells of a changed value: enough for its owner to recognize it, and no more.

A field that is not listed here is told of without its value, so that no secret gets in by mistake.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

HIDDEN = "•••"
LAST_DIGITS = 2
LONGEST_LABEL = 64

type Values = Mapping[str, tuple[str | None, str | None]]
"""By field, the value before and after; None for none, HIDDEN for one that we don't know."""


def email(value: str) -> str:
    """`alice@example.com` becomes `a•••@example.com`."""
    local, _at, domain = value.rpartition("@")
    return f"{local[:1]}{HIDDEN}@{domain}" if local else HIDDEN


def phone(value: str) -> str:
    """`821012345678` becomes `•••78`."""
    return f"{HIDDEN}{value[-LAST_DIGITS:]}" if len(value) > 2 * LAST_DIGITS else HIDDEN


def name(value: str) -> str:
    """`Alice Kim` becomes `A•••`."""
    return f"{value[:1]}{HIDDEN}" if len(value) > 1 else HIDDEN


def label(value: str) -> str:
    """What a person called a thing of theirs, and numbers: as they are, on one short line."""
    return " ".join(value.split())[:LONGEST_LABEL]


def hidden(value: str) -> str:
    """That there is a value."""
    return HIDDEN


@dataclass(frozen=True, slots=True)
class Field:
    """A field by the name that its owner knows, and what of its value the trail keeps."""

    title: object
    mask: Callable[[str], str]


FIELDS = {
    "email": Field(_("Email address"), email),
    "phone": Field(_("Phone number"), phone),
    "username": Field(_("Username"), name),
    "name": Field(_("Name"), name),
    "passkey": Field(_("Passkey"), label),
    "sessions": Field(_("Devices"), label),
    "connection": Field(_("Connection"), label),
    "device": Field(_("Device"), label),
    "app": Field(_("App"), label),
    "apps": Field(_("Apps"), label),
    "token": Field(_("Personal access token"), label),
    "expiry": Field(_("Works until"), label),
    "tokens": Field(_("Personal access tokens"), label),
    "organization": Field(_("Organization"), label),
    "organizations": Field(_("Organizations"), label),
    "roles": Field(_("Roles"), label),
    "avatar": Field(_("Picture"), hidden),
    "password": Field(_("Password"), hidden),
    "profile": Field(_("Profile"), label),
    "factor": Field(_("Second step"), label),
    "mail": Field(_("Mail about it"), label),
    "way": Field(_("Way"), label),
    "accounts": Field(_("Accounts"), label),
    "custom_data": Field(_("Custom data"), label),
    "deletion_date": Field(_("Date of deletion"), label),
}


def masked(values: Values) -> dict[str, list[str | None]]:
    """The values as the trail keeps them: by field, a list of before and after."""
    return {field: [_masked(field, value) for value in pair] for field, pair in values.items()}


def title(field: str) -> str:
    """The field's name in the active language; one that is not ours stands as it is."""
    return str(FIELDS[field].title) if field in FIELDS else field


def place(field: str) -> tuple[int, str]:
    """Where it stands among others: PostgreSQL keeps no order of its own."""
    known = list(FIELDS)
    return (known.index(field) if field in FIELDS else len(known), field)


def _masked(field: str, value: str | None) -> str | None:
    if not value or value == HIDDEN:
        return value or None
    return FIELDS[field].mask(value) if field in FIELDS else hidden(value)
