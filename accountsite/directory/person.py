"""Everything that Logto knows of one person, read at once; a part that fails fails alone."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from accountsite.audit.actions import Action
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.logto import (
    connectors,
    errors,
    grants,
    logs,
    mfa,
    organizations,
    parallel,
    roles,
    sessions,
    tokens,
    users,
)
from accountsite.logto.client import Page
from accountsite.signin import staff
from accountsite.signin.staff import Level

RECENT = 15  # entries of each log

type Maybe[T] = T | errors.LogtoError


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with all parts, each of which may be the error that it could not be read for."""

    user: users.User
    roles: Maybe[tuple[roles.Role, ...]]
    organizations: Maybe[tuple[organizations.Organization, ...]]
    factors: Maybe[tuple[mfa.Bound, ...]]
    tokens: Maybe[tuple[tokens.PersonalAccessToken, ...]]
    sessions: Maybe[tuple[sessions.Session, ...]]
    grants: Maybe[tuple[grants.Grant, ...]]
    log: Maybe[Page[logs.Entry]]
    providers: dict[str, str]
    """What social providers are called, by target; empty while nobody tells."""

    @property
    def level(self) -> Level | None:
        """What this person's roles let them do here; None where they could not be read."""
        if isinstance(self.roles, errors.LogtoError):
            return None
        return staff.level_of(role.name for role in self.roles)


def read(account_id: str) -> Person:
    """The person, in one round trip. Raises NotFound, and Unavailable without the main part."""
    found: tuple[Any, ...] = parallel.settle(
        lambda: users.get(account_id, with_enterprise=True),
        lambda: roles.of_user(account_id),
        lambda: organizations.of_user(account_id),
        lambda: mfa.of_user(account_id),
        lambda: tokens.of_user(account_id),
        lambda: sessions.of_user(account_id),
        lambda: grants.of_user(account_id),
        lambda: logs.search(account_id=account_id, page_size=RECENT),
        connectors.social,
    )
    user, *parts, social = found
    if isinstance(user, errors.LogtoError):
        raise user
    held, memberships, factors, pats, signed_in, given, log = parts
    return Person(
        user=user,
        roles=held,
        organizations=memberships,
        factors=factors,
        tokens=pats,
        sessions=signed_in,
        grants=given,
        log=log,
        providers=_names(social),
    )


def events(account_id: str) -> list[AuditEvent]:
    """The newest of our own trail about this person."""
    return list(AuditEvent.objects.of(account_id)[:RECENT])


def proof(account_id: str, field: str, *changes: Action) -> AuditEvent | None:
    """The change by which their email address or phone number came here, if it was made here.

    Logto keeps no mark of verification, and tells applications that each address is verified. What
    the person entered here was proved by a code; what an admin entered was not.
    """
    made = AuditEvent.objects.of(account_id).filter(
        action__in=changes,
        outcome=Outcome.DONE,
        actor_kind__in=[ActorKind.PERSON, ActorKind.ADMIN],
        changes__has_key=field,
    )
    found: AuditEvent | None = made.first()
    return found


def is_proved(event: AuditEvent) -> bool:
    """Whether a code was sent there."""
    return bool(event.actor_kind == ActorKind.PERSON)


def _names(social: Maybe[tuple[connectors.Connector, ...]]) -> dict[str, str]:
    if isinstance(social, errors.LogtoError):
        return {}
    language = translation.get_language() or "en"
    return {connector.target: connector.name(language) for connector in social}
