"""What a person can do with what they sign in with, and what keeps them from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.codes import services as codes
from accountsite.codes.services import Address, Channel
from accountsite.identifiers import emails, usernames
from accountsite.identifiers.lines import EMAIL, PHONE, USERNAME, Line, Person, person, value_of
from accountsite.identifiers.pending import Change
from accountsite.limits import attempts
from accountsite.limits.rules import Kind as Attempt
from accountsite.logto import errors, parallel, tenant, users
from accountsite.logto.sign_in_experience import Identifier, UsernamePolicy
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards
from accountsite.signin.models import EndReason
from accountsite.ways import services as ways
from accountsite.ways.services import Kind, Way

STARTED = {
    Channel.EMAIL: Action.EMAIL_CHANGE_STARTED,
    Channel.PHONE: Action.PHONE_CHANGE_STARTED,
}
CHANGED = {
    Identifier.EMAIL: Action.EMAIL_CHANGED,
    Identifier.PHONE: Action.PHONE_CHANGED,
    Identifier.USERNAME: Action.USERNAME_CHANGED,
}
REMOVED = {
    Identifier.EMAIL: Action.EMAIL_REMOVED,
    Identifier.PHONE: Action.PHONE_REMOVED,
    Identifier.USERNAME: Action.USERNAME_REMOVED,
}


class UnableToChange(Refusal):
    """A change that can't be made."""


class Taken(UnableToChange):
    """Another account has it."""


