"""What bulk jobs keep of a person, and its end with their account."""

from django.db.models import Q

from accountsite.directory.models import Row


def forget(account_id: str) -> None:
    """Delete their rows of every job: those that name the account, and that made it."""
    if account_id:
        Row.objects.filter(Q(account_id=account_id) | Q(key=account_id)).delete()
