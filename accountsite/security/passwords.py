"""Setting and changing a password. Logto enforces none of what is checked here."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import Others
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import errors, parallel, passwords, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.errors import PasswordIssue
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards
from accountsite.signin.models import EndReason


class UnableToChange(Refusal):
    """The password stays as it is."""


class SamePassword(UnableToChange):
    """The new one is the old one."""


class AgainstPolicy(UnableToChange):
    """The tenant's policy says no. `issues` are all that it has against it."""

    def __init__(self, issues: tuple[PasswordIssue, ...]) -> None:
        super().__init__(_("This password does not follow the rules."))
        self.issues = issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change that was made. `others` is None where they were not asked for or can't be told."""

    is_first: bool
    others: Others | None


def change(account_id: str, new: str, *, sid: str | None, signs_out: bool) -> Changed:
    """Make this the password, if the tenant's policy has nothing against it.

    With `signs_out` the sessions at Logto that are to end next are read beside the change: who
    began one with the old password is among them. Raises AgainstPolicy, SamePassword,
    UnableToChange, TooMany, AccountEnded and Unavailable.
    """
    attempts.count(Kind.NEW_PASSWORD, account=account_id)
    user, known, verdict, is_same = parallel.gather(
        lambda: guards.person(account_id),
        tenant.current,
        lambda: _verdict(account_id, new),
        lambda: _is_current(account_id, new),
    )
    action = Action.PASSWORD_CHANGED if user.has_password else Action.PASSWORD_SET
    with trail.change(action, account_id) as event:
        if known.access(Control.PASSWORD) is not Access.EDIT:
            raise UnableToChange(_("This can’t be changed here any more."))
        if verdict is None:
            raise UnableToChange(
                _(
                    "New passwords can’t be checked at the moment, so none can be set. Try again later."
                )
            )
        if not verdict.is_accepted:
            raise AgainstPolicy(verdict.issues)
        if is_same:
            raise SamePassword(_("This is your password already. Choose another one."))
        others = _written(account_id, new, sid=sid, signs_out=signs_out)
    notices.announce(event, user.primary_email)
    return Changed(is_first=not user.has_password, others=others)


def _verdict(account_id: str, password: str) -> passwords.Verdict | None:
    """What the policy says; None where Logto can't tell, as without a way to the internet."""
    try:
        return passwords.check(password, account_id=account_id)
    except errors.PasswordUnchecked:
        return None


def _is_current(account_id: str, password: str) -> bool:
    try:
        passwords.verify(account_id, password)
    except errors.WrongPassword:
        return False
    return True


def _written(account_id: str, new: str, *, sid: str | None, signs_out: bool) -> Others | None:
    """Write it, and find the other sessions meanwhile; only the first of the two is what counts."""
    write = functools.partial(passwords.change, account_id, new)
    find: Callable[[], Others | None] = _nobody
    if signs_out:
        find = functools.partial(elsewhere.others, account_id, sid=sid)
    written, others = parallel.settle(write, find)
    if isinstance(written, errors.NotFound):
        raise guards.AccountEnded(EndReason.GONE) from written
    if isinstance(written, errors.Invalid):
        raise UnableToChange(
            _("Logto does not take this password. Choose another one.")
        ) from written
    if isinstance(written, errors.LogtoError):
        raise written
    return None if isinstance(others, errors.LogtoError) else others


def _nobody() -> Others | None:
    return None
