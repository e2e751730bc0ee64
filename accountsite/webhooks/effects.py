"""What each event does here. Everything may run twice, in any order, and long after the event.

Nothing of Logto is asked where the body tells enough: the work of many deliveries at once must not
become as many calls.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accountsite.audit import pruning, trail
from accountsite.audit.actions import Action
from accountsite.audit.fields import HIDDEN, Values
from accountsite.audit.models import ActorKind, AuditEvent
from accountsite.deletion import services as deletion
from accountsite.exports import services as exports
from accountsite.logto import users
from accountsite.recognition import services as recognition
from accountsite.signin import copies
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason
from accountsite.webhooks import forgetting, known, telling
from accountsite.webhooks.bodies import Body
from accountsite.webhooks.models import Delivery
from accountsite.webhooks.words import Effect

UNDER_WAY = timedelta(minutes=5)  # that an admin's own deletion may take, with its mail
SUSPENSION = "User.SuspensionStatus.Updated"
IDENTIFIERS = {
    "email": users.Field.EMAIL,
    "phone": users.Field.PHONE,
    "username": users.Field.USERNAME,
}

KEPT_IN_SESSIONS = {
    "name": "name",
    "username": "username",
    "primaryEmail": "email",
    "primaryPhone": "phone",
    "avatar": "avatar",
}

type Effects = list[Effect]


class NotYet(Exception):
    """It is to be done a little later."""


def urgent(delivery: Delivery, body: Body) -> Effects:
    """What can't wait for its turn: nobody who is suspended or gone sees another page."""
    if not body.account_id or _is_overtaken(delivery, body):
        return []
    if body.event == forgetting.DELETED:
        return _end_sessions(body, EndReason.GONE)
    if body.event == SUSPENSION and _is_suspended(body):
        return _end_sessions(body, EndReason.SUSPENDED)
    return []


def apply(delivery: Delivery, body: Body) -> Effects:
    """Do what is due for this event. Raises LogtoError and DatabaseError: try again later then."""
    if body.account_id and body.event != forgetting.DELETED and forgetting.is_gone(body.account_id):
        forgetting.erase(delivery)
        return [Effect.OVERTAKEN]
    return BY_EVENT[body.event](delivery, body)


def is_known(event: str) -> bool:
    """Whether there is anything to do for events of this kind."""
    return event in BY_EVENT


# One function for each event


def signed_in(_delivery: Delivery, body: Body) -> Effects:
    """Somebody signed in, with any app: from a device that they were not seen on before?"""
    effects = [Effect.NOTED] if _note(body, is_new=True) else []
    recognition.seen(
        body.account_id, user_agent=body.user_agent, address=body.address, at=telling.at(body)
    )
    return [*effects, Effect.DEVICE_SEEN]


def created(delivery: Delivery, body: Body) -> Effects:
    """A new account: by registering, or made by an admin or a program. Both events may come."""
    effects = [Effect.NOTED] if _note(body, is_new=True) else []
    if telling.is_by_this_site(body) or telling.was_told(body.account_id, Action.ACCOUNT_CREATED):
        return [*effects, Effect.TOLD]
    is_own = body.event == "PostRegister"
    actor = trail.person(body.account_id) if is_own else trail.LOGTO
    event = telling.told(delivery, body, Action.ACCOUNT_CREATED, actor=actor, with_origin=is_own)
    if settings.WELCOME_MAIL:
        return [*effects, Effect.AUDITED, *telling.mail(event, body)]
    return [*effects, Effect.AUDITED]


def changed(delivery: Delivery, body: Body) -> Effects:
    """Something of an account was changed: what, and by which way?"""
    values = known.changes(body)
    is_overtaken = known.is_overtaken(body, telling.at(body))
    _note(body)
    effects = _refresh(body)
    if body.route.endswith("/password"):
        values = {**(values or {}), "password": (HIDDEN, HIDDEN)}
    if telling.is_ours(body):
        return [*effects, Effect.OURS]
    if values == {} and body.route:
        return [*effects, Effect.NOTHING_CHANGED]
    told: Values = {} if values is None or is_overtaken else values
    telling.told(
        delivery,
        body,
        Action.ACCOUNT_CHANGED,
        values={**told, "way": (None, telling.way(body))},
        with_origin=not body.route,
    )
    return [*effects, Effect.AUDITED]


def suspended(delivery: Delivery, body: Body) -> Effects:
    """Suspended, or the suspension lifted."""
    values = known.changes(body)
    is_news = values is None or "suspended" in values
    is_overtaken = _is_overtaken(delivery, body)
    effects = urgent(delivery, body)
    _note(body)
    if is_overtaken:
        effects.append(Effect.OVERTAKEN)
    elif _is_suspended(body):
        effects += _cancel_what_waits(body.account_id)
    action = Action.ACCOUNT_SUSPENDED if _is_suspended(body) else Action.ACCOUNT_RESTORED
    if telling.is_ours(body, action):
        return [*effects, Effect.OURS]
    if not is_news and not is_overtaken:
        return [*effects, Effect.NOTHING_CHANGED]
    telling.told(delivery, body, action, values={"way": (None, telling.way(body))})
    return [*effects, Effect.AUDITED]


