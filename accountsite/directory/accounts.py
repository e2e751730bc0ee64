"""Making, changing, suspending and deleting accounts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.directory import invitations, temporary
from accountsite.directory.access import Actor
from accountsite.directory.cases import Case, Unable, Why
from accountsite.identifiers import emails, usernames
from accountsite.logto import errors, parallel, sentinel, tenant, users
from accountsite.signin import services as signin
from accountsite.signin import staff
from accountsite.signin.models import EndReason
from accountsite.ways import services as ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new account, and what to show of it, once."""

    user: users.User
    password: str = ""
    is_expired: bool = False
    is_invited: bool | None = None
    """Whether the mail went out, if there was to be one."""


def create(actor: Actor, why: Why, given: Mapping[str, Any]) -> Made:
    """Make an account with a temporary password, with an invitation by mail, or with neither.

    `given` has email, phone, username, name and `begins`: `password`, `invitation` or `code`.
    Raises Unable and Unavailable.
    """
    fields = {name: given.get(name) or None for name in ("email", "phone", "username", "name")}
    secret = temporary.password() if given["begins"] == "password" else None
    is_invited = given["begins"] == "invitation"
    # The invitation is the mail that tells the person.
    user = make(actor, replace(why, tells=False) if is_invited else why, fields, password=secret)
    made = Made(user=user, password=secret or "")
    if secret:
        return replace(made, is_expired=temporary.expire(user.id))
    return replace(made, is_invited=invitations.send(user)) if is_invited else made


def make(
    actor: Actor, why: Why, fields: Mapping[str, str | None], *, password: str | None = None
) -> users.User:
    """The account, with its row in the trail, and its mail. Raises Unable and Unavailable."""
    with (
        trail.change(
            Action.ACCOUNT_CREATED,
            "",
            values={name: (None, value) for name, value in fields.items() if value},
            actor=trail.admin(actor.id),
            explanation=why.explanation[: trail.LONGEST_EXPLANATION],
        ) as event,
        told(),
    ):
        check_rules(fields)
        user = users.create(
            primary_email=fields["email"],
            primary_phone=fields["phone"],
            username=fields["username"],
            name=fields["name"],
            password=password,
        )
        event.account_id = user.id
    Case(actor=actor, person=user, held=(), why=why).tell(event)
    return user


def edit(case: Case, *, name: str | None, avatar: str | None) -> None:
    """Change the name and the address of the picture. Raises Unable and Unavailable."""
    before = case.person
    values = {"name": (before.name, name), "avatar": (before.avatar, avatar)}
    changed = {field: pair for field, pair in values.items() if pair[0] != pair[1]}
    if not changed:
        raise Unable(_("Nothing is different from what it was."))
    with case.change(Action.PROFILE_CHANGED, values=changed), told():
        users.update(before.id, name=name, avatar=avatar)


def edit_profile(case: Case, given: Mapping[str, str]) -> None:
    """Change claims of the profile, under Logto's names; "" clears one. Raises as `edit` does."""
    held = case.person.profile.to_json()
    changed = {key: value for key, value in given.items() if held.get(key, "") != value}
    if not changed:
        raise Unable(_("Nothing is different from what it was."))
    values = {"profile": (None, ", ".join(changed))}
    with case.change(Action.PROFILE_CHANGED, values=values), told():
        users.update_profile(case.person.id, changed)


def set_email(case: Case, email: str | None) -> None:
    """Set it without a proof, or clear it. Raises Unable and Unavailable."""
    old = case.person.primary_email
    _check_differs(old, email)
    action = Action.EMAIL_CHANGED if email else Action.EMAIL_REMOVED
    with case.change(action, email, values={"email": (old, email)}), told():
        check_rules({"email": email})
        with _keeping_a_way(case, ways.Kind.EMAIL, removes=not email):
            users.update(case.person.id, primary_email=email)


def set_phone(case: Case, phone: str | None) -> None:
    """Set it, in digits, without a proof, or clear it. Raises Unable and Unavailable."""
    old = case.person.primary_phone
    _check_differs(old, phone)
    action = Action.PHONE_CHANGED if phone else Action.PHONE_REMOVED
    with (
        case.change(action, values={"phone": (old, phone)}),
        told(),
        _keeping_a_way(case, ways.Kind.PHONE, removes=not phone),
    ):
        users.update(case.person.id, primary_phone=phone)


