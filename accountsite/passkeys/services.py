"""What a person can do with their passkeys."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from accountsite import origin, user_agents
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import account_api, errors, mfa, parallel, users
from accountsite.logto.account_api import PasskeyStart
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToAdd(Refusal):
    """The passkey was not added."""


class UnableToRename(Refusal):
    """The passkey keeps its name."""


class ChangedElsewhere(UnableToRename):
    """Another page or device was faster. `now` is the name it has since."""

    def __init__(self, message: str, now: str) -> None:
        super().__init__(message)
        self.now = now


def can_prove(user: users.User) -> bool:
    """Whether there is anything that a proof for the Account API can be made of."""
    return bool(user.has_password or user.primary_email or user.primary_phone)


def start(account_id: str, token: str) -> tuple[PasskeyStart, users.User]:
    """Begin a registration for this person. Raises AccountEnded, Rejected and Unavailable."""
    return parallel.gather(
        lambda: account_api.start_passkey(token), lambda: guards.person(account_id)
    )


def add(  # noqa: PLR0913 - what it takes
    account_id: str,
    token: str,
    *,
    record_id: str,
    credential: Mapping[str, Any],
    name: str,
    proof: str | None,
) -> None:
    """Bind the passkey that the browser made for a registration, and tell its owner by mail.

    Raises UnableToAdd, TooMany, AccountEnded, Rejected for what is missing, and Unavailable.
    """
    with (
        trail.change(Action.PASSKEY_ADDED, account_id, values={"passkey": (None, name)}) as event,
        _refusals(),
    ):
        attempts.count(Kind.PASSKEY, account=account_id)
        user, _proved = parallel.gather(
            lambda: guards.person(account_id),
            lambda: account_api.finish_passkey(
                token,
                verification_id=record_id,
                credential=credential,
                user_agent=origin.current().user_agent,
            ),
        )
        account_api.add_passkey(token, verification_id=record_id, proof=proof, name=name)
    notices.announce(event, user.primary_email)


def default_name() -> str:
    """What a passkey that is made on this device could be called."""
    return user_agents.describe(origin.current().user_agent)


def name_of(passkey: Bound) -> str:
    """What its owner calls it, else where it was made."""
    return passkey.name or user_agents.describe(passkey.agent or "")


def find(account_id: str, factor_id: str) -> tuple[users.User, Bound | None]:
    """The person, and this passkey of theirs. Raises AccountEnded and Unavailable."""
    user, bound = parallel.gather(
        lambda: guards.person(account_id), lambda: mfa.of_user(account_id)
    )
    return user, of(bound, factor_id)


def of(bound: tuple[Bound, ...], factor_id: str) -> Bound | None:
    """The passkey of this id among a person's factors."""
    passkeys = (each for each in bound if each.factor is Factor.WEBAUTHN)
    return next((each for each in passkeys if each.id == factor_id), None)


def rename(  # noqa: PLR0913 - what it takes
    account_id: str, token: str, *, factor_id: str, name: str, shown_before: str, proof: str | None
) -> None:
    """Give a passkey another name. `shown_before` is what the page showed.

    Raises UnableToRename, ChangedElsewhere, TooMany, AccountEnded, Rejected for what is missing,
    and Unavailable.
    """
    user, passkey = find(account_id, factor_id)
    if passkey is None:
        raise UnableToRename(_gone())
    before = name_of(passkey)
    if passkey.name == name:
        return
    values = {"passkey": (before, name)}
    with trail.change(Action.PASSKEY_RENAMED, account_id, values=values) as event, _refusals():
        attempts.count(Kind.PASSKEY, account=account_id)
        if before != shown_before:
            raise ChangedElsewhere(
                _(
                    "This was changed elsewhere meanwhile, to “%(text)s”. Go on if you still want to."
                )
                % {"text": before},
                before,
            )
        try:
            account_api.rename_passkey(token, factor_id=factor_id, name=name, proof=proof)
        except (errors.NotFound, errors.ProofNotFound) as error:
            raise UnableToRename(_gone()) from error
    notices.announce(event, user.primary_email)


def _gone() -> str:
    return _("This passkey was removed elsewhere meanwhile.")


@contextmanager
def _refusals() -> Iterator[None]:
    """What Logto can say no to, in the person's words."""
    try:
        yield
    except errors.PasskeyRefused as error:
        raise UnableToAdd(
            _("The passkey of your device was not accepted. Try again, or add it elsewhere.")
        ) from error
    except errors.ProofNotFound as error:
        raise UnableToAdd(_("That took too long. Try again.")) from error