def deleted(delivery: Delivery, body: Body) -> Effects:
    """The account is gone, and so is what is kept of it here; that it was is not.

    Raises NotYet while the admin who deleted it here may still wait for the answer: the event of
    that, and the mail about it, are not to be taken away from under them.
    """
    effects = urgent(delivery, body)
    by_admin = AuditEvent.objects.of(body.account_id).filter(
        action=Action.ACCOUNT_DELETED, actor_kind=ActorKind.ADMIN
    )
    own = by_admin.first()
    if own is not None and own.started_at > timezone.now() - UNDER_WAY:
        raise NotYet
    pseudonym = pruning.pseudonym(body.account_id)
    if telling.was_told(pseudonym, Action.ACCOUNT_DELETED):
        effects.append(Effect.OURS)
    else:
        telling.told(
            delivery,
            body,
            Action.ACCOUNT_DELETED,
            account_id=pseudonym,
            actor=trail.admin(own.actor_id) if own else trail.LOGTO,
            values={"way": (None, telling.way(body))},
            explanation=own.explanation if own else "",
        )
        effects.append(Effect.AUDITED)
    deletion.forget_locally(body.account_id)
    forgetting.erase(delivery)
    return [*effects, Effect.FORGOTTEN]


def password_reset(delivery: Delivery, body: Body) -> Effects:
    """Somebody forgot their password and chose another one, on the sign-in page."""
    event = telling.told(
        delivery,
        body,
        Action.PASSWORD_RESET,
        actor=trail.person(body.account_id),
        with_origin=True,
    )
    return [Effect.AUDITED, *telling.mail(event, body)]


def locked_out(delivery: Delivery, body: Body) -> Effects:
    """Too many tries with an identifier: its owner is told, who need not be who tried.

    The body names the identifier as it was typed (`type`, `value`), and nobody's account.
    """
    owner = _owner(body)
    if owner is None:
        return [Effect.NOBODY]
    event = telling.told(
        delivery,
        body,
        Action.ACCOUNT_LOCKED,
        account_id=owner.id,
        with_origin=True,
    )
    profile = owner.profile
    telling.announce(event, owner.primary_email, locale=profile.locale, zone=profile.zoneinfo)
    return [Effect.AUDITED, Effect.MAILED] if owner.primary_email else [Effect.AUDITED]


BY_EVENT: dict[str, Callable[[Delivery, Body], Effects]] = {
    "PostSignIn": signed_in,
    "PostRegister": created,
    "User.Created": created,
    "User.Data.Updated": changed,
    SUSPENSION: suspended,
    forgetting.DELETED: deleted,
    "PostResetPassword": password_reset,
    "Identifier.Lockout": locked_out,
}


# Its circumstances


def _is_overtaken(delivery: Delivery, body: Body) -> bool:
    """Whether a later event of this kind was received before: then the world has moved on."""
    same = Delivery.objects.filter(account_id=body.account_id, event=body.event)
    return bool(same.filter(created_at__gt=telling.at(body)).exclude(pk=delivery.pk).exists())


def _is_suspended(body: Body) -> bool:
    return bool((body.user or {}).get("isSuspended"))


# What is done


def _end_sessions(body: Body, reason: EndReason) -> Effects:
    ended = signin.end_all(account_id=body.account_id, reason=reason)
    return [Effect.SESSIONS_ENDED] if ended else []


def _note(body: Body, *, is_new: bool = False) -> bool:
    return known.note(body, is_new=is_new)


def _refresh(body: Body) -> Effects:
    """Bring what sessions remember of the person up to date."""
    user = body.user
    if user is None:
        return []
    fields = {field: user.get(key) for key, field in KEPT_IN_SESSIONS.items()}
    return [Effect.REFRESHED] if copies.renew(body.account_id, fields) else []


def _cancel_what_waits(account_id: str) -> Effects:
    """A deletion finds out by itself, and is held; what an export gathered goes at once."""
    return [Effect.TASKS_CANCELED] if exports.forget(account_id) else []


def _owner(body: Body) -> users.User | None:
    kind, value = str(body.content.get("type")), body.content.get("value")
    if kind not in IDENTIFIERS or not isinstance(value, str) or not value:
        return None
    by, mode = IDENTIFIERS[kind], users.Mode.EXACT
    found = users.search(value.removeprefix("+"), by=by, mode=mode).items
    return next((user for user in found if kind != "username" or user.username == value), None)
