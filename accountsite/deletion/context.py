"""What every page says to somebody whose account is about to be deleted."""

import functools
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accountsite.deletion import services


def awaited_deletion(request: HttpRequest) -> dict[str, Any]:
    """`awaited_deletion` for the frame: looked up where it is shown, so not for a part of a page."""
    account = getattr(request, "account", None)
    if account is None:
        return {}
    return {"awaited_deletion": SimpleLazyObject(functools.partial(services.shown_of, account.id))}
