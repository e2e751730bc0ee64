"""Remembering devices, and noticing new ones.

    recognition.seen(account_id, user_agent=…, address=…, at=…)

Whoever hears of a sign-in says so, as often as they like: the webhook of the tenant, the sign-in at
this site, and the look into Logto's log that follows it.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from accountsite import origin
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.origin import Origin
from accountsite.recognition import fingerprints, telling
from accountsite.recognition.fingerprints import Traits
from accountsite.recognition.models import KnownDevice

# A browser with both kinds of addresses shows one to Logto and the other here, in one sign-in.
SAME_SIGN_IN = timedelta(minutes=2)
KEPT = timedelta(days=365)
LONGEST_KEPT = 3 * KEPT


def seen(account_id: str, *, user_agent: str, address: str, at: datetime) -> bool:
    """Hear of a sign-in, once or several times. Whether it came from a new device.

    Then it stands in the audit trail, at its own time, and a mail goes out. The first device of an
    account is not new. Nothing of Logto is asked, and no database transaction may be open.
    """
    found = fingerprints.traits(user_agent=user_agent, address=address)
    if not found.words and not found.network:
        return False
    at = min(at, timezone.now())
    with transaction.atomic():
        device, is_first_time = _remembered(account_id, found, at)
        if not is_first_time or not _is_new(device):
            return False
        with origin.bound(Origin.of(address=address, user_agent=user_agent)):
            event = trail.record(Action.NEW_DEVICE, account_id, at=at)
        device.event_id = event.pk
        device.save(update_fields=["event_id"])
    telling.tell.enqueue(device.pk)
    return True


def learn(account_id: str, *, user_agent: str, address: str, at: datetime) -> None:
    """Remember a device of former days, without a word to anybody."""
    found = fingerprints.traits(user_agent=user_agent, address=address)
    if found.words or found.network:
        _remembered(account_id, found, min(at, timezone.now()))


def last_seen_at(account_id: str) -> datetime | None:
    """When the newest sign-in was that we heard of; None if there was none."""
    devices = KnownDevice.objects.filter(account_id=account_id)
    newest: datetime | None = devices.aggregate(at=models.Max("last_seen_at"))["at"]
    return newest


def forget(account_id: str) -> int:
    """Delete everything that is known of a person's devices. Tells how many there were."""
    return KnownDevice.objects.filter(account_id=account_id).delete()[0]


def trust_only(account_id: str, *, user_agent: str, address: str) -> None:
    """Forget all devices but this one, which is known from now on: any other is new again.

    Without this one the account would have no device, and the next one would be no news.
    """
    found = fingerprints.traits(user_agent=user_agent, address=address)
    if not found.words and not found.network:
        return
    device, _is_first_time = _remembered(account_id, found, timezone.now())
    KnownDevice.objects.filter(account_id=account_id).exclude(pk=device.pk).delete()


def forget_unseen() -> int:
    """Delete the devices that were not seen for a year. Tells how many.

    The last one of an account stays for longer, as without any the next one would not be new.
    """
    now = timezone.now()
    later = KnownDevice.objects.filter(
        account_id=models.OuterRef("account_id"), last_seen_at__gt=models.OuterRef("last_seen_at")
    )
    old = KnownDevice.objects.filter(last_seen_at__lt=now - KEPT)
    old = old.filter(models.Exists(later) | models.Q(last_seen_at__lt=now - LONGEST_KEPT))
    return old.delete()[0]


def _remembered(account_id: str, found: Traits, at: datetime) -> tuple[KnownDevice, bool]:
    """The device, and whether nobody had heard of it. Of two who tell at once, one is the first."""
    fingerprint, *former = found.fingerprints(account_id)
    devices = KnownDevice.objects.filter(account_id=account_id)
    if former and not devices.filter(fingerprint=fingerprint).exists():
        devices.filter(fingerprint__in=former).update(fingerprint=fingerprint)
    device, is_first_time = devices.get_or_create(
        account_id=account_id,
        fingerprint=fingerprint,
        defaults={
            "words": found.words,
            "ip_version": found.ip_version,
            "first_seen_at": at,
            "last_seen_at": at,
        },
    )
    if not is_first_time:
        devices.filter(pk=device.pk, last_seen_at__lt=at).update(last_seen_at=at)
        devices.filter(pk=device.pk, first_seen_at__gt=at).update(first_seen_at=at)
    return device, is_first_time


def _is_new(device: KnownDevice) -> bool:
    """Whether the person had others before, none of which can be the same one in this sign-in."""
    at = device.first_seen_at
    others = KnownDevice.objects.filter(account_id=device.account_id).exclude(pk=device.pk)
    twins = others.exclude(ip_version=device.ip_version).filter(
        words=device.words, last_seen_at__range=(at - SAME_SIGN_IN, at + SAME_SIGN_IN)
    )
    return others.filter(first_seen_at__lte=at).exists() and not twins.exists()
