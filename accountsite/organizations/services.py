"""What a person belongs to, what they may do there, and leaving it."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.appearance.isolation import isolated
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.limits import turns
from accountsite.logto import errors, organizations, parallel, roles, users
from accountsite.logto.invitations import Invitation
from accountsite.logto.organizations import Organization, Role, Scope
from accountsite.memberships import services as memberships
from accountsite.memberships.services import Leaderless
from accountsite.notices import delivery as notices
from accountsite.organizations import invitations
from accountsite.organizations.invitations import Waiting
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToLeave(Refusal):
    """Nobody would be left to run it, or they are no member any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Something that a role allows: in words, or by its name where the tenant has no words for it.

    `api` names the API that it is for; it is empty for what is of the organization itself.
    """

    words: str
    api: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An organization of a person's, with their roles and what these allow."""

    organization: Organization
    roles: tuple[Role, ...]
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """All that a person belongs to. None stands for what could not be read."""

    person: users.User
    memberships: tuple[Membership, ...]
    waiting: tuple[Waiting, ...] | None
    roles: tuple[roles.Role, ...] | None
    is_explained: bool  # whether what roles allow could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaving an organization would mean. `objection` says why it can't be, or is empty."""

    organization: Organization
    objection: str
    is_only_member: bool


def belonging(account_id: str, email: str | None) -> Belonging:
    """All of it at once. `email` is the one that the session knows.

    An invitation to an organization that nobody has asked for lately takes a second round trip, for
    its name. Raises AccountEnded, and Unavailable if person or organizations can't be read.
    """
    person, joined, (template, found, held) = parallel.gather(
        functools.partial(guards.person, account_id),
        functools.partial(organizations.of_user, account_id),
        lambda: parallel.settle(
            _template,
            functools.partial(invitations.to, email),
            functools.partial(roles.of_user, account_id),
        ),
    )
    is_explained = not isinstance(template, errors.LogtoError)
    known = ((), ()) if isinstance(template, errors.LogtoError) else template
    return Belonging(
        person=person,
        memberships=_memberships(joined, *known),
        waiting=_waiting(person, email, found, joined),
        roles=None if isinstance(held, errors.LogtoError) else held,
        is_explained=is_explained,
    )


def leaving(account_id: str, *, organization_id: str) -> Leaving | None:
    """What it would mean to leave; None for an organization that they are not in.

    It takes one round trip, and for who runs the organization one more. Raises AccountEnded and
    Unavailable.
    """
    _person, leaving = _leaving(account_id, organization_id)
    return leaving


def leave(account_id: str, *, organization_id: str) -> str:
    """End one's membership. Gives the name of the organization.

    Two admins who leave at the same time would both see the other: only one of them can look at a
    time. Raises UnableToLeave, turns.Busy, AccountEnded and Unavailable.
    """
    with turns.alone(f"organization:{organization_id}"):
        person, known = _leaving(account_id, organization_id)
        if known is None:
            raise UnableToLeave(_("You are not in this organization any more."))
        name = known.organization.name
        values = {"organization": (name, None)}
        with trail.change(Action.ORGANIZATION_LEFT, account_id, values=values) as event:
            if known.objection:
                raise UnableToLeave(known.objection)
            try:
                organizations.remove(organization_id, account_id=account_id)
            except errors.NotFound as error:
                raise UnableToLeave(_("You are not in this organization any more.")) from error
    notices.announce(event, person.primary_email)
    return name


def _leaving(account_id: str, organization_id: str) -> tuple[users.User, Leaving | None]:
    person, joined, template = parallel.gather(
        functools.partial(guards.person, account_id),
        functools.partial(_of_user, account_id),
        organizations.roles,
    )
    mine = next((each for each in joined if each.id == organization_id), None)
    if mine is None:
        return person, None
    [last] = memberships.without(account_id, [mine], template) or [None]
    leaving = Leaving(
        organization=mine,
        objection=_objection(last) if last and last.others else "",
        is_only_member=last is not None and not last.others,
    )
    return person, leaving


def _of_user(account_id: str) -> tuple[Organization, ...]:
    """Their organizations; that there is no such person any more is told by who asks for them."""
    try:
        return organizations.of_user(account_id)
    except errors.NotFound:
        return ()


def _objection(last: Leaderless) -> str:
    words = ngettext(
        "You are the only admin of %(name)s, and %(count)d other person is in it. "
        "Make them an admin first, then leave.",
        "You are the only admin of %(name)s, and %(count)d other people are in it. "
        "Make one of them an admin first, then leave.",
        last.others,
    )
    return words % {"name": isolated(last.organization.name), "count": last.others}


def _waiting(
    person: users.User,
    email: str | None,
    found: tuple[Invitation, ...] | errors.LogtoError,
    joined: Iterable[Organization],
) -> tuple[Waiting, ...] | None:
    if isinstance(found, errors.LogtoError):
        return None
    try:
        mine = invitations.theirs(person, email, found)
        return invitations.waiting(mine, memberships={each.id: each.name for each in joined})
    except errors.LogtoError:
        return None


def _template() -> tuple[tuple[Role, ...], tuple[Scope, ...]]:
    """What the tenant's organizations have in common: roles, and the words for what they allow."""
    return parallel.gather(organizations.roles, organizations.scopes)


def _memberships(
    joined: Iterable[Organization], template: Iterable[Role], scopes: Iterable[Scope]
) -> tuple[Membership, ...]:
    """By name. A role that the template has is told of with all that the template says."""
    by_id = {role.id: role for role in template}
    words = {scope.name: scope.description or scope.name for scope in scopes}
    found = []
    for organization in sorted(joined, key=lambda each: each.name.casefold()):
        held = tuple(by_id.get(role.id, role) for role in organization.roles)
        membership = Membership(
            organization=organization, roles=held, permissions=_permissions(held, words)
        )
        found.append(membership)
    return tuple(found)


def _permissions(held: Iterable[Role], words: Mapping[str, str]) -> tuple[Permission, ...]:
    """What these roles allow together, each once."""
    held = tuple(held)
    allowed = [
        *(Permission(words=words.get(name, name)) for role in held for name in role.scopes),
        *(
            Permission(words=scope.name, api=scope.api)
            for role in held
            for scope in role.api_scopes
        ),
    ]
    return tuple(dict.fromkeys(allowed))
