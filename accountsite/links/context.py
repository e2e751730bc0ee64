"""The way back, for the frame of every page."""

import functools
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accountsite.links import returns


def way_back(request: HttpRequest) -> dict[str, Any]:
    """`way_back`, a target or nothing; worked out where it is shown."""
    if getattr(request, "account", None) is None:
        return {}
    return {"way_back": SimpleLazyObject(functools.partial(returns.of, request))}
