"""How a token stands today, in words."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.logto.tokens import PersonalAccessToken
from accountsite.reminders import services as reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the list shows of a token. `warning` is what its owner should see to."""

    token: PersonalAccessToken
    is_expired: bool
    warning: str


def of(token: PersonalAccessToken) -> Row:
    """The token as it stands now."""
    left = token.expires_at - timezone.now() if token.expires_at else None
    is_expired = left is not None and left <= timedelta(0)
    is_ending = left is not None and not is_expired and left <= reminders.AHEAD
    return Row(
        token=token,
        is_expired=is_expired,
        warning=_ending(left) if left is not None and is_ending else "",
    )


def _ending(left: timedelta) -> str:
    days = left.days
    if not days:
        return _("Expires in less than a day.")
    return ngettext("Expires in %(days)d day.", "Expires in %(days)d days.", days) % {"days": days}
