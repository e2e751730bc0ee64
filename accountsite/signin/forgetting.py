"""What the sign-in keeps of a person, and its end with their account."""

from django.contrib.auth.models import User as Staff

from accountsite.signin import services, staff
from accountsite.signin.models import EndReason, Session


def forget(account_id: str) -> None:
    """End the sessions of a person, forget whose they were, and delete their staff row.

    What is left of a session for a day is the hash of its key and that its account is gone, which
    is what the browser is told at its next click.
    """
    if not account_id:
        return  # the sessions of nobody are not theirs
    services.end_all(account_id=account_id, reason=EndReason.GONE)
    Session.objects.filter(account_id=account_id).update(
        account_id="", logto_sid="", address=None, user_agent="", payload=b""
    )
    Staff.objects.filter(username=staff.username_of(account_id)).delete()
