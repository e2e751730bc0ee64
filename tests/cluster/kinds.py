"""What there is to know about a kind of change, to have somebody in the middle of it."""

from collections.abc import Callable
from dataclasses import dataclass

from accountsite.audit.actions import Action
from tests.cluster.people import Someone
from tests.cluster.visitor import Sending

# Paths of Logto that several have
USER = "/api/users/{id}$"
FACTORS = "/api/users/{id}/mfa-verifications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A change of an account.

    `begin` goes as far as the form that makes it. `call` is what Logto then gets, its method and a
    pattern of its path. `page` has `was` on it before, and `becomes` after; either may be nothing.
    In paths and texts, `{id}` and the like are those of Someone.
    """

    action: Action
    begin: Callable[[Someone], Sending]
    call: tuple[str, str]
    page: str = "/activity/"
    can_repeat: bool = True  # whether the form is still there after it was done
    was: str = ""
    becomes: str = ""
    at_last: str | None = None  # what is on it in the end, if that is something else
    arrange: Callable[[Someone], object] = lambda someone: None
    is_by_admin: bool = False
    account: str = "{id}"  # whom its row is about
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.action.value
