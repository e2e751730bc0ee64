"""What people do with their tokens.

Logto knows a token by its name, and lists its value with it: `accountsite.logto.tokens` leaves that
out, and a page gets the value of a new one only. A token that a request names is looked for among
those of the session's own person.
"""

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.limits import attempts, turns
from accountsite.limits.rules import Kind
from accountsite.logto import errors, parallel, tokens, users
from accountsite.logto.tokens import Created, PersonalAccessToken
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.reminders import services as reminders
from accountsite.signin import guards
from accountsite.tokens import expiry


class UnableToCreate(Refusal):
    """There is no room for another token."""


class NameTaken(Refusal):
    """Another token of this person has that name."""


class ChangedElsewhere(Refusal):
    """The token is not there any more under the name that the page knew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A person and their tokens, newest first."""

    person: users.User
    tokens: tuple[PersonalAccessToken, ...]

    @property
    def has_room(self) -> bool:
        """Whether the operator allows one more."""
        return len(self.tokens) < settings.TOKENS_MOST

    def find(self, token_id: str) -> PersonalAccessToken | None:
        """The one that an address names, if it is theirs."""
        return next((token for token in self.tokens if token.id == token_id), None)

    def has(self, name: str) -> bool:
        """Whether one is called so."""
        return any(token.name == name for token in self.tokens)


def held(account_id: str) -> Held:
    """What a person has, in one round trip. Raises AccountEnded and Unavailable."""
    person, known = parallel.gather(
        functools.partial(guards.person, account_id), functools.partial(_of_user, account_id)
    )
    return Held(person=person, tokens=tuple(_newest_first(known)))


def create(account_id: str, *, name: str, expires_at: datetime | None) -> Created:
    """Make a token, and give it with its value: show that once, and keep it nowhere.

    Raises UnableToCreate, NameTaken, expiry.TooLong, TooMany, turns.Busy, AccountEnded and
    Unavailable.
    """
    with _one_at_a_time(account_id):
        known = held(account_id)
        values: dict[str, tuple[None, str]] = {"token": (None, name)}
        if expires_at is not None:
            values["expiry"] = (None, timezone.localdate(expires_at).isoformat())
        with trail.change(Action.TOKEN_CREATED, account_id, values=values) as event:
            attempts.count(Kind.TOKEN, account=account_id)
            expiry.check(expires_at)
            _check_room(known)
            _check_name(known, name)
            with _taken():
                created = tokens.create(account_id, name=name, expires_at=expires_at)
    notices.announce(event, known.person.primary_email)
    reminders.remember(account_id, created.token)
    return created


def rename(account_id: str, *, token_id: str, name: str) -> PersonalAccessToken:
    """Call a token something else. Gives it, with its new id.

    Raises NameTaken, ChangedElsewhere, turns.Busy, AccountEnded and Unavailable.
    """
    with _one_at_a_time(account_id):
        known = held(account_id)
        token = _found(known, token_id)
        if token.name == name:
            return token
        values = {"token": (token.name, name)}
        with trail.change(Action.TOKEN_RENAMED, account_id, values=values) as event:
            _check_name(known, name)
            with _taken(), _still_there():
                renamed = tokens.rename(account_id, name=token.name, new_name=name)
    notices.announce(event, known.person.primary_email)
    return renamed


def remove(account_id: str, *, token_id: str) -> None:
    """End a token; where another page was faster, that is the same.

    Raises ChangedElsewhere, turns.Busy, AccountEnded and Unavailable.
    """
    with _one_at_a_time(account_id):
        known = held(account_id)
        token = _found(known, token_id)
        values = {"token": (token.name, None)}
        with (
            trail.change(Action.TOKEN_REMOVED, account_id, values=values) as event,
            suppress(errors.NotFound),
        ):
            tokens.delete(account_id, name=token.name)
    notices.announce(event, known.person.primary_email)


@contextmanager
def _one_at_a_time(account_id: str) -> Iterator[None]:
    """Count and compare names without another page making a token in between."""
    with turns.alone(f"tokens:{account_id}"):
        yield


def _of_user(account_id: str) -> tuple[PersonalAccessToken, ...]:
    """Their tokens; that there is no such person any more is told by who asks for the person."""
    try:
        return tokens.of_user(account_id)
    except errors.NotFound:
        return ()


def _newest_first(known: Iterable[PersonalAccessToken]) -> Iterable[PersonalAccessToken]:
    return sorted(known, key=lambda token: token.created_at, reverse=True)


def _found(known: Held, token_id: str) -> PersonalAccessToken:
    token = known.find(token_id)
    if token is None:
        raise _gone()
    return token


def _check_room(known: Held) -> None:
    if not known.has_room:
        most = settings.TOKENS_MOST
        raise UnableToCreate(
            ngettext(
                "You have %(count)d token, and there can’t be more. Remove it first.",
                "You have %(count)d tokens, and there can’t be more. Remove one first.",
                most,
            )
            % {"count": most}
        )


def _check_name(known: Held, name: str) -> None:
    if known.has(name):
        raise _name_taken()


@contextmanager
def _taken() -> Iterator[None]:
    try:
        yield
    except errors.PersonalAccessTokenNameTaken as error:
        raise _name_taken() from error


@contextmanager
def _still_there() -> Iterator[None]:
    try:
        yield
    except errors.NotFound as error:
        raise _gone() from error


def _name_taken() -> NameTaken:
    return NameTaken(
        _(
            "You have a token with this name already. Choose another name, or remove that one "
            "first if you never got to see it."
        )
    )


def _gone() -> ChangedElsewhere:
    return ChangedElsewhere(_("This token was renamed or removed elsewhere meanwhile."))
