"""Signing in once more, as a proof that it is still the same person."""

import time

import pytest

from accountsite.signin.models import Session
from tests.conftest import ALICE
from tests.signin.issuer import ISSUER

pytestmark = pytest.mark.django_db


def call_back(client, issuer):
    sent = issuer.begin(client, path="/sign-in/again/", next="/profile/")
    return client.get("/sign-in/callback/", {"code": "c", "state": sent["state"], "iss": ISSUER})


def test_logto_is_told_to_ask_for_a_sign_in_whatever_it_remembers(alice, issuer):
    sent = issuer.begin(alice, path="/sign-in/again/")

    assert (sent["prompt"], sent["max_age"]) == ("login consent", "0")


def test_the_same_person_goes_on_with_what_they_were_at(alice, issuer):
    issuer.claims = {"sid": "sid-new"}

    response = call_back(alice, issuer)

    assert response["Location"] == "/profile/"
    assert alice.session["signed_in_again"] == pytest.approx(time.time(), abs=5)
    assert Session.objects.live().get(account_id=ALICE).logto_sid == "sid-new"


def test_the_session_gets_a_new_key(alice, issuer):
    before = alice.session.session_key

    call_back(alice, issuer)

    assert alice.session.session_key != before


@pytest.mark.parametrize(
    "claims", [{"sub": "bob000000001"}, {"auth_time": int(time.time()) - 3600}, {"auth_time": None}]
)
def test_another_person_or_an_old_sign_in_proves_nothing(alice, issuer, claims):
    issuer.claims = claims

    response = call_back(alice, issuer)

    assert response.status_code == 400
    assert "signed_in_again" not in alice.session
    assert alice.session["account"]["id"] == ALICE


def test_an_ordinary_sign_in_is_no_proof(client, issuer, logto):
    issuer.call_back(client)

    assert "signed_in_again" not in client.session


def test_a_stranger_is_sent_to_sign_in_first(client):
    assert client.get("/sign-in/again/")["Location"].startswith("/sign-in/?next=")
