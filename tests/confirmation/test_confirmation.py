"""Confirm that it's you."""

import json
from datetime import timedelta

import pytest
import responses
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.signin import services as signin
from accountsite.signin.models import Session
from tests.conftest import ALICE, API, HTMX, inspected
from tests.signin.conftest import user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.confirmation.urls")]

RIGHT = "correct horse"


@pytest.fixture(autouse=True)
def logto(wire: responses.RequestsMock) -> responses.RequestsMock:
    """Alice, whose password and codes Logto knows."""
    wire.get(f"{API}/users/{ALICE}", json=user(primaryPhone="821012345678"))
    wire.add_callback(
        responses.POST,
        f"{API}/users/{ALICE}/password/verify",
        answering({"password": RIGHT}, otherwise=(422, "session.invalid_credentials")),
    )
    wire.post(f"{API}/verification-codes", status=204)
    wire.add_callback(
        responses.POST,
        f"{API}/verification-codes/verify",
        answering(
            {"email": "alice@example.com", "verificationCode": "123456"},
            otherwise=(400, "verification_code.code_mismatch"),
        ),
    )
    return wire


def answering(right: dict[str, str], *, otherwise: tuple[int, str]):
    """204 for the right body; else this status and code."""

    def answer(request):
        if json.loads(request.body) == right:
            return 204, {}, ""
        status, code = otherwise
        return status, {}, json.dumps({"code": code, "message": "-"})

    return answer


def confirm(client: Client, **extra):
    return client.post("/confirm/password/", {"password": RIGHT}, **extra)


def test_a_page_that_wants_a_proof_asks_and_then_comes_back(alice):
    asked = alice.get("/protected/thing/?tab=2")
    assert asked["Location"] == "/confirm/"
    page = inspected(alice.get("/confirm/").content.decode())
    assert page.find("input", {"name": "password", "autocomplete": "current-password"})
    assert page.find("input", {"name": "username", "value": "alice"})

    response = confirm(alice)

    assert response["Location"] == "/protected/thing/?tab=2"
    assert alice.get("/protected/thing/?tab=2").status_code == 200


def test_a_form_that_was_sent_is_sent_on_by_itself(alice):
    alice.post("/protected/thing/", {"name": ["one", "two"], "password": "a new one"})

    response = confirm(alice)

    assert response.content.decode().startswith("POST thing /protected/thing/")
    assert "'name': ['one', 'two'], 'password': ['a new one']" in response.content.decode()


def test_a_form_is_sent_on_once(alice):
    alice.post("/protected/thing/", {"name": "x"})
    confirm(alice)

    assert confirm(alice)["Location"] == "/"


def test_a_form_waits_for_ten_minutes(alice, clock):
    alice.post("/protected/thing/", {"name": "x"})
    clock.shift(timedelta(minutes=11))

    assert confirm(alice)["Location"] == "/"


def test_a_file_is_not_kept_and_the_person_is_told(alice):
    alice.post("/protected/thing/", {"name": "x", "file": SimpleUploadedFile("a.txt", b"a")})

    response = confirm(alice)

    assert response["Location"] == "/protected/thing/"
    page = alice.get("/profile/preferences/theme/")
    assert "Choose the file again" in page.content.decode()


def test_with_htmx_the_question_takes_the_cards_place_and_the_card_comes_back(alice):
    asked = alice.post("/protected/thing/", {"name": "x"}, headers=HTMX)
    assert "<html" not in asked.content.decode()
    assert 'id="confirmation"' in asked.content.decode()

    response = confirm(alice, headers=HTMX)

    assert response.content.decode().startswith("POST thing")


def test_a_page_that_was_interrupted_comes_back_whole(alice):
    """The question had the page to itself, so there is no card to put in its place."""
    alice.get("/protected/thing/")
    page = inspected(alice.get("/confirm/").content.decode())
    assert not page.find(attrs={"hx-post": True})

    response = confirm(alice, headers=HTMX)

    assert response["HX-Redirect"] == "/protected/thing/"


def test_what_was_interrupted_is_encrypted_in_the_database(alice):
    alice.post("/protected/thing/", {"password": "unmistakable"})

    assert all(b"unmistakable" not in bytes(row.payload) for row in Session.objects.all())


def test_a_proof_lasts_ten_minutes(alice, clock):
    alice.get("/protected/thing/")
    confirm(alice)
    clock.shift(timedelta(minutes=9, seconds=50))
    assert alice.get("/protected/thing/").status_code == 200

    clock.shift(timedelta(seconds=20))

    assert alice.get("/protected/thing/").status_code == 302


def test_a_proof_of_one_browser_is_none_of_another(alice, sign_in):
    alice.get("/protected/thing/")
    confirm(alice)

    assert sign_in(Client()).get("/protected/thing/")["Location"] == "/confirm/"


