"""Receiving deliveries, and working them off.

A delivery is stored and acknowledged; a task does the rest. What a task left undone, the schedule
does: `process_due`. Only what ends sessions is done before the answer.
"""

import hashlib
import hmac
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.tasks import task
from django.utils import timezone

from accountsite import measurements
from accountsite.limits import turns
from accountsite.logto import correlation, errors
from accountsite.webhooks import effects
from accountsite.webhooks.bodies import Body
from accountsite.webhooks.models import MOST_ATTEMPTS, Delivery, State
from accountsite.webhooks.words import Effect

logger = logging.getLogger(__name__)

AT_ONCE = 200  # deliveries in one round of the scheduled job
LEASE = 60  # seconds that one delivery may take
PATIENCE = 40  # looks at whether another delivery of the same account is done
LATER = (errors.LogtoError, DatabaseError, OSError, turns.Busy, effects.NotYet)
PAUSE = 0.05  # seconds between two of them


def is_signed(raw: bytes, signature: str) -> bool:
    """Whether one of our keys made this signature of exactly these bytes.

    A comparison takes the same time, whatever differs.
    """
    given = signature.encode("utf-8", "replace")
    made = [
        hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode()
        for secret in settings.WEBHOOK_SECRETS
    ]
    return any(hmac.compare_digest(given, right) for right in made)


def receive(raw: bytes) -> Delivery:
    """Keep what arrived, and have it worked off. The same content twice is one delivery.

    Raises Malformed, and DatabaseError if it could not be kept.
    """
    body = Body.parse(raw)
    delivery, is_new = keep(body)
    if is_new:
        begin(delivery, body)
    return delivery


def keep(body: Body, *, was_missed: bool = False) -> tuple[Delivery, bool]:
    """The delivery with this content, and whether it is new."""
    delivery, is_new = Delivery.objects.get_or_create(
        digest=body.digest,
        defaults={
            "event": body.event,
            "account_id": body.account_id,
            "hook_id": body.hook_id,
            "body": Delivery.sealed(body.content),
            "created_at": body.created_at,
            "was_missed": was_missed,
            "state": _first_state(body, was_missed=was_missed),
        },
    )
    count(body.event, "repeated" if not is_new else "fetched" if was_missed else "kept")
    return delivery, is_new


def count(event: str, outcome: str) -> None:
    """Measure what came of a delivery; `outcome` is one of `measurements.WEBHOOKS`.

    Anybody can send an event of any name: those that we have no use for are one.
    """
    known = event if effects.is_known(event) else measurements.OTHER
    measurements.tell(measurements.Webhook(event=known, outcome=outcome))


def begin(delivery: Delivery, body: Body) -> None:
    """Do at once what can't wait, and the rest later. Nothing is raised: it is kept already."""
    if delivery.state != State.WAITING:
        return
    try:
        if done := effects.urgent(delivery, body):
            delivery.effects = done
            delivery.save(update_fields=["effects"])
        process.enqueue(delivery.pk)
    except DatabaseError:
        logger.exception("webhook %s waits for the schedule", delivery.pk)


@task
def process(delivery_id: int) -> None:
    """Work off one delivery, unless that was done or is being done."""
    _try(delivery_id)


def process_due() -> int:
    """Work off what waits, the oldest event first. Tells how many were tried."""
    due = Delivery.objects.due().order_by("created_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        _try(key)
    return len(keys)


def process_again(delivery: Delivery) -> bool:
    """Work off one that was done or failed, as if it were new. False if its body is gone.

    What is in the trail stays there once, and nobody gets a mail twice.
    """
    if delivery.content() is None:
        return False
    delivery.state, delivery.attempts, delivery.error = State.WAITING, 0, ""
    delivery.next_attempt_at = timezone.now()
    delivery.save(update_fields=["state", "attempts", "error", "next_attempt_at"])
    process.enqueue(delivery.pk)
    return True


def forget_old() -> int:
    """Delete the deliveries of long ago. Tells how many."""
    forgotten: int = Delivery.objects.old().delete()[0]
    return forgotten


def _first_state(body: Body, *, was_missed: bool) -> State:
    """What was fetched may be older: nobody can replay what we asked Logto for."""
    if not effects.is_known(body.event):
        return State.UNKNOWN
    oldest = timezone.now() - timedelta(seconds=settings.WEBHOOK_MAX_AGE_SECONDS)
    is_fresh = body.created_at is not None and body.created_at >= oldest
    return State.WAITING if is_fresh or was_missed else State.TOO_OLD


def _try(delivery_id: int) -> None:
    delivery = Delivery.objects.due().filter(pk=delivery_id).first()
    if delivery is None or not delivery.claimed():
        return
    with correlation.bound(delivery.correlation_id):
        try:
            done = _in_turn(delivery)
        except LATER as error:
            _failed(delivery, error, is_final=delivery.attempts >= MOST_ATTEMPTS)
        except Exception as error:
            logger.exception("webhook %s can't be processed", delivery.pk)
            _failed(delivery, error, is_final=True)
        else:
            _done(delivery, done)


def _in_turn(delivery: Delivery) -> effects.Effects:
    """One delivery of an account at a time: they are about the same things. Raises turns.Busy."""
    content = delivery.content()
    if content is None:
        return [Effect.OVERTAKEN]
    body = Body.of(content)
    for attempt in range(PATIENCE):
        try:
            with turns.alone(f"webhook:{body.account_id or delivery.pk}", seconds=LEASE):
                return effects.apply(delivery, body)
        except turns.Busy:
            if attempt == PATIENCE - 1:
                raise
            time.sleep(PAUSE)
    raise AssertionError


def _done(delivery: Delivery, done: effects.Effects) -> None:
    # What was done before the answer was done by this delivery too.
    delivery.effects = list(dict.fromkeys([*map(str, delivery.effects), *map(str, done)]))
    delivery.state, delivery.processed_at, delivery.error = State.DONE, timezone.now(), ""
    delivery.save(update_fields=["state", "effects", "processed_at", "error"])
    count(delivery.event, "done")
    logger.info("webhook %s %s: %s", delivery.pk, delivery.event, delivery.effects)


def _failed(delivery: Delivery, error: Exception, *, is_final: bool) -> None:
    """Errors are named, not quoted: their texts may hold what the body holds."""
    delivery.state = State.FAILED if is_final else State.WAITING
    delivery.error = " ".join(filter(None, [type(error).__name__, getattr(error, "code", "")]))[
        :100
    ]
    delivery.save(update_fields=["state", "error"])
    count(delivery.event, "failed" if is_final else "delayed")
    logger.warning(
        "webhook %s %s after attempt %d: %s",
        delivery.pk,
        delivery.state,
        delivery.attempts,
        delivery.error,
    )
