"""Who did what an event tells of, and telling it: in the audit trail, and by mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accountsite import origin
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.fields import Values
from accountsite.audit.models import ActorKind, AuditEvent
from accountsite.logto import transport
from accountsite.notices import delivery as mails
from accountsite.signin import preferences
from accountsite.webhooks.bodies import Body
from accountsite.webhooks.models import Delivery
from accountsite.webhooks.words import Effect

# Between our own call and the time that Logto gives its event, by a clock that may be wrong.
OURS_WITHIN = timedelta(minutes=5)


def way(body: Body) -> str:
    """By which way something was changed, in Logto's own terms.

    The Console calls the Management API from the admin's browser; programs don't call themselves
    Mozilla, as every browser does.
    """
    if not body.route:
        return "Account API"
    if body.user_agent.startswith("Mozilla/"):
        return "Logto Console"
    return f"Management API: {body.method} {body.route}"


def is_by_this_site(body: Body) -> bool:
    """Whether it was a call of this site, by its own word."""
    return body.user_agent == transport.USER_AGENT


def is_ours(body: Body, *actions: Action) -> bool:
    """Whether this site did it itself, a moment ago, and wrote it down."""
    then = at(body)
    near = Q(started_at__gte=then - OURS_WITHIN, started_at__lte=then + OURS_WITHIN)
    own = AuditEvent.objects.of(body.account_id).filter(near).exclude(actor_kind=ActorKind.LOGTO)
    if actions:
        own = own.filter(action__in=actions)
    return is_by_this_site(body) and own.exists()


def was_told(account_id: str, action: Action) -> bool:
    """Whether it stands in the trail, whoever wrote it."""
    return bool(AuditEvent.objects.of(account_id).filter(action=action).exists())


def at(body: Body) -> datetime:
    """When it happened, as far as the body says it."""
    return body.created_at or timezone.now()


def told(  # noqa: PLR0913 - each tells something else of the event
    delivery: Delivery,
    body: Body,
    action: Action,
    *,
    values: Values | None = None,
    actor: trail.Actor = trail.LOGTO,
    account_id: str = "",
    with_origin: bool = False,
    explanation: str = "",
) -> AuditEvent:
    """Write it into the trail, once for each delivery.

    Where it came from is told if that was the person's own browser; an admin's, or a program's, is
    nothing for the person to read.
    """
    account_id = account_id or body.account_id
    own = AuditEvent.objects.filter(request_id=delivery.correlation_id, action=action)
    known: AuditEvent | None = own.first()
    if known is not None:
        return known
    here = origin.NOWHERE
    if with_origin:
        here = origin.Origin.of(address=body.address, user_agent=body.user_agent)
    with origin.bound(here):
        return trail.record(
            action,
            account_id,
            values=values,
            actor=actor,
            explanation=explanation,
            at=body.created_at,
        )


def mail(event: AuditEvent, body: Body) -> list[Effect]:
    """Tell the person of the body, if they have an email address."""
    user = body.user or {}
    given = user.get("profile")
    profile = given if isinstance(given, dict) else {}
    announce(event, body.email, locale=profile.get("locale"), zone=profile.get("zoneinfo"))
    return [Effect.MAILED] if body.email else []


def announce(
    event: AuditEvent, address: str | None, *, locale: str | None, zone: str | None
) -> None:
    """Tell whoever has this address, in the language and time zone of their profile."""
    mails.announce(
        event,
        address,
        language=preferences.supported(locale or "") or settings.LANGUAGE_CODE,
        time_zone=preferences.known_zone(zone or "") or settings.TIME_ZONE,
    )
