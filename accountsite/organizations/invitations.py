"""Invitations that wait for a person: those to the address that is theirs now.

Logto addresses an invitation to an email, and anybody with its id could answer it through the
Management API. So an id of a request is looked for among the invitations to the primary email of the
session's own person, which Logto and this site write only after its code was verified.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.limits import turns
from accountsite.logto import errors, invitations, parallel, users
from accountsite.logto.invitations import Invitation, Status
from accountsite.notices import delivery as notices
from accountsite.organizations import names
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToAnswer(Refusal):
    """The invitation does not wait for this person any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An invitation, with the name of the organization. One that has expired can't be answered."""

    invitation: Invitation
    name: str

    @property
    def is_expired(self) -> bool:
        """Whether it was not answered in time."""
        return self.invitation.status is Status.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A person, and what waits for them."""

    person: users.User
    waiting: tuple[Waiting, ...]

    def find(self, invitation_id: str) -> Waiting | None:
        """The one that an address names, if it is theirs and can be answered."""
        return next(
            (
                each
                for each in self.waiting
                if each.invitation.id == invitation_id and not each.is_expired
            ),
            None,
        )


def to(email: str | None) -> tuple[Invitation, ...]:
    """All invitations to an address, in any state and newest first; none without an address."""
    return invitations.search(invitee=email) if email else ()


def theirs(
    person: users.User, asked_for: str | None, found: Iterable[Invitation]
) -> tuple[Invitation, ...]:
    """What `to(asked_for)` found, if that is the person's address; else what waits at theirs.

    A page asks for the address that the session knows, so as not to wait for the person first.
    """
    mine = (person.primary_email or "").casefold()
    if mine != (asked_for or "").casefold():
        found = to(person.primary_email)
    return tuple(each for each in found if mine and each.invitee.casefold() == mine)


def waiting(
    mine: Iterable[Invitation], *, memberships: Mapping[str, str] | None = None
) -> tuple[Waiting, ...]:
    """Those that a person can answer, then those that have expired for want of an answer.

    `memberships` are the names of organizations that they are in, by id: of these an expired
    invitation is no news. Raises Unavailable.
    """
    memberships = memberships or {}
    shown = tuple(_worth_showing(tuple(mine), memberships))
    known = names.of((each.organization_id for each in shown), memberships)
    return tuple(
        Waiting(invitation=each, name=known[each.organization_id])
        for each in shown
        if each.organization_id in known
    )


def invited(account_id: str, email: str | None) -> Invited:
    """A person and what waits for them. `email` is the one that the session knows.

    Raises AccountEnded and Unavailable.
    """
    person, found = parallel.gather(
        functools.partial(guards.person, account_id), functools.partial(to, email)
    )
    return Invited(person=person, waiting=waiting(theirs(person, email, found)))


def accept(account_id: str, email: str | None, *, invitation_id: str) -> str:
    """Join the organization, with the roles of the invitation. Gives its name.

    Raises UnableToAnswer, turns.Busy, AccountEnded and Unavailable.
    """
    with turns.alone(f"invitation:{invitation_id}"):
        known, asked = _asked(account_id, email, invitation_id)
        values: dict[str, tuple[str | None, str | None]] = {"organization": (None, asked.name)}
        if roles := ", ".join(role.name for role in asked.invitation.roles):
            values["roles"] = (None, roles)
        with trail.change(Action.INVITATION_ACCEPTED, account_id, values=values) as event:
            try:
                invitations.accept(invitation_id, account_id=account_id)
            except (errors.Invalid, errors.NotFound) as error:
                raise _too_late() from error
    notices.announce(event, known.person.primary_email)
    return asked.name


def decline(account_id: str, email: str | None, *, invitation_id: str) -> str:
    """Say no; Logto knows that as a revoked invitation. Gives the organization's name.

    Raises UnableToAnswer, turns.Busy, AccountEnded and Unavailable.
    """
    with turns.alone(f"invitation:{invitation_id}"):
        known, asked = _asked(account_id, email, invitation_id)
        values = {"organization": (asked.name, None)}
        with trail.change(Action.INVITATION_DECLINED, account_id, values=values) as event:
            try:
                invitations.revoke(invitation_id)
            except (errors.Invalid, errors.NotFound) as error:
                raise _too_late() from error
    notices.announce(event, known.person.primary_email)
    return asked.name


def _worth_showing(
    mine: tuple[Invitation, ...], memberships: Mapping[str, str]
) -> Iterator[Invitation]:
    pending = [each for each in mine if each.status is Status.PENDING]
    yield from pending
    told = {*memberships, *(each.organization_id for each in pending)}
    for each in mine:
        if each.status is Status.EXPIRED and each.organization_id not in told:
            told.add(each.organization_id)
            yield each


def _asked(account_id: str, email: str | None, invitation_id: str) -> tuple[Invited, Waiting]:
    known = invited(account_id, email)
    asked = known.find(invitation_id)
    if asked is None:
        raise _too_late()
    return known, asked


def _too_late() -> UnableToAnswer:
    return UnableToAnswer(
        _(
            "This invitation can’t be answered any more: it has expired, was taken back, or was "
            "answered elsewhere meanwhile. Ask for a new one if you want to join."
        )
    )
