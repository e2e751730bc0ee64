"""Which sign-ins come from a new device, and what follows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from accountsite.audit.models import AuditEvent
from accountsite.limits import attempts
from accountsite.recognition import fingerprints, services, telling
from accountsite.recognition.models import KnownDevice
from tests.conftest import ALICE, API
from tests.recognition.conftest import CHROME, FIREFOX, WINDOWS, Logto

pytestmark = pytest.mark.django_db(transaction=True)

HOME, ELSEWHERE = "192.0.2.7", "203.0.113.9"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def seen(
    user_agent: str = CHROME, address: str = HOME, *, ago: float = 0, who: str = ALICE
) -> bool:
    """Hear of a sign-in, so many minutes ago."""
    at = NOW - timedelta(minutes=ago)
    return services.seen(who, user_agent=user_agent, address=address, at=at)


def told() -> list[tuple[str, str | None, datetime]]:
    events = AuditEvent.objects.filter(action="device.new").order_by("pk")
    return list(events.values_list("action", "address", "started_at"))


def test_the_first_device_of_an_account_is_not_new(logto: Logto) -> None:
    assert not seen()

    assert (told(), mail.outbox) == ([], [])
    assert KnownDevice.objects.get().words == "Chrome on Windows"


@pytest.mark.parametrize(
    ("user_agent", "address"),
    [
        (FIREFOX, HOME),
        (CHROME, ELSEWHERE),
        (FIREFOX, "2001:db8::1"),
        ("", ELSEWHERE),
        (FIREFOX, ""),
    ],
)
def test_another_browser_or_another_network_is_new(
    logto: Logto, user_agent: str, address: str
) -> None:
    seen(ago=60)

    assert seen(user_agent, address)

    assert len(told()) == len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("user_agent", "address"),
    [
        (CHROME, HOME),
        (WINDOWS.format(version=157), HOME),
        (CHROME, "192.0.99.200"),
        (CHROME, f"::ffff:{HOME}"),
    ],
)
def test_a_new_version_and_another_house_of_the_same_provider_are_not(
    logto: Logto, user_agent: str, address: str
) -> None:
    seen(ago=60)

    assert not seen(user_agent, address)


def test_the_mail_says_which_device_where_and_when(logto: Logto) -> None:
    seen(ago=60)

    seen(FIREFOX, ELSEWHERE, ago=30)

    [letter] = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert "Firefox" in letter.body
    assert ELSEWHERE in letter.body
    assert "오후 5:30" in letter.body, "her own language, and time, in Seoul"
    assert told() == [("device.new", ELSEWHERE, NOW - timedelta(minutes=30))]


def test_however_often_it_is_told_there_is_one_mail(logto: Logto) -> None:
    seen(ago=60)

    first, *later = [seen(FIREFOX, ELSEWHERE, ago=minutes) for minutes in (10, 10, 5, 20)]

    assert (first, any(later)) == (True, False)
    assert len(told()) == len(mail.outbox) == 1


def test_a_browser_with_two_kinds_of_addresses_is_one_device_in_one_sign_in(logto: Logto) -> None:
    seen(FIREFOX, ago=600)
    seen(address="203.0.113.9", ago=1)

    assert not seen(address="2001:db8::1", ago=1.5)

    assert len(mail.outbox) == 1
    assert seen(address="2001:dead::1", ago=10), "another time it is another device"


def test_a_second_network_of_the_same_kind_is_no_twin(logto: Logto) -> None:
    seen(ago=1)

    assert seen(address=ELSEWHERE, ago=0.5)


def test_what_was_before_everything_we_knew_is_not_new(logto: Logto) -> None:
    seen(ago=10)

    assert not seen(FIREFOX, ELSEWHERE, ago=20)


def test_other_people_s_devices_are_others(logto: Logto) -> None:
    seen(ago=60)

    assert not seen(FIREFOX, who="bob")

    marks = set(KnownDevice.objects.values_list("fingerprint", flat=True))
    seen(CHROME, who="bob")
    assert len(marks | set(KnownDevice.objects.values_list("fingerprint", flat=True))) == 3


def test_nothing_at_all_is_no_device(logto: Logto) -> None:
    assert not seen("", "")

    assert not KnownDevice.objects.exists()


@pytest.mark.parametrize("user_agent", ["\0" * 9, "😀" * 5000, "<b>", "\u202e", "W" * 9999])
@pytest.mark.parametrize("address", ["x" * 500, "fe80::1%eth0", "192.0.2.7"])
def test_whatever_a_client_says_it_is(logto: Logto, user_agent: str, address: str) -> None:
    seen(ago=60)

    seen(user_agent, address)

    assert all(device.words in {"", "Unknown device", "Chrome on Windows"} for device in devices())


def devices() -> list[KnownDevice]:
    return list(KnownDevice.objects.all())


def test_a_clock_that_is_ahead_makes_nothing_of_tomorrow(logto: Logto) -> None:
    seen(ago=-600)

    assert KnownDevice.objects.get().last_seen_at == NOW


def test_neither_address_nor_person_can_be_read_back_from_it(logto: Logto) -> None:
    seen()

    [device] = devices()
    assert len(device.fingerprint) == 64
    assert HOME not in str(device.__dict__)


def test_a_new_secret_key_makes_nothing_new(logto: Logto, settings: Any) -> None:
    seen(FIREFOX, ago=60)
    seen(ago=60)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]

    assert not seen()

    settings.SECRET_KEY_FALLBACKS = []
    assert not seen(), "it goes on under the new one"


def test_there_are_not_more_mails_than_somebody_can_read(logto: Logto) -> None:
    seen(ago=60)

    for number in range(20):
        seen(address=f"198.{number}.0.1", ago=1)

    assert len(mail.outbox) == 5
    assert len(told()) == 20, "the activity tells of each"
    assert telling.tell_missed() == 0


def test_a_mail_waits_while_logto_is_down(logto: Logto) -> None:
    seen(ago=60)
    logto.is_down = True
    seen(FIREFOX)
    assert (mail.outbox, telling.tell_missed()) == ([], 0)

    logto.is_down = False

    assert telling.tell_missed() == 1
    assert telling.tell_missed() == 0
    assert len(mail.outbox) == 1


def test_it_does_not_wait_for_ever(logto: Logto, time_machine: Any) -> None:
    seen(ago=60)
    logto.is_down = True
    seen(FIREFOX)
    logto.is_down = False
    time_machine.move_to(NOW + telling.DUE_FOR + timedelta(minutes=1))

    assert telling.tell_missed() == 0

    assert mail.outbox == []


def test_the_mail_is_not_sent_twice_by_a_task_that_runs_twice(logto: Logto) -> None:
    seen(ago=60)
    seen(FIREFOX)
    device = KnownDevice.objects.get(words="Firefox on Linux")

    telling.tell.call(device.pk)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("changes", [{"primaryEmail": None}, {"isSuspended": True}])
def test_who_can_t_be_written_to_is_not_written_to_for_ever(logto: Logto, changes: Any) -> None:
    logto.person |= changes
    seen(ago=60)

    seen(FIREFOX)

    assert not KnownDevice.objects.filter(event_id__isnull=False).exists()


def test_who_is_gone_gets_no_mail(logto: Logto) -> None:
    seen(ago=60, who="gone")
    logto.wire.get(f"{API}/users/gone", status=404, json={"code": "entity.not_found"})

    assert seen(FIREFOX, who="gone")

    assert (mail.outbox, telling.tell_missed()) == ([], 0)


def test_the_language_of_the_tenant_is_that_of_who_chose_none(logto: Logto) -> None:
    logto.person["profile"] = {}
    seen(ago=60)

    seen(FIREFOX)

    assert mail.outbox[0].subject == "You signed in from a new device"


def test_former_days_are_learned_without_a_word(logto: Logto) -> None:
    seen(ago=60)

    services.learn(ALICE, user_agent=FIREFOX, address=HOME, at=NOW)

    assert (told(), seen(FIREFOX)) == ([], False)


def test_everything_can_be_forgotten(logto: Logto) -> None:
    seen()
    seen(FIREFOX)
    seen(who="bob")

    assert services.forget(ALICE) == 2

    assert [device.account_id for device in devices()] == ["bob"]
    assert services.last_seen_at(ALICE) is None


@pytest.mark.parametrize("address", [HOME, "198.51.100.1"])
def test_all_but_one_can_be_forgotten_known_or_not(logto: Logto, address: str) -> None:
    seen(ago=60)
    seen(FIREFOX, ago=30)

    services.trust_only(ALICE, user_agent=CHROME, address=address)

    assert not seen(CHROME, address)
    assert seen(FIREFOX), "it is new again"


def test_nobody_is_trusted_for_saying_nothing(logto: Logto) -> None:
    seen(ago=60)

    services.trust_only(ALICE, user_agent="", address="")

    assert not seen()
    assert seen(FIREFOX)


def test_what_was_not_seen_for_a_year_is_forgotten_but_the_last_one(
    logto: Logto, time_machine: Any
) -> None:
    seen(ago=60)
    seen(FIREFOX)
    seen(who="bob")
    time_machine.move_to(NOW + services.KEPT + timedelta(minutes=1))

    assert services.forget_unseen() == 1

    assert {(device.account_id, device.words) for device in devices()} == {
        (ALICE, "Firefox on Linux"),
        ("bob", "Chrome on Windows"),
    }
    time_machine.move_to(NOW + services.LONGEST_KEPT + timedelta(days=1))
    assert services.forget_unseen() == 2


@pytest.mark.parametrize(
    ("address", "network", "version"),
    [
        ("192.0.2.7", "192.0.0.0/16", 4),
        ("::ffff:192.0.2.7", "192.0.0.0/16", 4),
        ("2001:db8:1::1", "2001:db8::/32", 6),
        ("fe80::1%eth0", "fe80::/32", 6),
        ("nowhere", "", 0),
        ("", "", 0),
    ],
)
def test_an_address_stands_for_its_provider(address: str, network: str, version: int) -> None:
    found = fingerprints.traits(user_agent=CHROME, address=address)

    assert (found.network, found.ip_version) == (network, version)


def test_its_limits_are_counted_for_the_person_alone(logto: Logto) -> None:
    seen(ago=60)
    for number in range(6):
        seen(address=f"198.{number}.0.1", ago=1)
    mail.outbox.clear()
    logto.also("bob")
    seen(who="bob", ago=60)

    seen(FIREFOX, who="bob")

    assert len(mail.outbox) == 1
    assert attempts.wait(attempts.Kind.NEW_DEVICE, account=ALICE) > 0
