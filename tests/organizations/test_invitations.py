"""Answering an invitation: only one's own, only while it waits, and told to its end."""

import pytest

from accountsite.appearance.isolation import isolated
from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.limits import turns
from tests.conftest import ALICE, HTMX
from tests.security.conftest import letters, says, trail

CLUB = isolated("Club")
pytestmark = pytest.mark.django_db(transaction=True)

ACCEPT = "/organizations/invitations/invitation-0/accept/"
DECLINE = "/organizations/invitations/invitation-0/decline/"
ANSWERED = "PUT /organization-invitations/invitation-0/status"
TOO_LATE = "This invitation can’t be answered any more"


@pytest.fixture(params=[ACCEPT, DECLINE], ids=["accept", "decline"])
def path(request):
    """The address of either answer."""
    return request.param


def test_before_joining_it_tells_what_comes_with_it(alice, browse, logto):
    logto.invites()

    page = browse(alice, ACCEPT)

    assert "Join “Club”" in page.get_text()
    assert "You get these roles there: member" in " ".join(page.get_text(" ").split())
    assert "can see your name, your email address and your picture" in page.get_text()
    assert logto.writes == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_accepting_makes_one_a_member(alice, logto, headers):
    logto.invites()

    answer = alice.post(ACCEPT, headers=headers)

    assert (answer.get("Location") or answer.get("HX-Redirect")) == "/organizations/"
    assert logto.members["club"][ALICE] == ["r-member"]
    assert trail() == [("invitation.accepted", "done")]
    changes = AuditEvent.objects.get().changes
    assert changes == {"organization": [None, "Club"], "roles": [None, "member"]}
    assert letters() == ["You joined an organization"]
    assert f"You joined {CLUB}." in says(alice.get("/organizations/"))


def test_before_declining_it_asks(alice, browse, logto):
    logto.invites()

    assert "you need a new one" in browse(alice, DECLINE).get_text()
    assert logto.writes == []


def test_declining_ends_the_invitation(alice, logto):
    logto.invites()

    alice.post(DECLINE)

    assert logto.invitations[0]["status"] == "Revoked"
    assert ALICE not in logto.members["club"]
    assert trail() == [("invitation.declined", "done")]
    assert letters() == ["An invitation to an organization was declined"]
    assert f"You declined the invitation of {CLUB}." in says(alice.get("/organizations/"))


def refused(alice, path, logto):
    """Tries an answer, and gives what both pages say."""
    asked, answer = alice.get(path), alice.post(path)
    assert asked.status_code == 404
    assert answer.status_code == 422
    assert logto.writes == []
    assert trail() == []
    return says(answer)


def test_an_invitation_of_somebody_else_is_nothing(alice, logto, path):
    logto.invites(invitee="bob@example.com")

    assert TOO_LATE in refused(alice, path, logto)


def test_nor_where_logto_lists_those_of_everybody(alice, logto, path):
    logto.lists_all_invitations = True
    logto.invites(invitee="bob@example.com")

    assert TOO_LATE in refused(alice, path, logto)


def test_nor_is_one_to_an_address_from_before(alice, logto, path):
    """The session remembers an address that is somebody else's by now."""
    logto.person["primaryEmail"] = "new@example.com"
    logto.invites()

    assert TOO_LATE in refused(alice, path, logto)


def test_nor_is_one_that_does_not_exist(alice, logto, path):
    assert TOO_LATE in refused(alice, path, logto)


@pytest.mark.parametrize("status", ["Expired", "Accepted", "Revoked"])
def test_one_that_does_not_wait_can_t_be_answered(alice, logto, path, status):
    logto.invites(status=status)

    assert TOO_LATE in refused(alice, path, logto)


def test_one_that_is_answered_in_between_is_told_of(alice, logto, path):
    logto.invites()
    logto.meanwhile = lambda: logto.invitations[0].update(status="Revoked")

    answer = alice.post(path)

    assert TOO_LATE in says(answer)
    assert [outcome for _action, outcome in trail()] == ["refused"]
    assert letters() == []


def test_sent_twice_it_is_told_the_second_time(alice, logto, path):
    logto.invites()
    alice.post(path)

    again = alice.post(path)

    assert TOO_LATE in says(again)
    assert logto.writes == [ANSWERED]


def test_two_pages_answer_one_after_the_other(alice, logto, path):
    logto.invites()

    with turns.alone("invitation:invitation-0"):
        answer = alice.post(path)

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


def test_it_wants_a_fresh_proof(alice, logto, path):
    logto.invites()
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert alice.post(path)["Location"] == "/confirm/"
    assert logto.writes == []


def test_from_the_list_a_page_takes_one_round_trip_and_an_answer_two(alice, logto, path):
    logto.invites()
    alice.get("/organizations/")
    logto.trips.begin()
    alice.get(path)
    assert logto.trips.count == 1
    logto.trips.begin()

    alice.post(path)

    assert logto.trips.count == 2


def test_when_logto_is_down_it_says_so(alice, logto, path):
    logto.invites()
    logto.down = {"/status"}

    answer = alice.post(path)

    assert answer.status_code == 503
    assert "could not be reached" in says(answer)
    assert [outcome for _action, outcome in trail()] == ["unknown"]
