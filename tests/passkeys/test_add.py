"""Adding a passkey of this device."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.passkeys import registrations
from tests.conftest import HTMX
from tests.passkeys.conftest import ADD, CREDENTIAL, Logto, answer, begin
from tests.security.conftest import html, letters, messages, says, trail
from tests.security.logto import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_holds_what_the_device_is_asked(alice: Client, logto: Logto) -> None:
    page = html(alice.get(ADD))

    form = page.find("form", id="passkey")
    assert json.loads(form["data-options"])["challenge"] == "challenge-1"
    assert page.find("input", {"name": "registration"})["value"] == "rec1"
    assert page.find("script", src=lambda src: "passkey" in src)


def test_its_script_comes_with_no_other_page(alice: Client, logto: Logto) -> None:
    assert "passkey.js" not in alice.get("/security/").content.decode()


def test_it_stands_under_security(alice: Client, logto: Logto) -> None:
    current = html(alice.get(ADD)).find("nav").find(attrs={"aria-current": True})

    assert current["href"] == "/security/"


def test_the_device_gives_the_name_to_begin_with(alice: Client, logto: Logto) -> None:
    assert html(alice.get(ADD)).find("input", {"name": "name"})["value"] == "Safari on macOS"


def test_without_javascript_the_page_says_so_and_names_another_way(
    alice: Client, logto: Logto
) -> None:
    page = html(alice.get(ADD))

    shown = page.find(attrs={"data-without-script": True})
    assert "needs JavaScript" in shown.text
    back = "redirect=http%3A%2F%2Flocalhost%3A8000%2Fsecurity%2F"
    assert shown.find("a", href=f"https://logto.test/account/passkey/add?{back}")
    assert page.find(attrs={"data-passkey-form": True}).has_attr("hidden")


def test_for_htmx_the_whole_page_is_loaded_with_its_script(alice: Client, logto: Logto) -> None:
    response = alice.get(ADD, headers=HTMX)

    assert response["HX-Redirect"] == ADD
    assert logto.count("start") == 0


def test_it_is_added_under_its_name_with_the_proof(alice: Client, logto: Logto) -> None:
    response = answer(alice, begin(alice), name="  Work \n laptop ")

    assert (response.status_code, response["Location"]) == (303, "/security/")
    assert logto.body("bind") == {
        "type": "WebAuthn",
        "newIdentifierVerificationRecordId": "rec1",
        "name": "Work laptop",
    }
    assert logto.sent["bind"].headers["logto-verification-id"] == "proof1"
    assert logto.sent["bind"].headers["Authorization"] == "Bearer opaque"
    assert "Passkey added" in messages(alice)


def test_with_htmx_it_is_added_too(alice: Client, logto: Logto) -> None:
    given = {"name": "x", "credential": json.dumps(CREDENTIAL), "registration": begin(alice)}

    response = alice.post(ADD, given, headers=HTMX)

    assert response["HX-Redirect"] == "/security/"
    assert logto.count("bind") == 1


def test_logto_gets_the_answer_as_it_knows_it_and_the_browser_it_is_of(
    alice: Client, logto: Logto
) -> None:
    made = CREDENTIAL | {
        "more": 1,
        "response": CREDENTIAL["response"] | {"more": 1, "transports": ["internal", "thought"]},
    }

    answer(alice, begin(alice), credential=json.dumps(made))

    sent = logto.body("finish")
    assert sent["verificationRecordId"] == "rec1"
    assert sent["payload"] == {
        "id": "Y3JlZA",
        "rawId": "Y3JlZA",
        "type": "WebAuthn",
        "authenticatorAttachment": "platform",
        "response": CREDENTIAL["response"] | {"transports": ["internal"]},
        "clientExtensionResults": {},
    }
    assert "Safari" in logto.sent["finish"].headers["User-Agent"]


def test_it_is_in_the_trail_and_in_a_mail(alice: Client, logto: Logto) -> None:
    answer(alice, begin(alice))

    assert trail() == [("passkey.added", "done")]
    event = AuditEvent.objects.get()
    assert event.changes == {"passkey": [None, "Laptop"]}
    assert letters() == ["A passkey was added to your account"]
    assert mail.outbox[0].to == ["alice@example.com"]


def test_the_page_waits_for_logto_once_and_the_change_twice(alice: Client, logto: Logto) -> None:
    begin(alice)  # the tenant is known from here on
    logto.slows()
    registration = begin(alice)
    assert logto.round_trips == 1
    logto.slows()

    answer(alice, registration)

    assert logto.round_trips == 2


# What is refused


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\x00b"])
def test_a_name_that_is_none_is_explained_beside_the_field(
    alice: Client, logto: Logto, name: str
) -> None:
    response = answer(alice, begin(alice), name=name)

    assert response.status_code == 422
    assert html(response).find("input", {"name": "name"})["aria-invalid"] == "true"
    assert logto.count("finish") == 0


@pytest.mark.parametrize(
    "made",
    [
        "",
        "{",
        "[]",
        "{}",
        json.dumps(CREDENTIAL | {"id": "../x"}),
        json.dumps(CREDENTIAL | {"rawId": 1}),
        json.dumps(CREDENTIAL | {"response": []}),
        json.dumps(CREDENTIAL | {"response": {"clientDataJSON": "e30"}}),
        json.dumps(CREDENTIAL | {"id": "x" * 40_000}),
        "[" * 30_000,
    ],
)
def test_what_is_no_passkey_is_not_sent_on(alice: Client, logto: Logto, made: str) -> None:
    response = answer(alice, begin(alice), credential=made)

    assert response.status_code == 422
    assert "made no passkey" in says(response)
    assert logto.count("finish") == 0


def test_after_a_refusal_the_name_stays_and_the_device_is_asked_anew(
    alice: Client, logto: Logto
) -> None:
    page = html(answer(alice, begin(alice), credential="", name="Mine"))

    assert page.find("input", {"name": "name"})["value"] == "Mine"
    assert page.find("input", {"name": "credential"})["value"] == ""
    assert page.find("input", {"name": "registration"})["value"] == "rec2"


@pytest.mark.parametrize(
    ("call", "refusal", "words"),
    [
        ("finish", (400, "session.mfa.webauthn_verification_failed"), "was not accepted"),
        ("finish", (400, "verification_record.not_found"), "took too long"),
        ("bind", (400, "verification_record.not_found"), "took too long"),
    ],
)
def test_a_refusal_of_logto_is_told_in_plain_words(
    alice: Client, logto: Logto, call: str, refusal: Any, words: str
) -> None:
    logto.fails(call, refusal)

    response = answer(alice, begin(alice))

    assert response.status_code == 422
    assert words in says(response)
    assert trail() == [("passkey.added", "refused")]
    assert letters() == []


def test_trying_again_and_again_is_stopped(alice: Client, logto: Logto) -> None:
    for _attempt in range(20):
        logto.fails("finish", (400, "session.mfa.webauthn_verification_failed"))
        assert answer(alice, begin(alice)).status_code == 422

    response = answer(alice, begin(alice))

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert logto.count("finish") == 20
    assert trail()[-1] == ("passkey.added", "refused")


# A registration is answered once, where it was begun


def test_a_registration_that_was_not_begun_here_is_refused(alice: Client, logto: Logto) -> None:
    begin(alice)

    response = answer(alice, "another-ones")

    assert response.status_code == 422
    assert "open for too long" in says(response)
    assert logto.count("finish") == 0


def test_the_registration_of_another_browser_is_refused(
    alice: Client, logto: Logto, sign_in: Any, prove: Any, with_token: Any
) -> None:
    registration = begin(prove(with_token(sign_in(Client()))))

    response = answer(alice, registration)

    assert response.status_code == 422
    assert logto.count("finish") == 0


def test_a_registration_is_answered_once(alice: Client, logto: Logto) -> None:
    registration = begin(alice)
    answer(alice, registration)

    again = answer(alice, registration)

    assert again.status_code == 422
    assert logto.count("bind") == 1


def test_of_two_answers_at_once_one_counts(alice: Client, logto: Logto) -> None:
    registration = begin(alice)
    known = alice.session[registrations.KEY]
    answer(alice, registration)
    session = alice.session
    session[registrations.KEY] = known  # as the other request had read it before
    session.save()

    again = answer(alice, registration)

    assert again.status_code == 422
    assert logto.count("bind") == 1


def test_an_answer_of_which_nothing_was_heard_is_not_repeated(alice: Client, logto: Logto) -> None:
    registration = begin(alice)
    logto.fails("bind", "lost")

    response = answer(alice, registration, name="Mine")

    assert response.status_code == 503
    assert html(response).find("input", {"name": "name"})["value"] == "Mine"
    assert trail() == [("passkey.added", "unknown")]
    assert letters() == []
    assert answer(alice, registration).status_code == 422
    assert logto.count("bind") == 1


def test_an_answer_that_comes_too_late_is_refused(
    alice: Client, logto: Logto, clock: Any, prove: Any
) -> None:
    registration = begin(alice)
    clock.shift(timedelta(minutes=11))
    prove(alice)

    response = answer(alice, registration)

    assert "open for too long" in says(response)
    assert logto.count("finish") == 0


def test_two_tabs_each_make_their_own(alice: Client, logto: Logto) -> None:
    one, other = begin(alice), begin(alice)

    assert [answer(alice, each).status_code for each in (one, other)] == [303, 303]
    assert logto.count("bind") == 2


def test_the_session_remembers_a_few(alice: Client, logto: Logto) -> None:
    for _tab in range(9):
        begin(alice)

    assert len(alice.session[registrations.KEY]) == registrations.MOST


# Who it is


def test_it_is_asked_who_it_is_before_the_device_is(
    alice: Client, logto: Logto, clock: Any
) -> None:
    clock.shift(timedelta(minutes=11))

    assert alice.get(ADD)["Location"] == "/confirm/"
    assert logto.count("start") == 0


def test_a_proof_of_which_logto_does_not_know_is_not_enough(alice: Client, logto: Logto) -> None:
    session = alice.session
    proofs.forget_record(session)
    session.save()

    assert alice.get(ADD)["Location"] == "/confirm/"


def test_what_was_made_is_added_after_a_proof_that_had_run_out(
    alice: Client, logto: Logto, clock: Any
) -> None:
    clock.shift(timedelta(minutes=5))
    registration = begin(alice)
    clock.shift(timedelta(minutes=5, seconds=10))
    assert answer(alice, registration)["Location"] == "/confirm/"

    response = alice.post("/confirm/password/", {"password": PASSWORD})

    assert response["Location"] == "/security/"
    assert logto.sent["bind"].headers["logto-verification-id"] == "proof2"
    assert logto.body("bind")["newIdentifierVerificationRecordId"] == registration


def test_a_proof_that_logto_no_longer_takes_is_asked_for_anew(alice: Client, logto: Logto) -> None:
    logto.fails("bind", (401, "verification_record.permission_denied"))

    page = html(answer(alice, begin(alice)))

    assert "could not be confirmed" in page.text
    assert page.find("a", href=ADD, string="Try again")
    assert alice.get(ADD)["Location"] == "/confirm/"


def test_without_a_token_of_their_own_they_sign_in_again_and_come_back(
    alice: Client, logto: Logto, sign_in: Any, prove: Any
) -> None:
    response = prove(sign_in(Client())).get(ADD)

    assert response["Location"] == "/sign-in/again/?next=%2Fsecurity%2Fpasskeys%2Fadd%2F"


def test_logto_down_is_told_and_the_page_comes_back(alice: Client, logto: Logto) -> None:
    logto.fails("start", 503)
    assert alice.get(ADD).status_code == 503

    assert alice.get(ADD).status_code == 200
