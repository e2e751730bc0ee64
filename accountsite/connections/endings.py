"""Each way in which a trip to a provider can end badly, and what to do then."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _

from accountsite.refusals import Refusal


class Ending(StrEnum):
    """How it ended. The words stand in the audit trail."""

    DENIED = "denied"
    FAILED = "provider_failed"
    UNREACHABLE = "unreachable"
    UNKNOWN = "state_unknown"
    USED = "state_used"
    EXPIRED = "state_expired"
    OTHER_PERSON = "state_of_another_person"
    OTHER_PROVIDER = "state_of_another_provider"
    SIGNED_OUT = "signed_out"
    IN_USE = "identity_in_use"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the person is told; `%(provider)s` may stand in it where the provider is known."""

    title: Any
    text: Any
    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    can_try_again: bool = True


FOREIGN = Words(
    title=_("This can’t be used here"),
    text=_(
        "This answer belongs to nothing that was begun in this browser, so it was not used, and "
        "nothing was connected. If you didn’t follow a link from somewhere else, begin again."
    ),
    can_try_again=False,
)

WORDS = {
    Ending.DENIED: Words(
        title=_("Nothing was connected"),
        text=_("You did not let %(provider)s tell who you are there. Nothing has changed."),
        status=HTTPStatus.OK,
    ),
    Ending.FAILED: Words(
        title=_("%(provider)s did not answer as it should"),
        text=_(
            "It did not say who you are there, so nothing was connected, and nothing has changed. "
            "Try again, and if it happens again, ask the support."
        ),
    ),
    Ending.UNREACHABLE: Words(
        title=_("This could not be finished"),
        text=_(
            "%(provider)s or your account could not be reached. Your connections show whether it "
            "was connected all the same; if not, try again in a moment."
        ),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    Ending.UNKNOWN: FOREIGN,
    Ending.OTHER_PERSON: FOREIGN,
    Ending.OTHER_PROVIDER: FOREIGN,
    Ending.USED: Words(
        title=_("This was done already"),
        text=_(
            "This answer was used before, and works once. Your connections show what came of it."
        ),
    ),
    Ending.EXPIRED: Words(
        title=_("That took too long"),
        text=_("For your safety this works for ten minutes. Nothing was connected: try again."),
    ),
    Ending.SIGNED_OUT: Words(
        title=_("You are signed out"),
        text=_(
            "You were signed out meanwhile, so nothing was connected. Sign in, then connect again."
        ),
        can_try_again=False,
    ),
    Ending.IN_USE: Words(
        title=_("Connected to another account already"),
        text=_(
            "Another account of this service is connected to that account at %(provider)s. "
            "Use another one there, or disconnect it in the other account first."
        ),
        status=HTTPStatus.CONFLICT,
    ),
    Ending.UNAVAILABLE: Words(
        title=_("%(provider)s can’t be connected here"),
        text="%(reason)s",
        status=HTTPStatus.CONFLICT,
    ),
    Ending.REFUSED: Words(
        title=_("Nothing was connected"),
        text="%(reason)s",
        status=HTTPStatus.CONFLICT,
    ),
}

# What somebody may have tried on purpose.
SUSPICIOUS = frozenset({Ending.UNKNOWN, Ending.USED, Ending.OTHER_PERSON, Ending.OTHER_PROVIDER})


class Ended(Refusal):
    """The trip is over, and nothing was connected, or nobody knows. `missing` says what lacks."""

    def __init__(
        self, ending: Ending, *, provider: str = "", reason: str = "", missing: str = ""
    ) -> None:
        words = WORDS[ending]
        names = {"provider": provider, "reason": reason}
        super().__init__(str(words.text) % names)
        self.ending = ending
        self.code = ending.value
        self.title = str(words.title) % names
        self.status = words.status
        self.can_try_again = words.can_try_again
        self.missing = missing
        self.retry_after = 0
