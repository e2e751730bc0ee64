"""What the audit trail tells of a profile: that it was changed, and hardly what to."""

import pytest

from accountsite.audit.models import AuditEvent
from tests.conftest import ALICE, API
from tests.profile.conftest import Row

pytestmark = pytest.mark.django_db(transaction=True)


def last() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def test_a_saved_field_is_written_down_without_its_value(alice, logto):
    page = Row(alice, "/profile/nickname/")

    page.send(value="Unmistakable")

    event = last()
    assert (event.action, event.outcome, event.account_id) == ("profile.changed", "done", ALICE)
    assert list(event.changes) == ["nickname"]
    assert "Unmistakable" not in str(event.changes)


def test_a_refused_field_is_written_down_as_refused(alice, logto):
    page = Row(alice, "/profile/nickname/")
    logto.refuses(422, "entity.value_too_long")

    page.send(value="Too much for Logto")

    assert (last().outcome, last().reason) == ("refused", "entity.value_too_long")


def test_a_field_that_logto_may_or_may_not_have_saved_is_written_down_as_unknown(
    alice, logto, wire
):
    page = Row(alice, "/profile/nickname/")
    wire.remove("PATCH", f"{API}/users/{ALICE}/profile")
    wire.patch(f"{API}/users/{ALICE}/profile", status=503)

    page.send(value="Perhaps")

    assert last().outcome == "unknown"


def test_a_field_that_stays_as_it_was_is_no_change(alice, logto):
    page = Row(alice, "/profile/nickname/")

    page.send(value=page.field().get("value", ""))

    assert not AuditEvent.objects.exists()
