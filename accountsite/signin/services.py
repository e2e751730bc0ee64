"""Starting and ending a person's time here."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict

from django.contrib import auth
from django.http import HttpRequest  # noqa: TID251 - a sign-in is about the session it is kept in

from accountsite.logto import errors, parallel, roles, users
from accountsite.signin import drafts, guards, oidc, preferences, session_store, signals, staff
from accountsite.signin.account import Account
from accountsite.signin.models import EndReason, Session

logger = logging.getLogger(__name__)

ACCOUNT = "account"
TOKENS = "tokens"
ATTEMPTS = "attempts"
SIGNED_IN_AGAIN = "signed_in_again"


class Attempt(TypedDict):
    """A sign-in that was begun, kept beside authlib's state of it."""

    path: str
    """Where to go on."""
    again_since: float | None
    """For the proof that it is still the same person: when it was asked for, in seconds."""


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in with this session, if anyone."""
    kept = request.session.get(ACCOUNT)
    return Account.from_session(kept) if kept else None


def complete(request: HttpRequest) -> str | None:
    """Finish the sign-in that this callback belongs to. Gives the page it was begun for.

    The session gets a new key, whatever it was before. Raises oidc.Refused, AccountEnded if
    the tenant has suspended or deleted the person, and Unavailable.
    """
    attempts: dict[str, Attempt] = request.session.get(ATTEMPTS, {})
    attempt = attempts.get(request.GET.get("state", ""))
    claims, tokens = oidc.finish(request)
    if attempt is not None and attempt["again_since"] is not None:
        _complete_again(request, claims, tokens, since=attempt["again_since"])
    else:
        _complete_first(request, claims, tokens)
    signals.signed_in.send_robust(sender=Account, account=account_of(request))
    return attempt["path"] if attempt else None


def _complete_first(request: HttpRequest, claims: oidc.Claims, tokens: dict[str, Any]) -> None:
    """Begin a session for whoever this is."""
    known = _known_to_management(claims["sub"])
    account = _account(claims, known)
    draft = drafts.of(request.session, account_id=account.id)
    theme = preferences.own(request).theme
    request.session.flush()
    request.session[ACCOUNT] = account.to_session()
    request.session[TOKENS] = kept_of(tokens)
    locale, zone = claims.get("locale"), claims.get("zoneinfo")
    if known is not None:
        locale, zone = known[0].profile.locale or locale, known[0].profile.zoneinfo or zone
    request.session[preferences.KEY] = {**preferences.from_profile(locale, zone), "theme": theme}
    if draft is not None:
        request.session[drafts.KEY] = draft
    _set_staff(request, account, known[1] if known else [])


def _complete_again(
    request: HttpRequest, claims: oidc.Claims, tokens: dict[str, Any], *, since: float
) -> None:
    """Note that the person of this session has just signed in once more.

    Raises oidc.Refused for another person, and for an `auth_time` from before they were asked: a
    provider that ignored `prompt=login` has proved nothing.
    """
    account = account_of(request)
    if account is None or claims["sub"] != account.id:
        raise oidc.Refused("person")
    auth_time = claims.get("auth_time")
    if not isinstance(auth_time, int | float) or auth_time < since - oidc.LEEWAY:
        raise oidc.Refused("stale", "no new auth_time")
    request.session.cycle_key()
    renewed = replace(account, sid=claims.get("sid"), signed_in=int(auth_time))
    request.session[ACCOUNT] = renewed.to_session()
    request.session[TOKENS] = kept_of(tokens)
    request.session[SIGNED_IN_AGAIN] = time.time()


def take_signed_in_again(request: HttpRequest) -> float | None:
    """When the person last signed in again as we asked, in seconds: told once."""
    at: float | None = request.session.pop(SIGNED_IN_AGAIN, None)
    return at


def remember_attempt(
    request: HttpRequest, *, state: str, path: str, again_since: float | None = None
) -> None:
    """Keep what a sign-in was begun for, and forget the attempts whose state is gone."""
    attempts: dict[str, Attempt] = request.session.get(ATTEMPTS, {})
    open_states = {key.removeprefix(oidc.STATE_PREFIX) for key in request.session.keys()}  # noqa: SIM118 - a session iterates by keys()
    kept = {key: attempt for key, attempt in attempts.items() if key in open_states}
    begun = Attempt(path=path, again_since=again_since)
    request.session[ATTEMPTS] = {**kept, state: begun}


def refresh(request: HttpRequest, user: users.User) -> None:
    """Bring what the session remembers of the person up to date with Logto's answer."""
    account = account_of(request)
    if account is None or account.id != user.id:
        return
    kept = {**account.to_session(), **_known_fields(user)}
    if kept != request.session[ACCOUNT]:
        request.session[ACCOUNT] = kept
        request.account = Account.from_session(kept)  # type: ignore[attr-defined]


