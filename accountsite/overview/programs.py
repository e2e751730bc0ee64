"""How many programs can act as a person, by tokens that work; one that soon won't is worth a look."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.logto import users
from accountsite.logto.tokens import PersonalAccessToken
from accountsite.overview.standings import Standing, Step
from accountsite.reminders import services as reminders


def standing(_user: users.User, found: tuple[PersonalAccessToken, ...]) -> Standing:
    """The number of those that work now."""
    now = timezone.now()
    working = [token for token in found if _works_at(token, now)]
    count = len(working)
    text = ngettext(
        "%(count)d token lets a program act as you.",
        "%(count)d tokens let programs act as you.",
        count,
    ) % {"count": count}
    if not count:
        text = _("No program can act as you.")
    is_ending = any(not _works_at(token, now + reminders.AHEAD) for token in working)
    step = _renew() if is_ending else None
    return Standing(section=sections.named("tokens"), text=text, step=step)


def _works_at(token: PersonalAccessToken, moment: datetime) -> bool:
    return token.expires_at is None or token.expires_at > moment


def _renew() -> Step:
    return Step(
        title=_("Renew an access token"),
        reason=_("One expires within a week. The program that uses it then stops working."),
        label=_("Look at your tokens"),
        url=reverse("tokens:tokens"),
    )
