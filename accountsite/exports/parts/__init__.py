"""The parts of an export, in the order in which they are read.

A part is a function: it gets whose data it is about, and gives a chapter. It may raise a
LogtoError; the export then says that the part is missing. A section that keeps something new about
people adds a part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accountsite.exports.chapters import Chapter
from accountsite.exports.parts import access, account, belonging, history, records, visits
from accountsite.exports.parts.subject import Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name in the JSON, its title, and what reads it."""

    name: str
    title: "_StrPromise"
    read: Callable[[Subject], Chapter]


PARTS = (
    Part("account", _("Account"), account.account),
    Part("profile", _("Profile"), account.profile),
    Part("custom_data", _("Custom data"), account.custom_data),
    Part("connections", _("Connections"), access.connections),
    Part("second_steps", _("Two-step verification"), access.second_steps),
    Part("sessions", _("Devices that are signed in"), access.sessions),
    Part("trusted_devices", _("Trusted devices"), access.trusted_devices),
    Part("apps", _("Apps with access"), access.apps),
    Part("tokens", _("Personal access tokens"), access.tokens),
    Part("organizations", _("Organizations"), belonging.organizations),
    Part("invitations", _("Invitations"), belonging.invitations),
    Part("roles", _("Roles"), belonging.roles),
    Part("activity", _("Activity on this site"), history.activity),
    Part("sign_in_log", _("Log of the sign-in service"), history.log),
    Part("mails", _("Mails about changes"), history.mails),
    Part("visits", _("Visits to this site"), visits.visits),
    Part("known_devices", _("Known devices"), visits.known_devices),
    Part("records", _("Other records of this site"), records.records),
)


def titles(names: list[str]) -> list[str]:
    """What parts of these names are called; those of another release stand as they are."""
    known = {part.name: str(part.title) for part in PARTS}
    return [known.get(name, name) for name in names]