def end_this(request: HttpRequest, reason: EndReason) -> None:
    """End this browser's session, and let the next one begin empty."""
    if request.session.session_key:
        row = Session.objects.filter(pk=session_store.hash_of(request.session.session_key))
        session_store.end(row, reason)
    request.session.flush()


def end_all(*, account_id: str = "", logto_sid: str = "", reason: EndReason) -> int:
    """End a person's sessions in every browser, or those of one Logto session. Tells how many.

    At least one of the two must be given; with both, only sessions of this person under that
    Logto session end.
    """
    if not account_id and not logto_sid:
        return 0
    sessions = Session.objects.all()
    if account_id:
        sessions = sessions.filter(account_id=account_id)
    if logto_sid:
        sessions = sessions.filter(logto_sid=logto_sid)
    return session_store.end(sessions, reason)


def end_others(request: HttpRequest) -> int:
    """End the person's sessions in all other browsers; this one goes on under a new key.

    Tells how many others were live. Those at Logto are not touched.
    """
    account = account_of(request)
    if account is None:
        return 0
    request.session.cycle_key()
    mine = session_store.hash_of(request.session.session_key or "")
    others = Session.objects.filter(account_id=account.id).exclude(pk=mine)
    return session_store.end(others, EndReason.ENDED_ELSEWHERE)


def _known_to_management(account_id: str) -> tuple[users.User, Sequence[roles.Role]] | None:
    """The person and their roles, or None while the Management API is out: they may still enter."""
    try:
        user, held = parallel.gather(
            lambda: guards.person(account_id), lambda: roles.of_user(account_id)
        )
    except errors.LogtoError:
        logger.warning("signed in without the Management API's word", exc_info=True)
        return None
    return user, held


def kept_of(tokens: dict[str, Any]) -> dict[str, Any]:
    """What of a token answer the session keeps."""
    names = ("id_token", "access_token", "refresh_token", "expires_at")
    return {name: tokens[name] for name in names if name in tokens}


def _account(claims: dict[str, Any], known: tuple[users.User, Any] | None) -> Account:
    fields: dict[str, Any] = {
        "name": claims.get("name"),
        "username": claims.get("username"),
        "email": claims.get("email"),
        "phone": (claims.get("phone_number") or "").lstrip("+") or None,
        "avatar": claims.get("picture"),
    }
    if known is not None:
        fields = _known_fields(known[0])
    signed_in = int(claims.get("auth_time") or claims["iat"])
    return Account(id=claims["sub"], sid=claims.get("sid"), signed_in=signed_in, **fields)


def _known_fields(user: users.User) -> dict[str, Any]:
    return {
        "name": user.name,
        "username": user.username,
        "email": user.primary_email,
        "phone": user.primary_phone,
        "avatar": user.avatar,
    }


def _set_staff(request: HttpRequest, account: Account, held: Sequence[roles.Role]) -> None:
    """Bring what the person may do in the admin in step with the roles that they hold.

    Without the Management API's word nobody is staff: `held` is empty then.
    """
    level = staff.level_of(role.name for role in held)
    if level is None:
        staff.withdraw(account.id)
        return
    row = staff.keep(account, level)
    auth.login(request, row, backend="django.contrib.auth.backends.ModelBackend")
