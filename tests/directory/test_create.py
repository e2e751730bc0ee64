"""New accounts: with a temporary password, an invitation, or neither."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import Client

from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.signin import oidc
from tests.directory.conftest import (
    ADMIN,
    LIST,
    WHY,
    hidden,
    inspected_admin,
    mails_to,
    newest,
    text,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

ADD = f"{LIST}add/"


@pytest.fixture
def create(manager, tenant):
    def create(**given):
        page = manager.get(ADD)
        return manager.post(ADD, hidden(page) | WHY | {"begins": "password"} | given)

    return create


def test_a_temporary_password_is_shown_once(create, tenant):
    page = create(email="new@example.com", name="New Person")

    secret = inspected_admin(page).select_one("#secret")["value"]
    found = tenant.management("GET", "/users", params={"search": "new@example.com"}).json()
    assert [one["name"] for one in found] == ["New Person"]
    verify = f"/users/{found[0]['id']}/password/verify"
    assert tenant.management("POST", verify, json={"password": secret}).status_code == 204
    event = newest()
    assert (event.action, event.account_id) == ("account.created", found[0]["id"])
    assert (event.actor_kind, event.actor_id) == (ActorKind.ADMIN, ADMIN)
    assert event.changes["email"] == [None, "n•••@example.com"]
    assert mails_to("new@example.com") == ["Your account was created"]
    assert secret not in mail.outbox[0].body


def test_a_phone_number_is_enough(create, tenant):
    assert create(phone="+82 10-1234-5678").status_code == 200

    found = tenant.management("GET", "/users", params={"search": "821012345678"}).json()
    assert found[0]["hasPassword"]


def test_an_invitation_is_a_mail_with_a_link(create, tenant):
    response = create(email="new@example.com", begins="invitation")

    assert response.status_code == 303
    [letter] = mail.outbox
    assert letter.to == ["new@example.com"]
    link = re.search(r"https?://\S+/invitation/\S+", letter.body)[0]
    query = parse_qs(urlsplit(link).query)
    assert query["email"] == ["new@example.com"]
    proof = {"token": query["token"][0], "email": "new@example.com"}
    assert tenant.management("POST", "/one-time-tokens/verify", json=proof).ok


def test_an_invitation_that_does_not_go_out_is_told(create, tenant, settings):
    settings.MAILERS = {}

    response = create(email="new@example.com", begins="invitation")

    assert response.status_code == 303
    assert "the invitation could not be sent" in text(response.client.get(response["Location"]))


def test_an_invitation_is_sent_again(manager, act, tenant):
    response = act(manager, "alice", "invite")

    assert response.status_code == 303
    assert newest().action == "account.invited"
    assert len(mails_to("alice@example.com")) == 1


def test_a_mail_server_that_is_down_is_no_invitation(manager, act, settings):
    settings.MAILERS = {}

    assert act(manager, "alice", "invite").status_code == 422
    assert newest().outcome == Outcome.REFUSED


def test_the_link_asks_before_it_is_used_up(client, tenant):
    page = client.get("/invitation/", {"token": "secret", "email": "new@example.com"})

    assert page.status_code == 200
    assert "new@example.com" in page.content.decode()


def test_the_link_leads_to_the_tenants_sign_in(client, tenant):
    oidc._client.cache_clear()

    response = client.post("/invitation/", {"token": "secret", "email": "new@example.com"})

    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(tenant.endpoint)
    assert query["one_time_token"] == ["secret"]
    assert query["login_hint"] == ["new@example.com"]
    oidc._client.cache_clear()


def test_half_a_link_is_explained(client, db):
    page = client.get("/invitation/", {"token": "secret"})

    assert page.status_code == 400
    assert "not complete" in page.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give an email address, a phone number or a username."),
        ({"email": "nobody"}, "Enter an email address"),
        ({"phone": "010-1234"}, "Begin with +"),
        ({"phone": "+82 10-1234-5678", "begins": "invitation"}, "needs an email address"),
        ({"username": "newcomer", "begins": "code"}, "A code needs"),
        ({"email": "x@example.com", "name": "🦆" * 65}, "an emoji counts as two"),
        ({"email": "alice@example.com"}, "Another account has this email address."),
        ({"username": "new comer"}, "Use only"),
        ({"email": "x@example.com", "reason": ""}, "This field is required."),
    ],
)
def test_what_can_not_be_an_account_is_explained(create, given, said):
    response = create(**given)

    assert response.status_code == 422
    assert said in text(response)
    assert not AuditEvent.objects.filter(outcome=Outcome.DONE).exists()


def test_a_refusal_of_logto_is_in_the_trail(create):
    create(email="alice@example.com")

    event = newest()
    assert (event.outcome, event.reason) == (Outcome.REFUSED, "user.email_already_in_use")


def test_it_is_in_the_trail_though_nobody_heard_whether_it_was_made(create, tenant):
    """Also where the process dies: the row stands before Logto is asked."""
    tenant.faults.add(path="/api/users$", method="POST", drop=True, after=True)

    create(email="new@example.com")

    event = newest()
    assert (event.action, event.account_id) == ("account.created", "")
    assert (event.outcome, event.actor_id) == (Outcome.UNKNOWN, ADMIN)
    assert event.changes["email"] == [None, "n•••@example.com"]


def test_what_was_typed_stays(create, tenant):
    tenant.faults.add(path="/api/users$", method="POST", status=503)

    response = create(email="new@example.com", name="New Person")

    assert response.status_code == 503
    assert 'value="New Person"' in response.content.decode()


def test_the_same_page_makes_one_account(manager, tenant):
    sent = hidden(manager.get(ADD)) | WHY | {"begins": "password", "username": "newcomer"}

    assert manager.post(ADD, sent).status_code == 200
    assert "sent already" in text(manager.post(ADD, sent))


def test_who_is_not_signed_in_sees_no_form(db):
    assert Client().get(ADD).status_code == 302
