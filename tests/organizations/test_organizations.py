"""What you belong to, with your roles and what they allow; who invites you; your roles here."""

import pytest

from tests import costs
from tests.organizations.conftest import BOB, HOUR
from tests.security.conftest import says, says_of

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/organizations/"


def items(page, heading):
    section = page.find(id=heading).find_parent("section")
    return [says_of(item) for item in section.find_all(class_="item")]


# Organizations


def test_without_any_it_says_how_one_gets_into_one(alice, browse, logto):
    page = browse(alice, PATH)

    assert "You are in no organization" in page.get_text()
    assert page.find(id="invitations") is None
    assert page.find(id="roles") is None


def test_each_has_its_roles_and_what_they_allow(alice, browse, logto):
    logto.club(alice="admin", bob="admin")
    logto.members["club"]["alice0000001"].append("r-member")
    logto.organizations["club"]["description"] = "Dinghies"

    page = browse(alice, PATH)

    [club] = items(page, "memberships")
    assert club.startswith("C Club Dinghies admin Runs it member What you may do there")
    allowed = [says_of(line) for line in page.find(class_="allows__list").find_all("li")]
    assert allowed == ["Invite and remove members", "book:berth", "read (in Weather )"]


def test_without_a_role_it_says_so(alice, browse, logto):
    logto.club(alice="", bob="admin")

    assert "Without a role" in items(browse(alice, PATH), "memberships")[0]


def test_one_that_wants_a_second_step_says_so(alice, browse, logto):
    logto.club(alice="member")
    logto.organizations["club"]["isMfaRequired"] = True

    assert "second step at sign-in" in items(browse(alice, PATH), "memberships")[0]


def test_they_stand_by_name(alice, browse, logto):
    for name in ("zebra", "Apple", "mango"):
        logto.club(name.lower(), title=name, alice="")

    links = browse(alice, PATH).find_all("a", string="Leave")
    names = [item.find("bdi").text for item in browse(alice, PATH).find_all(class_="item")]
    assert names == ["Apple", "mango", "zebra"]
    assert links is not None


@pytest.mark.parametrize(("count", "on_page", "pages"), [(1, 1, 1), (3, 3, 1), (500, 20, 25)])
def test_any_number_of_them_is_shown(alice, browse, logto, count, on_page, pages):
    for number in range(count):
        logto.club(f"club{number:03}", alice="member")

    page = browse(alice, PATH)

    assert len(items(page, "memberships")) == on_page
    pager = page.find(class_="pager")
    assert (pager is None) == (pages == 1)
    if pager:
        assert f"Page 1 of {pages}" in pager.get_text()
        assert "Club499" in items(browse(alice, f"{PATH}?page={pages}"), "memberships")[-1]
        assert browse(alice, f"{PATH}?at=club100").find(id="row-organization-club100")


def test_a_hundred_of_them_cost_no_more_than_one(alice, logto, wire):
    logto.club("first", alice="member")
    of_one = costs.of(alice, PATH, wire)

    for number in range(99):
        logto.club(f"club{number:03}", alice="member")

    assert costs.of(alice, PATH, wire) == of_one


HOSTILE = ["<script>alert(1)</script>", "\u202egnp.exe שלום", "🧪" * 64, "n" * 128]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_is_called_it_is_only_text(alice, browse, logto, name):
    logto.club(title=name, alice="member", bob="admin")
    logto.club("other", title=name, bob="admin")
    logto.invites("other", organizationRoles=[{"id": "r1", "name": name}])
    logto.roles = [role(name)]

    page = browse(alice, PATH)

    assert [tag.text for tag in page.find_all("bdi")].count(name) >= 6
    for path in ("club/leave/", "invitations/invitation-0/accept/"):
        assert name in browse(alice, f"{PATH}{path}").get_text()


# Roles here


def role(name, description="Answers questions"):
    return {
        "id": f"role-{name}",
        "name": name,
        "description": description,
        "type": "User",
        "isDefault": False,
    }


def test_roles_of_the_service_have_their_descriptions(alice, browse, logto):
    logto.roles = [role("support")]

    assert items(browse(alice, PATH), "roles") == ["support Answers questions"]


@pytest.mark.parametrize(("count", "folded"), [(1, 0), (10, 0), (11, 1), (100, 90)])
def test_many_roles_are_folded(alice, browse, logto, count, folded):
    logto.roles = [role(f"role {number}") for number in range(count)]

    page = browse(alice, PATH)

    assert len(items(page, "roles")) == count
    more = page.find("details", class_="more")
    assert len(more.find_all(class_="item") if more else []) == folded


# Invitations


