"""Which accounts elsewhere are connected."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.logto import tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.tenant import Tenant
from accountsite.overview.standings import Standing
from accountsite.ways import services as ways

NAMED = 3

type Read = tuple[Tenant, Mapping[str, str]]


def read(_account_id: str) -> Read:
    """The tenant, and what its providers are called. Raises LogtoError."""
    return tenant.current(), ways.provider_names()


def standing(user: users.User, found: Read) -> Standing:
    """The first of them by name, and how many more there are."""
    known, names = found
    is_shown = known.access(Control.SOCIAL) is not Access.OFF
    targets = [each.target for each in user.identities] if is_shown else []
    connected = sorted((names.get(target, target) for target in targets), key=str.casefold)
    return Standing(section=sections.named("connections"), text=_told(connected))


def _told(connected: list[str]) -> str:
    if not connected:
        return _("No account elsewhere is connected.")
    listed = ", ".join(connected[:NAMED])
    if rest := len(connected) - NAMED if len(connected) > NAMED else 0:
        text = ngettext(
            "Connected: %(names)s and %(count)d more.",
            "Connected: %(names)s and %(count)d more.",
            rest,
        )
        return text % {"names": listed, "count": rest}
    return _("Connected: %(names)s.") % {"names": listed}
