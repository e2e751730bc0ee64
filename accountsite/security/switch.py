"""The person's own choice whether a second step is asked for, where the tenant leaves it to them."""

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.factors import protection
from accountsite.factors import services as factors
from accountsite.factors.services import UnableToChange
from accountsite.logto import mfa
from accountsite.notices import delivery as notices


def turn(account_id: str, *, on: bool) -> None:
    """Be asked for a second step at sign-in from now on, or not.

    Raises UnableToChange, AccountEnded and Unavailable.
    """
    known = protection.read(account_id)
    if known.is_on is on:
        return
    action = Action.TWO_STEP_TURNED_ON if on else Action.TWO_STEP_TURNED_OFF
    with trail.change(action, account_id) as event:
        factors.check_access(known)
        if known.is_mandatory:
            raise UnableToChange(_("This service asks everybody for a second step."))
        if not known.asked():
            raise UnableToChange(_("Add an authenticator app first."))
        # What was enabled stays so: Logto forgets nothing else of it when one goes without.
        mfa.update_settings(account_id, is_enabled=True if on else None, skips_at_sign_in=not on)
    notices.announce(event, known.user.primary_email)
