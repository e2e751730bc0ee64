"""How many accounts elsewhere are connected.

They are not named: what a provider is called, Logto tells along with all its settings, and logos.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.logto import users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.tenant import Tenant
from accountsite.overview.standings import Standing


def standing(user: users.User, known: Tenant) -> Standing:
    """Their number, where the tenant lets people see them."""
    is_shown = known.access(Control.SOCIAL) is not Access.OFF
    count = len(user.identities) if is_shown else 0
    text = ngettext(
        "%(count)d account elsewhere is connected.",
        "%(count)d accounts elsewhere are connected.",
        count,
    ) % {"count": count}
    if not count:
        text = _("No account elsewhere is connected.")
    return Standing(section=sections.named("connections"), text=text)
