"""Trusted devices, where the tenant has them."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.conftest import HTMX
from tests.devices.conftest import IPHONE, Logto, html, text_of
from tests.logto import answers

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/devices/trusted/one/"


def device(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "userAgent": IPHONE,
        "createdAt": answers.NOW,
        "expiresAt": answers.NOW + 30 * 86_400_000,
        **changes,
    }


@pytest.fixture
def one(logto: Logto) -> Logto:
    logto.trusted = [device("one")]
    return logto


def rows(page: Any) -> list[str]:
    return [text_of(row) for row in page.find_all(class_="row")]


def test_where_the_tenant_has_none_there_is_no_such_section(
    alice: Client, browse: Any, logto: Logto
) -> None:
    page = browse(alice, "/devices/")

    assert page.find(id="trusted") is None
    assert alice.get(PATH)["Location"] == "/confirm/"


def test_each_is_listed_with_since_and_until_when(alice: Client, browse: Any, one: Logto) -> None:
    one.trusted = [device("one"), device("two", userAgent=None, createdAt=None, expiresAt=None)]

    page = browse(alice, "/devices/")

    assert "Trusted devices" in text_of(page)
    first, second = rows(page)
    assert first.startswith("Safari on iPhone")
    assert "Trusted since November 21, 2026" in first
    assert "Until December 21, 2026" in first
    assert second.startswith("Unknown device")


def test_while_they_can_t_be_read_the_rest_works(alice: Client, browse: Any, one: Logto) -> None:
    one.fails("trusted", 500)

    page = browse(alice, "/devices/")

    assert "Your trusted devices can’t be read" in text_of(page)
    assert len(page.find_all(class_="entry")) == 1


def test_removing_asks_first(sure: Client, browse: Any, one: Logto) -> None:
    page = browse(sure, PATH)

    assert "Safari on iPhone" in text_of(page)
    assert "asked for your second step there again" in text_of(page)
    assert one.ended == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_one_is_removed(sure: Client, one: Logto, headers: dict[str, str]) -> None:
    response = sure.post(PATH, headers=headers)

    assert (response.get("HX-Redirect") or response["Location"]) == "/devices/"
    assert [name for name, _query in one.ended] == ["one"]
    assert "not trusted any more" in text_of(html(sure.get("/devices/")))
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome) == ("trusted_device.removed", "done")
    assert event.changes == {"device": ["Safari on iPhone", None]}
    assert [letter.subject for letter in mail.outbox] == ["A trusted device was removed"]


def test_what_is_not_hers_is_not_there(sure: Client, one: Logto) -> None:
    assert sure.get("/devices/trusted/bobs/").status_code == 404

    response = sure.post("/devices/trusted/bobs/")

    assert response.status_code == 422
    assert "not trusted any more" in text_of(html(response))
    assert one.ended == []


def test_one_that_is_gone_meanwhile_is_told(sure: Client, one: Logto) -> None:
    one.fails("one", 404, "entity.not_found")

    response = sure.post(PATH)

    assert response.status_code == 422
    assert "not trusted any more" in text_of(html(response))


def test_it_wants_a_fresh_proof(alice: Client, one: Logto) -> None:
    assert alice.post(PATH)["Location"] == "/confirm/"
    assert one.ended == []


def test_nothing_is_removed_where_the_tenant_fixes_it(sure: Client, one: Logto) -> None:
    one.lets("ReadOnly")

    assert sure.get(PATH).status_code == 404
    assert sure.post(PATH).status_code == 422
    assert one.ended == []
