"""What a person can do about what is kept about them."""

from django.utils.translation import gettext as _

from accountsite import sections
from accountsite.exports import services as exports
from accountsite.logto import users
from accountsite.overview.standings import Standing


def standing(user: users.User, _nothing: object) -> Standing:
    """Whether a copy of their data waits for them; else what there is to do."""
    export = exports.current(user.id)
    if export and export.is_ready:
        text = _("The copy of your data is ready to download.")
    elif export and export.is_under_way:
        text = _("Your data is being put together.")
    else:
        text = _("What is kept about you: look at it, download it, or delete it.")
    return Standing(section=sections.named("privacy"), text=text)
