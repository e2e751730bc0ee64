"""One device, and signing it out."""

import importlib
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason, Session
from tests.conftest import ALICE, HTMX
from tests.devices.conftest import Logto, confirmed, html, session, text_of
from tests.elsewhere.conftest import SID

pytestmark = pytest.mark.django_db(transaction=True)

HERE, PHONE = "/devices/here/", "/devices/phone/"


@pytest.fixture
def phone(logto: Logto, sign_in: Any) -> Client:
    """Another browser of hers, in another of Logto's sessions."""
    logto.sessions += [session("phone")]
    return opened(sign_in, sid="sid-of-phone")


def opened(sign_in: Any, **account: Any) -> Client:
    client: Client = sign_in(Client(), **account)
    return client


def trail() -> list[tuple[str, str, Any]]:
    events = AuditEvent.objects.order_by("pk")
    return list(events.values_list("action", "outcome", "changes"))


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/activity/").status_code == 200)


def test_it_tells_all_about_it(alice: Client, browse: Any, logto: Logto) -> None:
    seen = {"ip": "192.0.2.1", "city": "Hull", "country": "GB"}
    logto.sessions += [session("phone", proofs=("Password", "Totp"), seen=seen)]

    page = browse(alice, PHONE)

    facts = {row["id"]: text_of(row) for row in page.find_all(class_="row")}
    assert "Hull, United Kingdom" in facts["place"]
    assert "192.0.2.1" in facts["address"]
    assert "November 20, 2026" in facts["since"]
    assert "Password, Authenticator app" in facts["proofs"]
    assert "December 4, 2026" in facts["until"]
    assert "Account settings" in facts["apps"]


