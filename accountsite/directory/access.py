"""Who may do what here: the one place that asks.

Every view of the directory stands behind `door`; what a page offers goes by the same levels.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accountsite.signin.staff import Level, username_of

PERMISSIONS = {
    Level.VIEW: "directory.view_user",
    Level.HELP: "directory.help_user",
    Level.MANAGE: "directory.manage_user",
}
OF_PEOPLE = username_of("")

type Staff = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `id` is that of their account, or names one that was made on the command line."""

    id: str
    level: Level


def may(user: Staff, level: Level) -> bool:
    """Whether a member of the staff may do what this level may."""
    return any(
        user.has_perm(PERMISSIONS[each])  # type: ignore[union-attr]
        for each in Level
        if each >= level
    )


def actor(user: Staff) -> Actor:
    """The member of the staff who acts. Raises PermissionDenied for anybody else."""
    levels = [level for level in Level if may(user, level)]
    if not levels:
        raise PermissionDenied
    name = user.get_username()
    id_ = name.removeprefix(OF_PEOPLE) if name.startswith(OF_PEOPLE) else f"local:{name}"
    return Actor(id=id_, level=max(levels))


type View[**P, Answer] = Callable[Concatenate[Any, HttpRequest, P], Answer]


def door[**P, Answer: HttpResponseBase](
    level: Level,
) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Let a view of an admin be seen by nobody below this level."""

    def behind(view: View[P, Answer]) -> View[P, Answer]:
        @functools.wraps(view)
        def guarded(
            self: Any, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> Answer:
            if not may(request.user, level):
                raise PermissionDenied
            return view(self, request, *args, **kwargs)

        return guarded

    return behind