def test_a_proof_is_forgotten_at_sign_out(alice, sign_in):
    alice.get("/protected/thing/")
    confirm(alice)
    alice.post("/sign-out/")
    sign_in(alice)

    assert alice.get("/protected/thing/")["Location"] == "/confirm/"


def test_deletion_wants_a_proof_of_its_own(alice):
    alice.get("/protected/thing/")
    confirm(alice)
    assert alice.get("/deletion/")["Location"] == "/confirm/"

    confirm(alice)

    assert alice.get("/deletion/").content == b"gone"


def test_a_wrong_password_is_refused_beside_the_field_and_audited(alice):
    alice.get("/protected/thing/")

    response = alice.post("/confirm/password/", {"password": "guess"})

    assert response.status_code == 422
    page = inspected(response.content.decode())
    assert page.find("input", {"name": "password"})["aria-invalid"] == "true"
    assert alice.get("/protected/thing/").status_code == 302
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.outcome) == ("identity.confirmed", "refused")
    assert event.reason == "session.invalid_credentials"


def test_guessing_is_stopped_and_the_right_password_then_waits_too(alice):
    for _guess in range(5):
        assert alice.post("/confirm/password/", {"password": "guess"}).status_code == 422

    response = confirm(alice)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Try again in" in response.content.decode()


# By code


def test_a_code_goes_to_the_address_on_file_and_proves_it(alice, wire):
    alice.get("/protected/thing/")
    alice.post("/confirm/email/send/", {"value": "thief@example.com"})
    (sent,) = [c.request.body for c in wire.calls if c.request.url == f"{API}/verification-codes"]
    assert json.loads(sent) == {"email": "alice@example.com"}

    response = alice.post("/confirm/email/code/", {"code": "123 456"})

    assert response["Location"] == "/protected/thing/"


def test_it_says_how_long_a_code_works(alice):
    alice.get("/protected/thing/")
    alice.post("/confirm/email/send/")

    page = inspected(alice.get("/confirm/?way=email").content.decode())

    assert "It works for 10 minutes." in page.get_text()


def test_a_wrong_code_is_refused_beside_the_field(alice):
    alice.get("/protected/thing/")
    alice.post("/confirm/email/send/")

    response = alice.post("/confirm/email/code/", {"code": "654321"})

    assert response.status_code == 422
    assert "not the code" in response.content.decode()
    assert alice.get("/protected/thing/").status_code == 302


def test_a_code_that_this_session_did_not_ask_for_proves_nothing(alice):
    alice.get("/protected/thing/")

    response = alice.post("/confirm/email/code/", {"code": "123456"})

    assert response.status_code == 200
    assert alice.get("/protected/thing/").status_code == 302


def test_a_code_for_the_email_address_does_not_prove_the_phone(alice):
    alice.get("/protected/thing/")
    alice.post("/confirm/email/send/")

    alice.post("/confirm/phone/code/", {"code": "123456"})

    assert alice.get("/protected/thing/").status_code == 302


def test_another_code_is_sent_after_a_minute(alice):
    alice.post("/confirm/email/send/")

    response = alice.post("/confirm/email/send/")

    assert response.status_code == 429
    page = inspected(response.content.decode())
    assert page.find("button", {"data-wait": True})


def test_a_way_that_the_person_does_not_have_is_not_offered(alice, wire):
    wire.replace(
        responses.GET,
        f"{API}/users/{ALICE}",
        json=user(hasPassword=False, primaryEmail=None, username=None),
    )
    alice.get("/protected/thing/")

    page = inspected(alice.get("/confirm/?way=email").content.decode())

    assert page.find("a", href="/confirm/sign-in/")
    assert not page.find("input", {"name": "password"})
    assert not page.find("form", action="/confirm/email/send/")


# By signing in again


def test_signing_in_again_proves_it_and_sends_the_form_on(alice):
    alice.post("/protected/thing/", {"name": "x"})
    assert (
        alice.get("/confirm/sign-in/")["Location"]
        == "/sign-in/again/?next=%2Fconfirm%2Fsigned-in%2F"
    )
    session = alice.session
    session[signin.SIGNED_IN_AGAIN] = 1.0
    session.save()

    response = alice.get("/confirm/signed-in/")

    assert response.content.decode().startswith("POST thing")
    assert alice.get("/protected/thing/").status_code == 200


def test_coming_back_without_having_signed_in_again_proves_nothing(alice):
    alice.post("/protected/thing/", {"name": "x"})

    response = alice.get("/confirm/signed-in/")

    inspected(response.content.decode())
    assert alice.get("/protected/thing/").status_code == 302


def test_logto_down_while_confirming_keeps_the_question_open(alice, wire):
    alice.get("/protected/thing/")
    wire.reset()

    assert confirm(alice).status_code == 503
    assert alice.get("/protected/thing/").status_code == 302


def test_a_proof_needs_a_csrf_token(sign_in):
    client = sign_in(Client(enforce_csrf_checks=True))
    client.get("/protected/thing/")

    assert confirm(client).status_code == 403
