"""Asking Logto what it sent, and catching up on what did not arrive.

Logto 1.42 tries each delivery once, and does not repeat one that failed (measured). Its log of a
webhook's deliveries holds their bodies.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accountsite.logto import errors, hooks
from accountsite.webhooks import bodies, services
from accountsite.webhooks.models import Reconciliation

logger = logging.getLogger(__name__)

FIRST_TIME = timedelta(days=1)
# Logto writes its log after the answer, or after ten seconds without one.
OVERLAP = timedelta(minutes=5)


def url() -> str:
    """Where webhooks are to be sent to."""
    return f"{settings.SITE_URL}{reverse('webhooks:logto')}"


def ours() -> tuple[hooks.Hook, ...]:
    """The tenant's webhooks that send here. Raises LogtoError."""
    return tuple(hook for hook in hooks.every(with_counts=True) if hook.url == url())


def reconcile() -> int:
    """Take what was sent since the last time and did not arrive. Tells how many that were.

    Does nothing while no key is set. Raises LogtoError.
    """
    if not settings.WEBHOOK_SECRETS:
        return 0
    return sum(_reconcile(hook) for hook in ours() if hook.is_enabled)


def _reconcile(hook: hooks.Hook) -> int:
    now = timezone.now()
    last = Reconciliation.objects.filter(pk=hook.id).first()
    after = last.until - OVERLAP if last else now - FIRST_TIME
    taken = sum(map(_take, _sent(hook, after)))
    Reconciliation.objects.update_or_create(pk=hook.id, defaults={"until": now})
    if taken:
        logger.warning("%d webhooks had not arrived, and were fetched", taken)
    return taken


def _sent(hook: hooks.Hook, after: datetime) -> tuple[hooks.Delivery, ...]:
    """Oldest first, as they would have arrived. None for a hook that is just being removed."""
    try:
        return tuple(reversed(hooks.deliveries(hook.id, after=after)))
    except errors.NotFound:
        return ()


def _take(sent: hooks.Delivery) -> bool:
    """Keep it, and work it off, if it is not known. Whether it was not."""
    try:
        body = bodies.Body.of(sent.body)
    except bodies.Malformed:
        return False
    delivery, is_new = services.keep(body, was_missed=True)
    if is_new:
        services.begin(delivery, body)
    return is_new
