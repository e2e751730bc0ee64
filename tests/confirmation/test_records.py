"""Logto's own record of a proof, made with the same password or code."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses
from django.test import Client

from accountsite.confirmation import proofs
from accountsite.signin import services as signin
from tests.conftest import ALICE, API, inspected
from tests.signin.conftest import user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.confirmation.urls")]

RIGHT = "correct horse"
CODE = "123456"
BY_ACCOUNT = {
    "password": "/verifications/password",
    "send": "/verifications/verification-code",
    "code": "/verifications/verification-code/verify",
}
BY_MANAGEMENT = {
    "password": f"/users/{ALICE}/password/verify",
    "send": "/verification-codes",
    "code": "/verification-codes/verify",
}


class Logto:
    """Both APIs, and which paths were asked."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.person = user()
        self.refusals: dict[str, tuple[int, str]] = {}
        self.life = timedelta(minutes=10)
        self.asked: list[tuple[str, Any]] = []
        wire.add_callback(responses.GET, f"{API}/users/{ALICE}", self._person)
        for paths in (BY_ACCOUNT, BY_MANAGEMENT):
            for kind, path in paths.items():
                wire.add_callback(responses.POST, f"{API}{path}", self._answer(kind, path))

    def refuses(self, status: int, code: str, *kinds: str) -> None:
        """Let the Account API say no to all, or to these."""
        for kind in kinds or BY_ACCOUNT:
            self.refusals[BY_ACCOUNT[kind]] = (status, code)

    def _person(self, _request: Any) -> Any:
        return 200, {}, json.dumps(self.person)

    def _answer(self, kind: str, path: str) -> Any:
        def answer(request: Any) -> Any:
            body = json.loads(request.body)
            self.asked.append((path, body))
            is_account = path in BY_ACCOUNT.values()
            if is_account:
                assert request.headers["Authorization"] == "Bearer opaque"
            if path in self.refusals:
                status, code = self.refusals[path]
                return status, {}, json.dumps({"code": code, "message": "-"})
            if RIGHT not in body.values() and kind == "password":
                code = "session.invalid_credentials"
                return 422, {}, json.dumps({"code": code, "message": "-"})
            if kind == "code" and CODE not in body.values():
                code = "verification_code.code_mismatch"
                return 400, {}, json.dumps({"code": code, "message": "-"})
            if not is_account:
                return 204, {}, ""
            ends = (datetime.now(UTC) + self.life).isoformat()
            return 201, {}, json.dumps({"verificationRecordId": "rec1", "expiresAt": ends})

        return answer

    @property
    def paths(self) -> list[str]:
        return [path for path, _body in self.asked]


@pytest.fixture
def logto(wire: responses.RequestsMock) -> Logto:
    return Logto(wire)


@pytest.fixture
def alice(alice: Client) -> Client:
    """Alice, whose own token is at hand."""
    session = alice.session
    session[signin.TOKENS] |= {"access_token": "opaque", "expires_at": time.time() + 3600}
    session.save()
    return alice


def confirm(client: Client, password: str = RIGHT) -> Any:
    return client.post("/confirm/password/", {"password": password})


def test_a_view_that_wants_a_record_finds_the_one_of_the_password(
    alice: Client, logto: Logto
) -> None:
    assert alice.get("/recorded/")["Location"] == "/confirm/"

    response = confirm(alice)

    assert response["Location"] == "/recorded/"
    assert alice.get("/recorded/").content == b"rec1"
    assert logto.asked == [("/verifications/password", {"password": RIGHT})]


def test_a_password_that_was_confirmed_for_something_else_is_not_asked_for_again(
    alice: Client, logto: Logto
) -> None:
    alice.get("/protected/thing/")
    confirm(alice)

    assert alice.get("/recorded/").content == b"rec1"


