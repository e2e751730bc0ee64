"""What the sign-in keeps of a person, and its end with their account."""

from django.contrib.auth.models import User as Staff

from accountsite.signin import services, staff
from accountsite.signin.models import EndReason, Session


def forget(account_id: str) -> None:
    """End and delete the sessions of a person, with what was typed in them, and their staff row."""
    if not account_id:
        return  # the sessions of nobody are not theirs
    # Ended first: a cache that all processes share learns of that, and of a deletion it would not.
    services.end_all(account_id=account_id, reason=EndReason.GONE)
    Session.objects.filter(account_id=account_id).delete()
    Staff.objects.filter(username=staff.username_of(account_id)).delete()
