"""The mail about a new device. It is due until it is queued, so that no outage of Logto eats it."""

import logging
from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from accountsite import origin
from accountsite.audit.models import AuditEvent
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import errors, tenant, users
from accountsite.notices import delivery as notices
from accountsite.recognition.models import KnownDevice
from accountsite.signin import preferences

logger = logging.getLogger(__name__)

AT_ONCE = 100
DUE_FOR = timedelta(days=2)


@task
def tell(device_id: int) -> None:
    """Queue the mail about one device. What fails now is done by `tell_missed`."""
    device = KnownDevice.objects.filter(pk=device_id, event_id__isnull=False).first()
    if device is None:
        return
    try:
        _tell(device)
    except errors.LogtoError as error:
        logger.warning("the mail about device %s waits: %s", device_id, error)


def tell_missed() -> int:
    """Queue the mails that are due, and give up on old ones. Tells how many it queued.

    It ends when Logto does not answer: the others would wait for it in vain.
    """
    due = KnownDevice.objects.filter(event_id__isnull=False)
    due.filter(last_seen_at__lt=timezone.now() - DUE_FOR).update(event_id=None)
    told = 0
    for device in due.order_by("pk")[:AT_ONCE]:
        try:
            _tell(device)
        except errors.LogtoError:
            break
        told += 1
    return told


def _tell(device: KnownDevice) -> None:
    """Find out where to write to, and in which language. Twice is once: see `announce`.

    Raises Unavailable.
    """
    try:
        user = users.get(device.account_id)
    except errors.NotFound:
        user = None
    event = AuditEvent.objects.of(device.account_id).filter(pk=device.event_id or 0).first()
    if user and event and _may_write(device):
        liked = preferences.from_profile(user.profile.locale, user.profile.zoneinfo)
        notices.announce(
            event,
            user.primary_email,
            language=liked.get("language") or _language_of_tenant(),
            time_zone=liked.get("time_zone", ""),
        )
    KnownDevice.objects.filter(pk=device.pk, event_id=device.event_id).update(event_id=None)


def _may_write(device: KnownDevice) -> bool:
    """Whether it is not too many mails: somebody who comes from everywhere is told of often enough.

    What is not written stands in the activity all the same.
    """
    try:
        with origin.bound(origin.NOWHERE):  # whoever signed in from there must not use up mails
            attempts.count(Kind.NEW_DEVICE, account=device.account_id)
    except attempts.TooMany:
        logger.warning("too many new devices of %s: no mail about %s", device.account_id, device.pk)
        return False
    return True


def _language_of_tenant() -> str:
    known = tenant.cached()
    return preferences.supported(known.sign_in_experience.fallback_language if known else "")