def test_a_code_completes_the_record_it_was_sent_for(alice: Client, logto: Logto) -> None:
    alice.get("/recorded/")
    alice.post("/confirm/email/send/")

    response = alice.post("/confirm/email/code/", {"code": CODE})

    assert response["Location"] == "/recorded/"
    assert alice.get("/recorded/").content == b"rec1"
    identifier = {"type": "email", "value": "alice@example.com"}
    assert logto.asked == [
        ("/verifications/verification-code", {"identifier": identifier}),
        (
            "/verifications/verification-code/verify",
            {"identifier": identifier, "verificationId": "rec1", "code": CODE},
        ),
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "verification_record.not_found"),
        (400, "verification_code.code_mismatch"),
        (401, "auth.unauthorized"),
        (400, "account_center.not_enabled"),
    ],
)
def test_a_code_whose_record_is_not_completed_proves_nothing(
    alice: Client, logto: Logto, status: int, code: str
) -> None:
    alice.get("/recorded/")
    alice.post("/confirm/email/send/")
    logto.refuses(status, code, "code")

    response = alice.post("/confirm/email/code/", {"code": CODE})

    assert response.status_code == 422
    assert BY_MANAGEMENT["code"] not in logto.paths
    assert alice.get("/recorded/").status_code == alice.get("/protected/x/").status_code == 302


def test_a_wrong_password_is_not_tried_at_the_other_api_too(alice: Client, logto: Logto) -> None:
    alice.get("/recorded/")

    response = confirm(alice, "guess")

    assert response.status_code == 422
    assert logto.paths == ["/verifications/password"]
    assert alice.get("/recorded/").status_code == 302


def test_a_record_ends_before_logto_forgets_it(alice: Client, logto: Logto, clock: Any) -> None:
    logto.life = timedelta(minutes=5)
    alice.get("/recorded/")
    confirm(alice)

    clock.shift(timedelta(minutes=4, seconds=40))

    assert alice.get("/protected/thing/").status_code == 200, "the proof itself is still good"
    assert alice.get("/recorded/")["Location"] == "/confirm/"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "auth.unauthorized"),
        (400, "account_center.not_enabled"),
        (403, "auth.third_party_application_forbidden"),
    ],
)
def test_without_the_account_api_the_proof_is_as_good_and_nobody_is_asked_in_circles(
    alice: Client, logto: Logto, status: int, code: str
) -> None:
    logto.refuses(status, code)
    alice.get("/recorded/")

    response = confirm(alice)

    assert logto.paths == [BY_ACCOUNT["password"], BY_MANAGEMENT["password"]]
    assert response["Location"] == "/recorded/"
    assert alice.get("/recorded/").content == b"none to be had"


def test_without_the_account_api_a_code_is_sent_all_the_same(alice: Client, logto: Logto) -> None:
    logto.refuses(400, "account_center.not_enabled")
    alice.get("/protected/thing/")
    alice.post("/confirm/email/send/")

    response = alice.post("/confirm/email/code/", {"code": CODE})

    assert response["Location"] == "/protected/thing/"
    assert logto.paths == [BY_ACCOUNT["send"], BY_MANAGEMENT["send"], BY_MANAGEMENT["code"]]


def test_signing_in_again_makes_no_record_and_is_not_offered_for_one(
    alice: Client, logto: Logto
) -> None:
    alice.get("/recorded/")

    page = inspected(alice.get("/confirm/").content.decode())

    assert not page.find("a", href="/confirm/sign-in/")
    assert signed_in_again(alice)["Location"] == "/recorded/"
    assert alice.get("/recorded/")["Location"] == "/confirm/", "asked for the password now"


def test_those_who_can_only_sign_in_again_go_on_without_a_record(
    alice: Client, logto: Logto
) -> None:
    logto.person |= {"hasPassword": False, "primaryEmail": None}
    alice.get("/recorded/")
    page = inspected(alice.get("/confirm/").content.decode())
    assert page.find("a", href="/confirm/sign-in/")

    signed_in_again(alice)

    assert alice.get("/recorded/").content == b"none to be had"


def test_a_record_that_logto_no_longer_takes_is_asked_for_anew(alice: Client, logto: Logto) -> None:
    alice.get("/recorded/")
    confirm(alice)
    session = alice.session
    proofs.forget_record(session)
    session.save()

    assert alice.get("/recorded/")["Location"] == "/confirm/"


def test_a_record_of_one_browser_is_none_of_another(
    alice: Client, logto: Logto, sign_in: Any
) -> None:
    alice.get("/recorded/")
    confirm(alice)

    assert sign_in(Client()).get("/recorded/")["Location"] == "/confirm/"


def signed_in_again(client: Client) -> Any:
    session = client.session
    session[signin.SIGNED_IN_AGAIN] = 1.0
    session.save()
    return client.get("/confirm/signed-in/")
