"""Connecting an account elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from django.utils.translation import gettext as _

from accountsite.audit import fields, trail
from accountsite.audit.actions import Action
from accountsite.connections import endings, offers, overview
from accountsite.connections.endings import Ended, Ending
from accountsite.connections.offers import Missing, Way
from accountsite.connections.trips import Trip
from accountsite.limits import attempts
from accountsite.limits.attempts import TooMany
from accountsite.limits.rules import Kind
from accountsite.logto import account_api, connectors, errors, identities, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.identities import Identity
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards
from accountsite.ways import services as ways

# What a provider says when the person there said no. RFC 6749 has the first; the others are those
# of Apple and LinkedIn.
DENIALS = frozenset({"access_denied", "user_cancelled_authorize", "user_cancelled_login"})
MOST_PARAMETERS = 40
MOST_CHARACTERS = 16_000


class AlreadyConnected(Refusal):
    """Another account of this provider is connected; the person has to say that it may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccess:
    """What only the person has: their token, and Logto's record that it's still them."""

    token: str = field(repr=False)
    proof: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where to send the person, and what their answer will need."""

    url: str = field(repr=False)
    way: Way
    record: str = field(default="", repr=False)


def depart(trip: Trip, own: OwnAccess | None) -> Departure:
    """Ask where this trip leads.

    Raises Ended, TooMany, and Unavailable: nothing has begun then.
    """
    attempts.count(Kind.CONNECTION, account=trip.account_id)
    redirect_uri = offers.callback_url(trip.target)
    sent = {"connector_id": trip.connector_id, "state": trip.state, "redirect_uri": redirect_uri}
    if own is not None:
        try:
            start = account_api.start_social(own.token, **sent)
        except (errors.Rejected, errors.NotOffered) as error:
            if trip.needs_own_access:
                raise _told(trip, error) from error
        else:
            return Departure(url=start.url, way=Way.ACCOUNT, record=start.verification.id)
    try:
        url = connectors.authorization_uri(**sent)
    except errors.Rejected as error:
        raise _told(trip, error) from error
    return Departure(url=url, way=Way.MANAGEMENT)


def check_answer(trip: Trip, answer: Mapping[str, str]) -> None:
    """Raise Ended for an answer that connects nothing, without asking Logto."""
    size = sum(len(name) + len(value) for name, value in answer.items())
    if len(answer) > MOST_PARAMETERS or size > MOST_CHARACTERS:
        raise Ended(Ending.FAILED, provider=trip.provider)
    if answer.get("error") in DENIALS:
        raise Ended(Ending.DENIED, provider=trip.provider)
    if "error" in answer:
        raise Ended(Ending.FAILED, provider=trip.provider)


def connect(trip: Trip, answer: Mapping[str, str], token: str) -> Identity | None:
    """Connect the account that the provider's answer is about, and tell the person by mail.

    Gives who they are there, where Logto says it. Raises AlreadyConnected, Ended, Busy,
    AccountEnded and Unavailable.
    """
    data = _data(trip, answer)
    with ways.one_at_a_time(trip.account_id):
        user, known, _verified = parallel.gather(
            lambda: guards.person(trip.account_id),
            tenant.current,
            lambda: _verify(trip, token, data),
        )
        if known.access(Control.SOCIAL) is not Access.EDIT:
            raise unable(trip, Missing.CONTROL)
        current = overview.identity(user, trip.target)
        if current is not None and current.subject != trip.replaces:
            raise AlreadyConnected
        return _bind(trip, user, current, token, data)


def replace(trip: Trip, token: str, *, shown: str) -> Identity | None:
    """The same after the person agreed to lose the connection to `shown`, an id at the provider.

    Raises Ended, Busy, AccountEnded and Unavailable.
    """
    data = _data(trip, trip.answer or {})
    with ways.one_at_a_time(trip.account_id):
        user, known = parallel.gather(lambda: guards.person(trip.account_id), tenant.current)
        if known.access(Control.SOCIAL) is not Access.EDIT:
            raise unable(trip, Missing.CONTROL)
        current = overview.identity(user, trip.target)
        if current is not None and current.subject != shown:
            raise Ended(Ending.REFUSED, reason=_changed(trip))
        return _bind(trip, user, current, token, data)


def note_refusal(account_id: str, refusal: Ended) -> None:
    """Write down what may have been an attack, not more often than trips are allowed."""
    if refusal.ending not in endings.SUSPICIOUS:
        return
    try:
        attempts.count(Kind.CONNECTION, account=account_id)
    except TooMany:
        return
    trail.refused(Action.CONNECTION_ADDED, account_id, refusal.code)


def _bind(
    trip: Trip, user: users.User, current: Identity | None, token: str, data: Mapping[str, str]
) -> Identity | None:
    action = Action.CONNECTION_REPLACED if current else Action.CONNECTION_ADDED
    before = told(trip.provider, current) if current else None
    values = {"connection": (before, trip.provider)}
    with trail.change(action, trip.account_id, values=values) as event, _refusals(trip):
        if trip.way == Way.ACCOUNT:
            call = account_api.replace_identity if current else account_api.link_identity
            call(token, verification_id=trip.record, proof=trip.proof or None)
            bound = None
        else:
            every = identities.link(trip.account_id, connector_id=trip.connector_id, data=data)
            bound = next((each for each in every if each.target == trip.target), None)
    if current is None or bound is None or bound.subject != current.subject:
        notices.announce(event, user.primary_email)
    return bound


def _verify(trip: Trip, token: str, data: Mapping[str, str]) -> None:
    """Let Logto ask the provider now, where that is a step of its own."""
    if trip.way == Way.ACCOUNT:
        with _refusals(trip):
            account_api.finish_social(token, verification_id=trip.record, data=data)


def _data(trip: Trip, answer: Mapping[str, str]) -> dict[str, str]:
    """The answer as connectors want it: some insist on the address that it was sent to."""
    return {**answer, "redirectUri": offers.callback_url(trip.target)}


@contextmanager
def _refusals(trip: Trip) -> Iterator[None]:
    """What Logto can say no to, in the person's words."""
    try:
        yield
    except (errors.Rejected, errors.NotOffered) as error:
        raise _told(trip, error) from error