def test_it_says_what_signing_out_does_before_it_is_done(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions += [session("phone")]

    form = browse(alice, PHONE).find("form", action=PHONE)

    assert "Whoever uses it has to sign in again." in text_of(form)
    assert "lose the access" in text_of(form)
    assert (logto.ended, trail()) == ([], [])


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_is_signed_out_with_its_grants(
    sure: Client, phone: Client, logto: Logto, headers: dict[str, str]
) -> None:
    response = sure.post(PHONE, headers=headers)

    assert logto.ended == [("phone", "revokeGrantsTarget=all")]
    assert (response.get("HX-Redirect") or response["Location"]) == "/devices/"
    assert "Safari on iPhone is signed out." in text_of(html(sure.get("/devices/")))


def test_our_own_session_in_it_is_dead_at_the_next_request(
    sure: Client, phone: Client, logto: Logto
) -> None:
    assert is_signed_in(phone)

    sure.post(PHONE)

    assert phone.get("/activity/")["Location"].startswith("/signed-out/?reason=ended_elsewhere")
    assert is_signed_in(sure)
    assert bytes(Session.objects.get(logto_sid="sid-of-phone").payload) == b""


def test_nobody_elses_session_and_no_other_of_hers_ends(
    sure: Client, phone: Client, logto: Logto, sign_in: Any
) -> None:
    tablet = opened(sign_in, sid="sid-of-tablet")
    old = opened(sign_in, sid=None)
    bob = opened(sign_in, id="bob000000001", sid="sid-of-phone")

    sure.post(PHONE)

    assert all(map(is_signed_in, (sure, tablet, old, bob)))


def test_an_app_that_is_not_this_site_ends_nothing_here(
    sure: Client, logto: Logto, sign_in: Any
) -> None:
    logto.sessions += [session("phone", app="photo-prints")]
    old = opened(sign_in, sid=None)

    sure.post(PHONE)

    assert logto.ended == [("phone", "revokeGrantsTarget=all")]
    assert is_signed_in(old)
    assert is_signed_in(sure)


def test_it_stands_in_the_trail_and_a_mail_tells_of_it(sure: Client, phone: Client) -> None:
    sure.post(PHONE)

    assert trail() == [("session.ended", "done", {"device": ["Safari on iPhone", None]})]
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [
        ("One of your devices was signed out", ["alice@example.com"])
    ]


def test_the_one_in_use_is_marked_and_signing_it_out_leaves(
    sure: Client, browse: Any, logto: Logto
) -> None:
    page = browse(sure, HERE)
    assert "the device that you are using now" in text_of(page.find(class_="heading"))

    response = sure.post(HERE)

    assert logto.ended == [("here", "revokeGrantsTarget=all")]
    assert response["Location"] == "/signed-out/"
    assert sure.get("/activity/")["Location"].startswith("/sign-in/")
    assert Session.objects.get(logto_sid=SID).end_reason == EndReason.SIGNED_OUT
    assert [event[:2] for event in trail()] == [("session.ended", "done")]


def test_what_else_hangs_on_this_ones_session_ends_with_it(
    sure: Client, logto: Logto, sign_in: Any
) -> None:
    twin = opened(sign_in, sid=SID)

    sure.post(HERE)

    assert not is_signed_in(twin)


def test_while_logto_is_down_this_one_stays_signed_in_and_says_so(
    sure: Client, logto: Logto
) -> None:
    logto.fails("here")

    response = sure.post(HERE)

    assert response.status_code == 503
    assert "try again" in text_of(html(response).find(id="sign-out"))
    assert is_signed_in(sure)
    assert [event[:2] for event in trail()] == [("session.ended", "unknown")]


def test_with_htmx_the_form_comes_back_with_what_went_wrong(sure: Client, logto: Logto) -> None:
    logto.fails("here")

    part = sure.post(HERE, headers=HTMX)

    assert part.status_code == 503
    assert html(part).find("form")["id"] == "sign-out"
    assert "try again" in text_of(html(part).find(role="alert"))
    assert "<html" not in part.text


def test_while_logto_is_down_another_one_is_signed_out_here_all_the_same(
    sure: Client, phone: Client, logto: Logto
) -> None:
    logto.fails("phone")

    response = sure.post(PHONE)

    assert response.status_code == 503
    assert not is_signed_in(phone)
    assert mail.outbox == []


def test_one_that_ended_meanwhile_has_ended(sure: Client, phone: Client, logto: Logto) -> None:
    logto.fails("phone", 404, "oidc.session_not_found")

    assert sure.post(PHONE)["Location"] == "/devices/"
    assert [event[:2] for event in trail()] == [("session.ended", "done")]
    assert not is_signed_in(phone)


def test_a_second_click_is_told_that_it_is_done(sure: Client, phone: Client, logto: Logto) -> None:
    sure.post(PHONE)
    logto.sessions = logto.sessions[:1]
    logto.ended.clear()

    assert sure.post(PHONE)["Location"] == "/devices/"

    assert "That device is signed out already." in text_of(html(sure.get("/devices/")))
    assert logto.ended == []
    assert len(trail()) == 1


@pytest.mark.parametrize("device_id", ["bobs", "..", "here-", "here-0", "x" * 300, "☠"])
def test_what_is_not_hers_is_not_there(sure: Client, logto: Logto, device_id: str) -> None:
    assert sure.get(f"/devices/{device_id}/").status_code == 404

    sure.post(f"/devices/{device_id}/")

    assert (logto.ended, trail()) == ([], [])
    assert is_signed_in(sure)


def test_it_wants_a_fresh_proof_to_change_and_none_to_look(
    alice: Client, phone: Client, logto: Logto
) -> None:
    assert alice.get(PHONE).status_code == 200

    assert alice.post(PHONE)["Location"] == "/confirm/"

    assert logto.ended == []
    assert is_signed_in(phone)


def test_nothing_ends_where_the_tenant_fixes_it(sure: Client, phone: Client, logto: Logto) -> None:
    logto.lets("ReadOnly")

    response = sure.post(PHONE)

    assert response.status_code == 422
    assert "can’t be changed here any more" in text_of(html(response))
    assert logto.ended == []
    assert is_signed_in(phone)
    assert [event[:2] for event in trail()] == [("session.ended", "refused")]


def test_nothing_ends_for_who_is_suspended(sure: Client, phone: Client, logto: Logto) -> None:
    logto.person |= {"isSuspended": True}

    sure.post(PHONE)

    assert (logto.ended, trail(), mail.outbox) == ([], [], [])


def test_a_change_takes_two_round_trips(sure: Client, phone: Client, logto: Logto) -> None:
    sure.get("/devices/")
    logto.slows()

    sure.post(PHONE)

    assert logto.round_trips == 2


# Sessions of this site that Logto knows nothing of any more


def only_here(client: Client) -> str:
    """The page of a browser that is signed in at this site alone."""
    store = importlib.import_module(settings.SESSION_ENGINE)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"/devices/here-{store.hash_of(key)}/"


def test_a_session_of_this_site_that_outlived_logtos_is_listed(
    alice: Client, browse: Any, logto: Logto, sign_in: Any
) -> None:
    left = opened(sign_in, sid="ended-at-the-console")

    page = browse(alice, "/devices/")

    links = [link["href"] for link in page.find_all("a", class_="entry__title")]
    assert links == [HERE, only_here(left)]
    assert "Only this site is still open there" in text_of(browse(alice, only_here(left)))


def test_it_can_be_ended_without_asking_logto(sure: Client, logto: Logto, sign_in: Any) -> None:
    left = opened(sign_in, sid="ended-at-the-console")

    assert sure.post(only_here(left))["Location"] == "/devices/"

    assert not is_signed_in(left)
    assert is_signed_in(sure)
    assert logto.ended == []
    assert [event[:2] for event in trail()] == [("session.ended", "done")]


def test_that_of_another_person_is_not_there(sure: Client, logto: Logto, sign_in: Any) -> None:
    bob = opened(sign_in, id="bob000000001", sid="sid-of-bob")

    assert sure.get(only_here(bob)).status_code == 404
    sure.post(only_here(bob))

    assert is_signed_in(bob)


def test_this_one_is_told_as_this_one_even_if_logto_has_ended_it(
    sure: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions = []

    (entry,) = browse(sure, "/devices/").find_all(class_="entry")
    page = browse(sure, only_here(sure))

    assert "This device" in text_of(entry)
    assert "The sign-in service has signed you out already." in text_of(page)
    assert sure.post(only_here(sure))["Location"] == "/signed-out/"
    assert logto.ended == []
    assert Session.objects.get(logto_sid=SID).end_reason == EndReason.SIGNED_OUT
    assert sure.get("/activity/")["Location"].startswith("/sign-in/")


def test_where_no_session_is_known_as_this_one_they_are_not_told_apart(
    logto: Logto, browse: Any, sign_in: Any
) -> None:
    client = opened(sign_in, sid=None)
    opened(sign_in, sid=None)

    page = browse(confirmed(client), "/devices/")

    assert len(page.find_all(class_="entry")) == 1


def test_ended_ones_are_not_listed(alice: Client, browse: Any, logto: Logto, sign_in: Any) -> None:
    opened(sign_in, sid="over")
    signin.end_all(account_id=ALICE, logto_sid="over", reason=EndReason.ENDED_ELSEWHERE)

    assert len(browse(alice, "/devices/").find_all(class_="entry")) == 1
