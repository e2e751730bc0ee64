"""Asking for the end of an account, and keeping it after all."""

import functools
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.audit import fields, trail
from accountsite.audit.actions import Action
from accountsite.deletion import traces
from accountsite.deletion.models import Deletion
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import SignedOut
from accountsite.logto import organizations, parallel
from accountsite.logto.organizations import Organization
from accountsite.memberships import services as memberships
from accountsite.memberships.services import Leaderless
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards

NAMED = 20  # organizations that a list names before it goes on with a number


class UnableToDelete(Refusal):
    """The account stays, for now."""


class AlreadyScheduled(UnableToDelete):
    """Another page or device was faster."""


class UnableToKeep(Refusal):
    """It is too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a deletion would mean for a person's organizations.

    They are the last admin of those in `blockers`, where others would be left without one, and the
    only member of those in `left_empty`; the rest of their `memberships` just ends.
    """

    email: str | None
    memberships: tuple[Organization, ...]
    blockers: tuple[Leaderless, ...]
    left_empty: tuple[Organization, ...]

    @property
    def named_blockers(self) -> tuple[Leaderless, ...]:
        """Those that a page names one by one."""
        return self.blockers[:NAMED]

    @property
    def named_left_empty(self) -> tuple[Organization, ...]:
        """Those that a page names one by one."""
        return self.left_empty[:NAMED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A deletion that was asked for, and how signing out everywhere else went."""

    deletion: Deletion
    signed_out: SignedOut


def of(account_id: str) -> Deletion | None:
    """The deletion that an account awaits, if it awaits one. It takes one query, by an index."""
    found: Deletion | None = Deletion.objects.filter(account_id=account_id).first()
    return found


def shown_of(account_id: str) -> Deletion | None:
    """The same for every page, whatever happens."""
    try:
        return of(account_id)
    except DatabaseError:
        return None


def outlook(account_id: str) -> Outlook:
    """What would happen, in one round trip to Logto; one more for who runs an organization.

    Raises AccountEnded and Unavailable.
    """
    person, joined, roles = parallel.gather(
        functools.partial(guards.person, account_id),
        functools.partial(organizations.of_user, account_id),
        organizations.roles,
    )
    leaderless = memberships.without(account_id, joined, roles)
    return Outlook(
        email=person.primary_email,
        memberships=joined,
        blockers=tuple(each for each in leaderless if each.others),
        left_empty=tuple(each.organization for each in leaderless if not each.others),
    )


def schedule(account_id: str, *, sid: str | None) -> Scheduled:
    """Have an account deleted when ACCOUNTSITE_DELETION_GRACE_DAYS are over, and sign out elsewhere.

    Tells its owner by mail how to keep it, unless it goes at once. Raises UnableToDelete,
    AlreadyScheduled, AccountEnded and Unavailable.
    """
    seen, others = parallel.gather(
        functools.partial(outlook, account_id),
        functools.partial(elsewhere.others, account_id, sid=sid),
    )
    due_at = timezone.now() + timedelta(days=settings.DELETION_GRACE_DAYS)
    values = {"deletion_date": (None, timezone.localdate(due_at).isoformat())}
    with trail.change(Action.DELETION_SCHEDULED, account_id, values=values) as event:
        _check_blockers(seen.blockers)
        deletion, is_new = Deletion.objects.get_or_create(
            account_id=account_id,
            defaults={
                "due_at": due_at,
                "next_attempt_at": due_at,
                "email": seen.email or "",
                "language": translation.get_language() or "en",
                "time_zone": timezone.get_current_timezone_name(),
            },
        )
        if not is_new:
            raise AlreadyScheduled(_("Your account is already about to be deleted."))
    if settings.DELETION_GRACE_DAYS:
        notices.announce(event, seen.email)
    return Scheduled(deletion=deletion, signed_out=elsewhere.sign_out(account_id, others))


def keep(account_id: str, *, email: str | None = None, actor: trail.Actor | None = None) -> None:
    """Give a deletion up, and tell its owner, at `email` too if that is another address by now.

    It takes no call to Logto, and does nothing where no deletion is awaited. Raises UnableToKeep
    once it has begun.
    """
    deletion = of(account_id)
    if deletion is None:
        return
    with trail.change(
        Action.DELETION_CANCELED, account_id, values=_date(deletion), actor=actor
    ) as event:
        is_kept, _rows = Deletion.objects.can_be_kept().filter(pk=deletion.pk).delete()
        if not is_kept:
            raise UnableToKeep(_("It is too late: your account is being deleted."))
    notices.announce(
        event, deletion.email, email, language=deletion.language, time_zone=deletion.time_zone
    )


def forget_locally(account_id: str) -> None:
    """Delete all that this site holds of an account that is gone at Logto, whoever deleted it.

    A deletion that this site is carrying out is left to end by itself, with its last mail. Raises
    DatabaseError and OSError where something is left, to be tried again.
    """
    Deletion.objects.can_be_kept().filter(account_id=account_id).delete()
    traces.forget(account_id)


def _check_blockers(blockers: tuple[Leaderless, ...]) -> None:
    if blockers:
        raise UnableToDelete(
            _(
                "You are the only admin of an organization that others belong to. "
                "Make another member an admin first."
            )
        )


def _date(deletion: Deletion) -> fields.Values:
    return {"deletion_date": (timezone.localdate(deletion.due_at).isoformat(), None)}
