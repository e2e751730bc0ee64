"""Organizations of the demo tenant: members, their roles, and invitations."""

import time

import pytest

from tests.demo.management import Api


@pytest.fixture
def club(api: Api) -> str:
    """The path of the one organization of the seed."""
    [organization] = api.get("/organizations")
    return f"/organizations/{organization['id']}"


def test_the_club_has_an_admin_and_members(api: Api, club: str):
    members = {
        member["username"]: [role["name"] for role in member["organizationRoles"]]
        for member in api.get(f"{club}/users")
    }

    assert members == {"alice": ["admin", "member"], "bob": ["member"], "dave": ["member"]}
    assert "hasPassword" not in api.get(f"{club}/users")[0]
    assert api.get(f"{club}/users", q="alice")[0]["username"] == "alice"


def test_the_list_counts_members(api: Api, club: str):
    assert api.get("/organizations", q="sailing")[0]["usersCount"] == 3
    assert api.get("/organizations", q="nosuch") == []


def test_what_a_role_allows_is_told_by_member(api: Api, club: str):
    alice, bob = api.person("alice")["id"], api.person("bob")["id"]

    scopes = {
        who: [scope["name"] for scope in api.get(f"{club}/users/{who}/scopes")]
        for who in (alice, bob)
    }

    assert scopes == {alice: ["manage:members", "book:berth"], bob: ["book:berth"]}


def test_leaving_ends_the_membership(api: Api, club: str):
    bob = api.person("bob")["id"]

    api.delete(f"{club}/users/{bob}")

    assert api.get(f"/users/{bob}/organizations") == []
    assert api.delete(f"{club}/users/{bob}", 404)["code"] == "entity.not_found"
    refusal = api.get(f"{club}/users/{bob}/roles", 422)
    assert refusal["code"] == "organization.require_membership"


def test_roles_of_a_member_are_given_by_name_or_id_replaced_and_taken(api: Api, club: str):
    path = f"{club}/users/{api.person('bob')['id']}/roles"
    admin = next(one for one in api.get("/organization-roles") if one["name"] == "admin")

    api.post(path, {"organizationRoleNames": ["admin"]}, 201)
    given = [role["name"] for role in api.get(path)]
    api.put(path, {"organizationRoleIds": [admin["id"]]}, 204)
    api.delete(f"{path}/{admin['id']}")

    assert given == ["member", "admin"]
    assert api.get(path) == []


def test_members_of_an_unknown_organization_are_nobody(api: Api):
    assert api.get("/organizations/nosuchorg/users") == []
    refusal = api.get("/organizations/nosuchorg", 404)
    assert refusal["code"] == "entity.not_exists_with_id"


def test_erin_accepts_the_invitation_that_waits_for_her(api: Api, club: str):
    erin = api.person("erin")["id"]
    [invitation] = api.get("/organization-invitations", invitee="Erin@example.com")
    path = f"/organization-invitations/{invitation['id']}/status"
    someone = api.new_user(primaryEmail="someone@example.com").removeprefix("/users/")

    wrong = api.put(path, {"status": "Accepted", "acceptedUserId": someone}, 422)
    accepted = api.put(path, {"status": "Accepted", "acceptedUserId": erin})
    again = api.put(path, {"status": "Revoked"}, 422)

    assert wrong["code"] == "request.invalid_input"
    assert (accepted["status"], accepted["acceptedUserId"]) == ("Accepted", erin)
    assert again["code"] == "request.invalid_input"
    [joined] = api.get(f"/users/{erin}/organizations")
    assert [role["name"] for role in joined["organizationRoles"]] == ["member"]


def test_an_invitation_goes_out_by_mail_once(api: Api, club: str):
    body = {
        "invitee": "new@example.com",
        "organizationId": club.removeprefix("/organizations/"),
        "expiresAt": int(time.time() * 1000) + 60_000,
        "messagePayload": {"code": "424242", "link": "https://example.com/join"},
    }

    made = api.post("/organization-invitations", body, 201)
    again = api.post("/organization-invitations", body, 422)

    assert made["status"] == "Pending"
    assert api.tenant.newest_code("new@example.com") == "424242"
    assert again["code"] == "organization_invitation.existing_pending_invitation"


def test_an_invitation_that_nobody_answered_in_time_has_expired(api: Api, club: str):
    soon = int(time.time() * 1000) + 300
    body = {
        "invitee": "late@example.com",
        "organizationId": club.removeprefix("/organizations/"),
        "expiresAt": soon,
        "messagePayload": False,
    }
    made = api.post("/organization-invitations", body, 201)

    time.sleep(0.35)

    assert api.get(f"/organization-invitations/{made['id']}")["status"] == "Expired"


def test_an_organization_goes_with_its_memberships_and_invitations(api: Api, club: str):
    api.delete(club)

    assert api.get(f"/users/{api.person('alice')['id']}/organizations") == []
    assert api.get("/organization-invitations") == []
