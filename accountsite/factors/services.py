"""Removing factors, and putting one in the place of another.

Logto removes any factor without a word, leaves backup codes behind alone, and knows no replacement.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.factors import protection
from accountsite.factors.protection import Protection
from accountsite.limits import turns
from accountsite.logto import errors, mfa
from accountsite.logto.account_center import Access
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal

TRIES = 3
REMOVED = {
    Factor.TOTP: Action.AUTHENTICATOR_REMOVED,
    Factor.WEBAUTHN: Action.PASSKEY_REMOVED,
    Factor.BACKUP_CODE: Action.BACKUP_CODES_REMOVED,
}
"""Logto lists no other kinds: codes by mail and text message are not set up."""


class UnableToChange(Refusal):
    """A factor stays as it is."""


class LastFactor(UnableToChange):
    """The tenant wants everybody to have one."""


class ChangedElsewhere(UnableToChange):
    """Another page, device or app was faster. `now` is the id of what is there since, or empty."""

    def __init__(self, message: str, now: str = "") -> None:
        super().__init__(message)
        self.now = now


class LeftWithout(Exception):
    """The old one is gone, or may be, and the new one did not certainly take its place.

    It is no Refusal: something happened. Its text tells the person how things stand.
    """


@contextmanager
def one_at_a_time(account_id: str) -> Iterator[None]:
    """Look and change without another page changing the factors in between. Raises turns.Busy."""
    with turns.alone(f"factors:{account_id}"):
        yield


def check_access(known: Protection) -> None:
    """Raise UnableToChange where the tenant does not let people change their factors."""
    if known.access is not Access.EDIT:
        raise UnableToChange(_("This can’t be changed here any more."))


def check_removal(known: Protection, bound: Bound) -> None:
    """Raise LastFactor if the tenant wants everybody to have one, and this is it."""
    if known.is_mandatory and known.asked() and not known.asked(without=bound.id):
        raise LastFactor(
            _(
                "This service asks everybody for a second step, and this is your only one. "
                "Add another one first, then remove this one."
            )
        )


def objection(known: Protection, bound: Bound) -> str:
    """Why this can't be removed, or empty."""
    try:
        check_access(known)
        check_removal(known, bound)
    except Refusal as refusal:
        return str(refusal)
    return ""


def remove(account_id: str, *, factor_id: str, only: Factor | None = None) -> None:
    """Go without a factor; with the last one that was set up, the backup codes go too.

    `only` is the kind that it has to be of, on a page that knows one kind.

    The codes go first: alone, they would be asked for at every sign-in until they are used up.
    Raises UnableToChange, LastFactor, ChangedElsewhere, LeftWithout, turns.Busy, AccountEnded and
    Unavailable.
    """
    with one_at_a_time(account_id):
        known = protection.read(account_id)
        bound = known.find(factor_id)
        if bound is None or only not in (None, bound.factor):
            raise ChangedElsewhere(_("This was removed or replaced elsewhere meanwhile."))
        _check_removal(known, bound)
        codes = codes_that_go_with(known, bound)
        if codes:
            _delete(known, codes)
        try:
            _delete(known, bound)
        except errors.LogtoError as error:
            if not codes:
                raise
            raise LeftWithout(
                _(
                    "Your backup codes are removed, but it is not certain that the rest is. "
                    "Try again in a moment."
                )
            ) from error


def codes_that_go_with(known: Protection, bound: Bound) -> Bound | None:
    """The backup codes, if they have nothing to stand in for once this is removed."""
    codes = known.backup_codes
    return codes if bound != codes and not known.made(without=bound.id) else None


def replace(
    *,
    old: Callable[[], None] | None,
    new: Callable[[], object],
    taken: type[errors.Conflict],
) -> None:
    """Put a new one in the place of the old one, by calls that Logto can lose on the way.

    `old` deletes, and is repeated until it is certain. Then `new` adds: `taken` is what Logto says
    when there is one; said to a repetition, it means that an earlier try has arrived. Call it
    inside of `one_at_a_time`, so that it means just that. Raises what the first call was refused
    with; Unavailable while the old one may still be there; LeftWithout when it is gone and the new
    one not certainly there.
    """
    if old is not None:
        _surely_deleted(old)
    for attempt in range(TRIES):
        try:
            new()
        except taken:
            if attempt == 0:
                raise
            return
        except errors.LogtoError as error:
            problem: errors.LogtoError = error
            if isinstance(error, errors.Unavailable):
                continue
            break
        else:
            return
    if old is None:
        raise problem
    raise LeftWithout from problem


def _surely_deleted(old: Callable[[], None]) -> None:
    problem: errors.Unavailable | None = None
    for _attempt in range(TRIES):
        try:
            old()
        except errors.NotFound:
            return
        except errors.Unavailable as error:
            if problem is None or error.maybe_done:
                problem = error
        else:
            return
    assert problem is not None  # noqa: S101 - each try ended here, or set it
    raise problem


def _check_removal(known: Protection, bound: Bound) -> None:
    try:
        check_access(known)
        check_removal(known, bound)
    except Refusal as refusal:
        trail.refused(REMOVED[bound.factor], known.user.id, type(refusal).__name__)
        raise


def _delete(known: Protection, bound: Bound) -> None:
    values = {"passkey": (bound.name, None)} if bound.name else None
    # Where somebody was faster, the outcome is the same.
    with (
        trail.change(REMOVED[bound.factor], known.user.id, values=values) as event,
        suppress(errors.NotFound),
    ):
        mfa.delete(known.user.id, factor_id=bound.id)
    notices.announce(event, known.user.primary_email)
