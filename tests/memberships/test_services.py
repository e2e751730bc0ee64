"""Who is the last admin of an organization."""

from typing import Any

import pytest
from django.conf import settings
from responses import RequestsMock, matchers

from accountsite.logto import errors
from accountsite.memberships import services as memberships
from tests.logto import answers

API = f"{settings.LOGTO_ENDPOINT}/api"
ADMIN = {"id": "r-admin", "name": "captain", "scopes": ["manage:members", "book:berth"]}
MEMBER = {"id": "r-member", "name": "member", "scopes": ["book:berth", "read:member"]}


def role(id: str, name: str, scopes: list[str]) -> dict[str, Any]:  # noqa: A002 - Logto's name
    named = [{"id": f"s-{scope}", "name": scope} for scope in scopes]
    return {"id": id, "name": name, "description": None, "scopes": named}


@pytest.fixture
def tenant(wire: RequestsMock) -> Any:
    """Gives Logto's side: the roles, and who holds them in which of u1's organizations."""

    def tenant(people: dict[str, dict[str, list[str]]], roles: Any = (ADMIN, MEMBER)) -> None:
        suspended = {"suspended"}
        wire.get(f"{API}/organization-roles", json=[role(**each) for each in roles])
        named = {each["id"]: {"id": each["id"], "name": each["name"]} for each in roles}
        wire.get(
            f"{API}/users/u1/organizations",
            json=[
                answers.organization(
                    id=name, name=name, organizationRoles=[named[held] for held in members["u1"]]
                )
                for name, members in people.items()
            ],
        )
        for name, members in people.items():
            for role_id in (None, *named):
                found = [who for who, held in members.items() if role_id in (None, *held)]
                size = "20" if role_id else "1"
                query = {"page": "1", "page_size": size}
                wire.get(
                    f"{API}/organizations/{name}/users",
                    json=[
                        answers.user(id=who, isSuspended=who in suspended, organizationRoles=[])
                        for who in found
                    ],
                    headers={"Total-Number": str(len(found))},
                    match=[
                        matchers.query_param_matcher(
                            {**query, **({"organizationRoleId": role_id} if role_id else {})}
                        )
                    ],
                )

    return tenant


def found() -> dict[str, int]:
    return {each.organization.id: each.others for each in memberships.last_admin_of("u1")}


def test_the_only_admin_of_others_is_the_last_one(tenant: Any) -> None:
    tenant({"club": {"u1": ["r-admin", "r-member"], "u2": ["r-member"], "u3": []}})

    assert found() == {"club": 2}


def test_a_second_admin_is_enough(tenant: Any) -> None:
    tenant({"club": {"u1": ["r-admin"], "u2": ["r-admin"]}})

    assert found() == {}


def test_a_second_admin_may_be_one_by_another_role(tenant: Any) -> None:
    owner = {"id": "r-owner", "name": "owner", "scopes": ["delete:member"]}
    tenant({"club": {"u1": ["r-admin"], "u2": ["r-owner"]}}, roles=(ADMIN, MEMBER, owner))

    assert found() == {}


def test_a_suspended_admin_helps_nobody(tenant: Any) -> None:
    tenant({"club": {"u1": ["r-admin"], "suspended": ["r-admin"]}})

    assert found() == {"club": 1}


def test_who_only_belongs_to_it_is_no_admin(tenant: Any) -> None:
    tenant({"club": {"u1": ["r-member"], "u2": []}})

    assert found() == {}


def test_an_organization_of_one_has_no_others(tenant: Any) -> None:
    tenant({"own": {"u1": ["r-admin"]}})

    assert found() == {"own": 0}


def test_each_of_several_organizations_is_looked_at(tenant: Any) -> None:
    tenant(
        {
            "club": {"u1": ["r-admin"], "u2": []},
            "firm": {"u1": ["r-admin"], "u2": ["r-admin"]},
            "band": {"u1": ["r-member"], "u2": []},
            "own": {"u1": ["r-admin"]},
        }
    )

    assert found() == {"club": 1, "own": 0}


def test_without_organizations_nobody_asks_for_members(tenant: Any, wire: RequestsMock) -> None:
    tenant({})

    assert found() == {}


def test_it_is_told_when_logto_is_silent(wire: RequestsMock) -> None:
    wire.get(f"{API}/users/u1/organizations", status=503)
    wire.get(f"{API}/organization-roles", status=503)

    with pytest.raises(errors.Unavailable):
        memberships.last_admin_of("u1")


@pytest.mark.parametrize(
    ("scope", "makes_admins"),
    [
        ("manage:members", True),
        ("manage:member", True),
        ("delete:member", True),
        ("Member.Manage", True),
        ("org_membership_write", True),
        ("read:member", False),
        ("invite:member", False),
        ("manage:berths", False),
        ("remember:all", False),
    ],
)
def test_a_scope_to_manage_members_makes_admins(scope: str, *, makes_admins: bool) -> None:
    roles = [roles_role("r1", "helper", [scope])]

    assert memberships.admin_role_ids(roles) == ({"r1"} if makes_admins else set())


def test_without_such_scopes_the_name_tells(settings: Any) -> None:
    roles = [
        roles_role("r1", "Admin", []),
        roles_role("r2", "owner", ["book:berth"]),
        roles_role("r3", "editor", []),
    ]

    assert memberships.admin_role_ids(roles) == {"r1", "r2"}


def test_a_name_tells_nothing_where_scopes_do() -> None:
    roles = [roles_role("r1", "admin", []), roles_role("r2", "captain", ["manage:member"])]

    assert memberships.admin_role_ids(roles) == {"r2"}


def test_the_operators_word_is_the_last(settings: Any) -> None:
    settings.ORGANIZATION_ADMIN_ROLES = ["captain", "Purser"]
    roles = [
        roles_role("r1", "admin", ["manage:members"]),
        roles_role("r2", "Captain", []),
        roles_role("r3", "purser", []),
    ]

    assert memberships.admin_role_ids(roles) == {"r2", "r3"}


def roles_role(id: str, name: str, scopes: list[str]) -> Any:  # noqa: A002 - Logto's name
    return memberships.Role.from_json(role(id, name, scopes))
