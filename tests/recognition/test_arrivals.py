"""What a sign-in at this site tells of devices."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.logto import logs
from accountsite.recognition import arrivals, services
from accountsite.recognition.models import KnownDevice
from accountsite.signin import oidc, signals
from tests.conftest import ALICE, API
from tests.recognition.conftest import CHROME, FIREFOX, Logto
from tests.signin.issuer import Issuer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def issuer(wire: Any, logto: Logto) -> Issuer:
    oidc._client.cache_clear()
    wire.get(f"{API}/users/{ALICE}/roles", json=[])
    return Issuer(wire)


def sign_in(issuer: Issuer, *, user_agent: str = CHROME, address: str = "192.0.2.7") -> None:
    """Sign alice in with this browser."""
    client = Client(headers={"User-Agent": user_agent}, REMOTE_ADDR=address)
    assert issuer.call_back(client)["Location"] == "/"


def words() -> set[str]:
    return set(KnownDevice.objects.values_list("words", flat=True))


def knew(user_agent: str = CHROME, address: str = "192.0.2.7", at: datetime = YESTERDAY) -> None:
    services.learn(ALICE, user_agent=user_agent, address=address, at=at)


def test_the_first_sign_in_here_is_remembered(issuer: Issuer) -> None:
    sign_in(issuer)

    assert words() == {"Chrome on Windows"}
    assert mail.outbox == []


def test_one_from_another_device_is_told_by_mail(issuer: Issuer) -> None:
    knew()

    sign_in(issuer, user_agent=FIREFOX)

    event = AuditEvent.objects.get(action="device.new")
    assert (event.device, event.address) == ("Firefox on Linux", "192.0.2.7")
    assert len(mail.outbox) == 1


def test_the_webhook_of_the_same_sign_in_tells_nothing_more(issuer: Issuer) -> None:
    knew()
    at = NOW + timedelta(milliseconds=700)
    services.seen(ALICE, user_agent=FIREFOX, address="192.0.2.7", at=at)

    sign_in(issuer, user_agent=FIREFOX)

    services.seen(ALICE, user_agent=FIREFOX, address="192.0.2.7", at=at)
    assert len(mail.outbox) == 1


def test_sign_ins_elsewhere_since_the_last_one_are_caught_up_with(
    issuer: Issuer, logto: Logto
) -> None:
    knew()
    stolen_at = NOW - timedelta(hours=2)
    logto.signed_in(user_agent=FIREFOX, address="203.0.113.9", at=stolen_at)

    sign_in(issuer)

    event = AuditEvent.objects.get(action="device.new")
    assert (event.address, event.started_at) == ("203.0.113.9", stolen_at)
    assert len(mail.outbox) == 1
    [asked] = logto.asked
    assert asked["logKey"] == [logs.Key.SIGN_IN]
    assert asked["userId"] == [ALICE]
    assert asked["start_time"] == [str(int(YESTERDAY.timestamp() * 1000))]


def test_who_was_never_here_before_is_only_got_to_know(issuer: Issuer, logto: Logto) -> None:
    logto.signed_in(user_agent=FIREFOX, address="203.0.113.9", at=YESTERDAY)
    before = YESTERDAY - timedelta(days=1)
    logto.signed_in(user_agent=FIREFOX, address="198.51.100.1", at=before)

    sign_in(issuer)

    assert words() == {"Chrome on Windows", "Firefox on Linux"}
    assert not AuditEvent.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("payload", [{"result": "Error"}, {"userId": "bob"}])
def test_only_sign_ins_of_the_person_count(issuer: Issuer, logto: Logto, payload: Any) -> None:
    knew()
    logto.signed_in(user_agent=FIREFOX, address="203.0.113.9", at=YESTERDAY, **payload)

    sign_in(issuer)

    assert words() == {"Chrome on Windows"}


def test_the_log_is_looked_into_for_some_months_at_most(issuer: Issuer, logto: Logto) -> None:
    knew(at=NOW - timedelta(days=400))

    sign_in(issuer)

    [asked] = logto.asked
    oldest = NOW - arrivals.LOOK_BACK
    assert asked["start_time"] == [str(int(oldest.timestamp() * 1000))]


def test_an_outage_of_the_log_keeps_nobody_out(issuer: Issuer, logto: Logto) -> None:
    knew()
    logto.wire.replace("GET", f"{API}/logs", status=503)

    sign_in(issuer, user_agent=FIREFOX)

    assert len(mail.outbox) == 1


def test_trouble_with_what_follows_keeps_nobody_out(issuer: Issuer, caplog: Any) -> None:
    def trouble(**_told: Any) -> None:
        raise RuntimeError

    signals.signed_in.connect(trouble)
    try:
        sign_in(issuer)
    finally:
        signals.signed_in.disconnect(trouble)

    assert words() == {"Chrome on Windows"}
    assert "RuntimeError" in caplog.text
