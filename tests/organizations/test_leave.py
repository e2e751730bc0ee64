"""Leaving an organization: asked first, not as its last admin, and only one's own."""

import pytest

from accountsite.appearance.isolation import isolated
from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.limits import turns
from tests.conftest import ALICE, HTMX
from tests.organizations.conftest import BOB
from tests.security.conftest import letters, says, trail

CLUB = isolated("Club")
pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/organizations/club/leave/"
LEFT = f"DELETE /organizations/club/users/{ALICE}"


def test_it_tells_first_what_it_means(alice, browse, logto):
    logto.club(alice="member", bob="admin")

    page = browse(alice, PATH)

    assert "Leave “Club”" in page.get_text()
    assert "You lose your roles there" in page.get_text()
    assert (
        page.find("a", string="Cancel")["href"] == "/organizations/?at=club#row-organization-club"
    )
    assert logto.writes == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_then_the_membership_ends(alice, logto, headers):
    logto.club(alice="member", bob="admin")

    answer = alice.post(PATH, headers=headers)

    assert (answer.get("Location") or answer.get("HX-Redirect")) == "/organizations/"
    assert logto.writes == [LEFT]
    assert trail() == [("organization.left", "done")]
    assert AuditEvent.objects.get().changes == {"organization": ["Club", None]}
    assert letters() == ["You left an organization"]
    assert f"You left {CLUB}." in says(alice.get("/organizations/"))


def test_the_last_admin_of_others_is_told_before(alice, logto):
    logto.club(alice="admin", bob="member", carol="member")

    answer = alice.get(PATH)

    assert f"You are the only admin of {CLUB}, and 2 other people are in it." in says(answer)
    assert "Make one of them an admin first, then leave." in says(answer)
    assert '<form class="edit"' not in answer.text


def test_and_cannot_leave(alice, logto):
    logto.club(alice="admin", bob="member")

    answer = alice.post(PATH)

    assert answer.status_code == 422
    assert f"You are the only admin of {CLUB}, and 1 other person is in it." in says(answer)
    assert logto.writes == []
    assert trail() == [("organization.left", "refused")]
    assert letters() == []


def test_a_second_admin_is_enough(alice, logto):
    logto.club(alice="admin", bob="admin")

    alice.post(PATH)

    assert logto.writes == [LEFT]


def test_unless_that_one_is_suspended(alice, logto):
    logto.club(alice="admin", bob="admin")
    logto.suspended = {BOB}

    alice.post(PATH)

    assert logto.writes == []


def test_who_is_its_only_member_may_leave_and_is_told(alice, logto):
    logto.club(alice="admin")

    assert "You are its only member" in says(alice.get(PATH))
    alice.post(PATH)

    assert logto.writes == [LEFT]


def test_two_admins_who_leave_at_once_do_so_one_after_the_other(alice, logto):
    logto.club(alice="admin", bob="admin", carol="member")

    with turns.alone("organization:club"):  # bob is at it
        answer = alice.post(PATH)

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_organization_of_others_is_none_of_ours(alice, logto, method):
    logto.club(bob="admin")

    answer = getattr(alice, method)(PATH)

    assert answer.status_code == (404 if method == "get" else 422)
    assert logto.writes == []
    assert not [call for call in logto.calls if call.startswith("GET /organizations/")]
    assert trail() == []


def test_who_was_removed_meanwhile_is_told(alice, logto):
    logto.club(alice="member", bob="admin")
    logto.meanwhile = lambda: logto.members["club"].pop(ALICE, None)

    answer = alice.post(PATH)

    assert "You are not in this organization any more." in says(answer)
    assert trail() == [("organization.left", "refused")]


def test_sent_twice_it_is_told_the_second_time(alice, logto):
    logto.club(alice="member", bob="admin")
    alice.post(PATH)

    again = alice.post(PATH)

    assert "You are not in this organization any more." in says(again)
    assert len(letters()) == 1


def test_it_wants_a_fresh_proof(alice, logto):
    logto.club(alice="member", bob="admin")
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert alice.post(PATH)["Location"] == "/confirm/"
    assert logto.writes == []


@pytest.mark.parametrize(("role", "asked", "changed"), [("member", 1, 2), ("admin", 2, 3)])
def test_only_an_admin_waits_for_who_else_is_one(alice, logto, role, asked, changed):
    logto.club(alice=role, bob="admin")
    alice.get("/organizations/")
    logto.trips.begin()
    alice.get(PATH)
    assert logto.trips.count == asked
    logto.trips.begin()

    alice.post(PATH)

    assert logto.trips.count == changed


@pytest.mark.parametrize("down", [ALICE, "/organization-roles", "/club/users"])
def test_when_logto_is_down_nobody_leaves(alice, logto, down):
    logto.club(alice="admin", bob="admin")
    logto.down = {down}

    answer = alice.post(PATH)

    assert answer.status_code == 503
    assert "could not be reached" in says(answer)
