"""How many organizations a person is in."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.appearance.isolation import isolated
from accountsite.logto import users
from accountsite.logto.organizations import Organization
from accountsite.overview.standings import Standing


def standing(_user: users.User, found: tuple[Organization, ...]) -> Standing:
    """The name of the only one, else their number."""
    if len(found) == 1:
        text = _("You are in %(name)s.") % {"name": isolated(found[0].name)}
    elif found:
        text = ngettext(
            "You are in %(count)d organization.",
            "You are in %(count)d organizations.",
            len(found),
        ) % {"count": len(found)}
    else:
        text = _("You are in no organization.")
    return Standing(section=sections.named("organizations"), text=text)