def _told(trip: Trip, error: errors.LogtoError) -> Exception:
    """What the refusal is to the person; the refusal itself where it is none of their business."""
    provider = trip.provider
    match error:
        case errors.IdentityInUse(status=HTTPStatus.BAD_REQUEST):
            # The Account API's word for this very account, connected a moment ago.
            return Ended(Ending.REFUSED, reason=_changed(trip))
        case errors.IdentityInUse():
            return Ended(Ending.IN_USE, provider=provider)
        case errors.ProofNotFound():
            return Ended(Ending.EXPIRED, provider=provider)
        case errors.TooManyRequests():
            return Ended(Ending.UNREACHABLE, provider=provider)
    if missing := offers.of_refusal(error):
        return unable(trip, missing)
    # Besides those that we know, connectors have more codes for what a provider gets wrong.
    is_providers = getattr(error, "code", "").startswith("connector.")
    return Ended(Ending.FAILED, provider=provider) if is_providers else error


def unable(trip: Trip, missing: Missing) -> Ended:
    """That it can't be connected for want of something."""
    reason = offers.for_person(missing)
    return Ended(Ending.UNAVAILABLE, provider=trip.provider, reason=reason, missing=missing.value)


def _changed(trip: Trip) -> str:
    words = {"provider": trip.provider}
    return _("Your connection to %(provider)s was changed elsewhere meanwhile.") % words


def told(provider: str, identity: Identity) -> str:
    """A connection as the audit trail keeps it: enough to recognize it by."""
    label = identity.label
    masked = fields.email(label) if "@" in label else fields.name(label)
    return f"{provider} ({masked})"