def test_an_invitation_tells_who_invites_and_to_what(alice, browse, logto):
    logto.invites()

    page = browse(alice, PATH)

    [club] = items(page, "invitations")
    assert club.startswith("C Club Invited on")
    assert "Open until" in club
    assert "member Accept , Club Decline , Club" in club


def test_an_expired_one_is_shown_as_such(alice, browse, logto):
    logto.invites(status="Expired")

    [club] = items(browse(alice, PATH), "invitations")

    assert "Club Expired" in club
    assert "Ask for a new one if you want to join." in club
    assert "Accept" not in club


@pytest.mark.parametrize("status", ["Accepted", "Revoked"])
def test_an_answered_one_is_not_shown(alice, browse, logto, status):
    logto.invites(status=status)

    assert browse(alice, PATH).find(id="invitations") is None


def test_an_expired_one_is_no_news_where_there_is_a_newer_one(alice, browse, logto):
    logto.invites()
    logto.invites(status="Expired")

    assert len(items(browse(alice, PATH), "invitations")) == 1


def test_nor_for_a_member(alice, browse, logto):
    logto.club(alice="member", bob="admin")
    logto.invites(status="Expired")

    assert browse(alice, PATH).find(id="invitations") is None


def test_an_invitation_to_another_address_is_not_shown(alice, browse, logto):
    logto.invites(invitee="bob@example.com")

    assert browse(alice, PATH).find(id="invitations") is None


def test_an_address_is_the_same_in_any_case(alice, browse, logto):
    logto.invites(invitee="Alice@Example.com")

    assert len(items(browse(alice, PATH), "invitations")) == 1


def test_what_counts_is_the_address_of_now(alice, browse, logto):
    """The session remembers the one from before."""
    logto.person["primaryEmail"] = "new@example.com"
    logto.invites()
    logto.invites("band", invitee="new@example.com")

    [shown] = items(browse(alice, PATH), "invitations")

    assert "Band" in shown


def test_without_an_address_nobody_can_invite(client, sign_in, browse, logto):
    logto.person["primaryEmail"] = None
    logto.invites()
    logto.invites(invitee="")

    assert browse(sign_in(client, email=None), PATH).find(id="invitations") is None
    assert "GET /organization-invitations" not in logto.calls


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(1, 1, ""), (20, 20, ""), (500, 20, "480 more")]
)
def test_many_invitations_come_up_bit_by_bit(alice, browse, logto, count, shown, more):
    logto.club(bob="admin")
    for _number in range(count):
        logto.invites()

    page = browse(alice, PATH)

    assert len(items(page, "invitations")) == shown
    assert more in page.find(id="invitations").find_parent("section").get_text()


def test_an_invitation_of_an_organization_that_is_gone_is_not_shown(alice, browse, logto):
    logto.invites()
    del logto.organizations["club"]

    assert browse(alice, PATH).find(id="invitations") is None


# What it takes


def test_it_takes_one_round_trip(alice, logto):
    logto.club(alice="admin", bob="member")
    logto.trips.begin()

    alice.get(PATH)

    assert logto.trips.count == 1


def test_a_name_that_nobody_asked_for_takes_a_second_one_once(alice, logto):
    logto.invites()
    logto.trips.begin()
    alice.get(PATH)
    assert logto.trips.count == 2
    logto.trips.begin()

    alice.get(PATH)

    assert logto.trips.count == 1


@pytest.mark.parametrize(
    ("down", "words"),
    [
        ("/organization-roles", "What your roles allow can’t be read at the moment."),
        ("/organization-scopes", "What your roles allow can’t be read at the moment."),
        ("/organization-invitations", "Whether somebody invites you can’t be read at the moment."),
        ("alice0000001/roles", "Your roles can’t be read at the moment."),
        ("/organizations/band", "Whether somebody invites you can’t be read at the moment."),
    ],
)
def test_a_part_that_can_t_be_read_says_so_and_the_rest_is_there(alice, logto, down, words):
    logto.club(alice="admin", bob="admin")
    logto.invites("band")
    logto.down = {down}

    answer = alice.get(PATH)

    assert answer.status_code == 200
    assert words in says(answer)
    assert "Club" in says(answer)


@pytest.mark.parametrize("down", ["alice0000001", "alice0000001/organizations"])
def test_without_the_main_thing_there_is_no_page(alice, logto, down):
    logto.down = {down}

    assert alice.get(PATH).status_code == 503


def test_nothing_of_others_is_shown(alice, logto):
    logto.club(bob="admin")

    answer = alice.get(PATH)

    assert "Club" not in says(answer)
    assert BOB not in answer.text
    assert HOUR
