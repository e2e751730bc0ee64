"""Where somebody is signed in, and which apps they let in."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.elsewhere.apps import App
from accountsite.logto import users
from accountsite.logto.sessions import Session
from accountsite.overview.standings import Standing


def devices(_user: users.User, found: Sequence[Session]) -> Standing:
    """On how many devices somebody is signed in."""
    text = ngettext(
        "Signed in on %(count)d device.", "Signed in on %(count)d devices.", len(found)
    ) % {"count": len(found)}
    return Standing(section=sections.named("devices"), text=text)


def apps(_user: users.User, found: Sequence[App]) -> Standing:
    """How many apps have access that belong to somebody else."""
    count = sum(app.is_third_party for app in found)
    some = ngettext(
        "%(count)d third-party app has access.", "%(count)d third-party apps have access.", count
    )
    text = some % {"count": count} if count else _("No third-party app has access.")
    return Standing(section=sections.named("grants"), text=text)
