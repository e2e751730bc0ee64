"""What did not arrive is fetched from Logto's own log."""

import json
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from accountsite.audit.models import AuditEvent
from accountsite.logto import errors
from accountsite.webhooks import reconciling
from accountsite.webhooks.models import Delivery, State
from tests.conftest import API
from tests.webhooks.conftest import SECRET, by_management, by_person

pytestmark = pytest.mark.django_db(transaction=True)

HOOK = {
    "id": "hook-1",
    "name": "Account settings",
    "events": ["PostSignIn"],
    "config": {"url": "http://localhost:8000/webhooks/logto/"},
    "signingKey": SECRET,
    "enabled": True,
    "createdAt": 1795230406592,
}


@pytest.fixture
def logs(wire):
    """What Logto says it sent, newest first; the requests for it are in `wire.calls`."""
    sent = []

    def answer(_request):
        rows = [
            {
                "id": f"log-{number}",
                "key": f"TriggerHook.{body['event']}",
                "payload": {"result": "Error", "hookRequest": {"body": body}},
                "createdAt": 1795230406592,
            }
            for number, body in enumerate(sent)
        ]
        return 200, {"Total-Number": str(len(rows))}, json.dumps(rows)

    wire.add_callback("GET", f"{API}/hooks/hook-1/recent-logs", answer)
    return sent


@pytest.fixture
def hook(wire):
    return lambda **changes: wire.get(f"{API}/hooks", json=[HOOK | changes])


def asked_after(wire):
    url = next(
        call.request.url for call in reversed(wire.calls) if "recent-logs" in call.request.url
    )
    return int(parse_qs(urlsplit(url).query)["start_time"][0])


def test_what_was_missed_is_taken_and_has_its_effect(logs, hook):
    hook()
    logs.append(by_person("PostResetPassword"))

    assert reconciling.reconcile() == 1

    delivery = Delivery.objects.get()
    assert (delivery.was_missed, delivery.state) == (True, State.DONE)
    assert AuditEvent.objects.get().action == "password.reset"


def test_what_arrived_is_not_taken_again(deliver, logs, hook):
    hook()
    body = by_person("PostResetPassword")
    deliver(body)
    logs.append(dict(sorted(body.items())))

    assert reconciling.reconcile() == 0
    assert AuditEvent.objects.count() == 1


def test_it_may_be_older_than_what_arrives_by_itself(logs, hook, clock):
    hook()
    logs.append(by_management("User.Deleted"))
    clock.shift(timedelta(hours=20))

    reconciling.reconcile()

    assert Delivery.objects.get().state == State.DONE


def test_each_time_only_what_came_since_is_asked_for(logs, hook, wire, clock):
    hook()
    reconciling.reconcile()
    first = asked_after(wire)
    clock.shift(timedelta(hours=2))

    reconciling.reconcile()

    passed = (asked_after(wire) - first) / 1000
    assert timedelta(seconds=passed) > timedelta(hours=20)


@pytest.mark.parametrize("change", [{"enabled": False}, {"config": {"url": "https://else.test/"}}])
def test_other_webhooks_are_none_of_our_business(hook, wire, change):
    hook(**change)

    assert reconciling.reconcile() == 0
    assert not any("recent-logs" in call.request.url for call in wire.calls)


def test_without_a_key_nothing_is_asked(settings, wire):
    settings.WEBHOOK_SECRETS = []

    assert reconciling.reconcile() == 0
    assert not wire.calls


def test_what_holds_no_event_is_passed_over(logs, hook):
    hook()
    logs.extend([{"event": ""}, by_person("PostSignIn")])

    assert reconciling.reconcile() == 1


def test_an_outage_is_an_outage(wire):
    wire.get(f"{API}/hooks", status=500)

    with pytest.raises(errors.Unavailable):
        reconciling.reconcile()


def reconcile_webhooks():
    out, err = StringIO(), StringIO()
    call_command("reconcile_webhooks", stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def test_the_command_tells_how_many(logs, hook):
    hook()
    logs.append(by_person("PostSignIn"))

    assert reconcile_webhooks() == "1 webhooks fetched.\n"


def test_the_command_says_when_the_keys_differ_or_the_webhook_is_off(logs, hook):
    hook(signingKey="another", enabled=False)

    told = reconcile_webhooks()

    assert "signs with another key" in told
    assert "is switched off" in told


def test_the_command_says_what_keeps_it_from_working(wire, settings):
    wire.get(f"{API}/hooks", json=[])
    with pytest.raises(CommandError, match="No webhook of the tenant sends to"):
        reconcile_webhooks()

    settings.WEBHOOK_SECRETS = []
    with pytest.raises(CommandError, match="LOGTO_WEBHOOK_SECRET is not set"):
        reconcile_webhooks()


def test_the_command_says_that_logto_is_down(wire):
    wire.get(f"{API}/hooks", status=500)

    with pytest.raises(CommandError, match="Logto could not be asked"):
        reconcile_webhooks()