def set_username(case: Case, username: str | None) -> None:
    """Set or clear it. Raises Unable and Unavailable."""
    old = case.person.username
    _check_differs(old, username)
    action = Action.USERNAME_CHANGED if username else Action.USERNAME_REMOVED
    with case.change(action, values={"username": (old, username)}), told():
        check_rules({"username": username})
        with _keeping_a_way(case, ways.Kind.USERNAME, removes=not username):
            users.update(case.person.id, username=username)


def suspend(case: Case) -> None:
    """Keep them out, here and at Logto. Raises Unable for the admin's own account."""
    with case.change(Action.ACCOUNT_SUSPENDED), told():
        case.refuse_self()
        users.suspend(case.person.id)
        signin.end_all(account_id=case.person.id, reason=EndReason.SUSPENDED)


def lift(case: Case) -> None:
    """Let them sign in again. Raises Unable and Unavailable."""
    with case.change(Action.ACCOUNT_RESTORED), told():
        users.lift_suspension(case.person.id)


def unlock(case: Case) -> None:
    """Let them try to sign in again after too many failures. Raises Unavailable."""
    person = case.person
    known = (person.username, person.primary_email, person.primary_phone)
    with case.change(Action.ACCOUNT_UNLOCKED), told():
        identifiers = [identifier for identifier in known if identifier]
        if not identifiers:
            raise Unable(_("They have neither a username, an email address nor a phone number."))
        sentinel.unlock(identifiers)


def delete(case: Case) -> None:
    """Delete the account for good. Raises Unable for the admin's own account, and Unavailable."""
    with case.change(Action.ACCOUNT_DELETED), told():
        case.refuse_self()
        users.delete(case.person.id)
        signin.end_all(account_id=case.person.id, reason=EndReason.GONE)
        staff.withdraw(case.person.id)


def check_rules(fields: Mapping[str, str | None]) -> None:
    """Hold new identifiers against the tenant's rules. Raises Unable with all that is wrong."""
    experience = tenant.current().sign_in_experience
    found: list[str] = []
    if email := fields.get("email"):
        found.append(emails.objection(email, experience.email_blocklist))
    if username := fields.get("username"):
        found += usernames.objections(username, experience.username_policy)
    if objections := [each for each in found if each]:
        raise Unable(" ".join(objections))


@contextmanager
def told() -> Iterator[None]:
    """Turn what Logto foresees into sentences for an admin."""
    try:
        yield
    except errors.EmailTaken as error:
        raise Unable(_("Another account has this email address.")) from error
    except errors.PhoneTaken as error:
        raise Unable(_("Another account has this phone number.")) from error
    except errors.UsernameTaken as error:
        raise Unable(_("Another account has this username.")) from error
    except errors.NotFound as error:
        raise Unable(_("It is not there any more. Go back and look at the account.")) from error
    except errors.Invalid as error:
        raise Unable(
            _("Logto does not take this (%(code)s).") % {"code": error.code or error.status}
        ) from error


def keeps_a_way(person: users.User, kind: ways.Kind, target: str = "") -> bool:
    """Whether somebody who could sign in still could, without this."""
    experience = tenant.current().sign_in_experience
    is_lost = not ways.after_removal(person, experience, kind, target)
    return not (is_lost and ways.of(person, experience))


@contextmanager
def _keeping_a_way(case: Case, kind: ways.Kind, *, removes: bool) -> Iterator[None]:
    """Refuse to remove the last way to sign in, also when another page removes one meanwhile."""
    if not removes:
        yield
        return
    with ways.one_at_a_time(case.person.id):
        now, _known = parallel.gather(
            lambda: users.get(case.person.id, with_enterprise=True), tenant.current
        )
        if not keeps_a_way(now, kind):
            raise last_way()
        yield


def last_way() -> Unable:
    """The refusal to remove it."""
    return Unable(
        _("This is their only way to sign in. Give them another one first, or suspend the account.")
    )


def _check_differs(old: str | None, new: str | None) -> None:
    if (old or None) == (new or None):
        raise Unable(_("Nothing is different from what it was."))