class ChangedElsewhere(UnableToChange):
    """Another page, device or app was faster. `now` is what Logto holds since."""

    def __init__(self, message: str, now: str | None) -> None:
        super().__init__(message)
        self.now = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What it would mean to go without an identifier. `objection` is a sentence, or empty."""

    line: Line
    remaining: tuple[Way, ...]
    objection: str


# Email and phone


def start(account_id: str, to: Address) -> Person:
    """Send a code to an address that is to be theirs. Gives who they are at this moment.

    Whether another account has the address is not told before the code is proved: nobody is to
    find out who has an account. Raises UnableToChange, UnableToSend, TooMany, AccountEnded and
    Unavailable.
    """
    someone = person(account_id)
    line = someone.line(Identifier(to.channel.value))
    _check(someone, to)
    if line.value and line.value.lower() == to.value.lower():
        raise UnableToChange(
            _("This is your address already.")
            if to.channel is Channel.EMAIL
            else _("This is your number already.")
        )
    send(account_id, to, before=line.value)
    return someone


def send(account_id: str, to: Address, *, before: str | None) -> None:
    """Send a code, the first or another one. Raises UnableToSend, TooMany and Unavailable."""
    with trail.change(
        STARTED[to.channel], account_id, values={to.channel.value: (before, to.value)}
    ):
        codes.send(account_id, to)


def prove(account_id: str, change: Change, code: str) -> Person:
    """Check the code, and read at the same time who they are.

    Raises UnableToVerify, TooMany, AccountEnded and Unavailable.
    """
    try:
        # The limits live in the database, so the code is checked in this very thread.
        _proved, user, known = parallel.gather(
            lambda: codes.verify(account_id, change.address, code),
            lambda: guards.person(account_id, with_enterprise=True),
            tenant.current,
        )
    except Refusal as refusal:
        reason = getattr(refusal.__cause__, "code", "") or type(refusal).__name__
        trail.refused(CHANGED[Identifier(change.channel.value)], account_id, reason)
        raise
    return Person(user=user, tenant=known)


def change_address(someone: Person, change: Change) -> users.User:
    """Make an address theirs whose code was right, and tell the old one and the new one.

    Raises Taken if another account has it, UnableToChange, AccountEnded and Unavailable.
    """
    if not change.is_proved or change.account_id != someone.user.id:
        raise UnableToChange(_("Get a code for this address first."))
    identifier = Identifier(change.channel.value)
    before = value_of(someone.user, identifier)
    if before == change.value:
        # An earlier attempt arrived after all, though nobody heard of it.
        values = {identifier.value: (change.before, change.value)}
        event = trail.record(CHANGED[identifier], someone.user.id, values=values)
        user, before = someone.user, change.before
    else:
        values = {identifier.value: (before, change.value)}
        with trail.change(CHANGED[identifier], someone.user.id, values=values) as event:
            _check(someone, change.address)
            new = change.value if identifier is EMAIL else None
            # After the change nobody could find out the old address, whose owner has to know.
            with notices.promised(event, someone.user.primary_email, new):
                user = _written(someone.user.id, identifier, change.value)
    told = {before, user.primary_email} if identifier is EMAIL else {user.primary_email}
    notices.announce(event, *told)
    return user


def _check(someone: Person, to: Address) -> None:
    """Raise UnableToChange for what the tenant does not allow."""
    _check_access(someone.line(Identifier(to.channel.value)))
    if to.channel is Channel.EMAIL:
        policy = someone.tenant.sign_in_experience.email_blocklist
        if objection := emails.objection(to.value, policy):
            raise UnableToChange(objection)


# Username


def username_policy() -> UsernamePolicy:
    """What a username must be, which needs no answer where the tenant is known already.

    Raises Unavailable.
    """
    return tenant.current().sign_in_experience.username_policy


def is_free(account_id: str, username: str) -> bool:
    """Whether nobody else has this username. Raises TooMany and Unavailable."""
    attempts.count(Attempt.LOOKUP, account=account_id)
    policy = username_policy()
    if policy.is_case_sensitive:
        found = users.with_any(users.Field.USERNAME, [username])
    else:
        found = users.search(username, by=users.Field.USERNAME, mode=users.Mode.EXACT).items
    return not any(
        user.id != account_id and usernames.is_same(username, user.username, policy)
        for user in found
    )


def change_username(account_id: str, username: str, *, shown_before: str) -> users.User:
    """Let them sign in with this name from now on. `shown_before` is what the page showed.

    Raises Taken, ChangedElsewhere, UnableToChange, AccountEnded and Unavailable.
    """
    someone = person(account_id)
    before = someone.user.username
    if before == username:
        return someone.user
    values = {"username": (before, username)}
    with trail.change(Action.USERNAME_CHANGED, account_id, values=values) as event:
        _check_access(someone.line(USERNAME))
        if objections := usernames.objections(username, someone.username_policy):
            raise UnableToChange(" ".join(objections))
        _check_shown(someone.line(USERNAME), shown_before)
        user = _written(account_id, USERNAME, username)
    notices.announce(event, user.primary_email)
    return user


def taken(policy: UsernamePolicy | None) -> str:
    """What to say of a username that another account has."""
    if policy is not None and not policy.is_case_sensitive:
        return _("Somebody else has this username, perhaps in other capitals. Choose another one.")
    return _("Somebody else has this username. Choose another one.")


# Removal


def removal(account_id: str, identifier: Identifier) -> Removal:
    """What it would mean to go without it. Raises AccountEnded and Unavailable."""
    user, known, names = parallel.gather(
        lambda: guards.person(account_id, with_enterprise=True),
        tenant.current,
        ways.provider_names,
    )
    someone = Person(user=user, tenant=known)
    try:
        _check_removal(someone, identifier)
        objection = ""
    except Refusal as refusal:
        objection = str(refusal)
    remaining = ways.after_removal(
        user, known.sign_in_experience, Kind(identifier.value), names=names
    )
    return Removal(line=someone.line(identifier), remaining=remaining, objection=objection)


def remove(account_id: str, identifier: Identifier, *, shown_before: str) -> users.User:
    """Let them go without it. `shown_before` is what the page showed.

    Raises LastWay, Busy, ChangedElsewhere, UnableToChange, AccountEnded and Unavailable.
    """
    with ways.one_at_a_time(account_id):
        someone = person(account_id)
        before = value_of(someone.user, identifier)
        if before is None:
            return someone.user
        values = {identifier.value: (before, None)}
        with trail.change(REMOVED[identifier], account_id, values=values) as event:
            _check_removal(someone, identifier)
            _check_shown(someone.line(identifier), shown_before)
            with notices.promised(event, someone.user.primary_email):
                user = _written(account_id, identifier, None)
    notices.announce(event, someone.user.primary_email)
    return user


def _check_removal(someone: Person, identifier: Identifier) -> None:
    """Raise UnableToChange or LastWay for what has to stay."""
    experience = someone.tenant.sign_in_experience
    _check_access(someone.line(identifier))
    if _is_required(someone, identifier):
        raise UnableToChange(
            {
                EMAIL: _("Everybody here has an email address. Change it instead of removing it."),
                PHONE: _("Everybody here has a phone number. Change it instead of removing it."),
                USERNAME: _("Everybody here has a username. Change it instead of removing it."),
            }[identifier]
        )
    ways.check_removal(someone.user, experience, Kind(identifier.value))


def _is_required(someone: Person, identifier: Identifier) -> bool:
    """Whether the tenant asks everybody for it at sign-up, and nothing else they have will do."""
    sign_up = someone.tenant.sign_in_experience.sign_up
    either = {"emailOrPhone": {EMAIL.value, PHONE.value}}
    groups: list[set[str]] = [
        {each.value for each in sign_up.identifiers},
        *(either.get(secondary, {secondary}) for secondary in sign_up.secondary),
    ]
    has = {each.value for each in (EMAIL, PHONE, USERNAME) if value_of(someone.user, each)}
    left = has - {identifier.value}
    return any(group & has and not group & left for group in groups)


# Common to all


def _check_access(line: Line) -> None:
    if not line.is_editable:
        raise UnableToChange(_("This can’t be changed here any more."))


def _check_shown(line: Line, shown_before: str) -> None:
    """What changed since the page was made is not overwritten unseen."""
    if (line.value or "") == shown_before:
        return
    raise ChangedElsewhere(
        _("This was changed elsewhere meanwhile, to “%(text)s”. Go on if you still want to.")
        % {"text": line.text}
        if line.value
        else _("This was removed elsewhere meanwhile. Go on if you still want to."),
        line.value,
    )


def _written(account_id: str, identifier: Identifier, value: str | None) -> users.User:
    with _refusals():
        match identifier:
            case Identifier.EMAIL:
                return users.update(account_id, primary_email=value)
            case Identifier.PHONE:
                return users.update(account_id, primary_phone=value)
            case Identifier.USERNAME:
                return users.update(account_id, username=value)


@contextmanager
def _refusals() -> Iterator[None]:
    """What a write can be refused for."""
    try:
        yield
    except errors.UsernameTaken as error:
        known = tenant.cached()
        policy = known.sign_in_experience.username_policy if known else None
        raise Taken(taken(policy)) from error
    except errors.EmailTaken as error:
        raise Taken(_("Another account has this address. Use another one.")) from error
    except errors.PhoneTaken as error:
        raise Taken(_("Another account has this number. Use another one.")) from error
    except errors.NotFound as error:
        raise guards.AccountEnded(EndReason.GONE) from error
    except errors.Invalid as error:
        raise UnableToChange(_("This can’t be saved as it is. Change it and try again.")) from error
