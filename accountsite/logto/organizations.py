"""Organizations, their members and what these may do in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from accountsite.logto import client, reading, users
from accountsite.logto.client import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiScope:
    """A permission of an API, that a role of organizations brings."""

    name: str
    api: str

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `resourceScopes`."""
        answer = reading.obj(data)
        return cls(
            name=reading.text(answer, "name"),
            api=reading.text(reading.part(answer, "resource"), "name"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that members of organizations can have.

    `description`, `scopes`, the names of what it allows, and `api_scopes` are given by the list of
    roles alone.
    """

    id: str
    name: str
    description: str | None
    scopes: tuple[str, ...]
    api_scopes: tuple[ApiScope, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `organizationRoles`, or an organization role itself."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text_or_none(answer, "description"),
            scopes=reading.items(answer, "scopes", _name),
            api_scopes=reading.items(answer, "resourceScopes", ApiScope.from_json),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A permission inside an organization."""

    id: str
    name: str
    description: str | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of the tenant's organization scopes, or of a member's."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text_or_none(answer, "description"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization. `roles` are a person's own, where it was asked for through a person."""

    id: str
    name: str
    description: str | None
    logo_url: str | None
    is_mfa_required: bool
    roles: tuple[Role, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's organizations."""
        answer = reading.obj(data)
        branding = reading.part_or_empty(answer, "branding")
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text_or_none(answer, "description"),
            logo_url=reading.text_or_none(branding, "logoUrl"),
            is_mfa_required=reading.flag(answer, "isMfaRequired", default=False),
            roles=reading.items(answer, "organizationRoles", Role.from_json),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in an organization."""

    user: users.User
    roles: tuple[Role, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of an organization's users."""
        answer = reading.obj(data)
        return cls(
            user=users.User.from_json(answer),
            roles=reading.items(answer, "organizationRoles", Role.from_json),
        )


def of_user(account_id: str) -> tuple[Organization, ...]:
    """A person's organizations, with their roles there. Raises NotFound."""
    return client.get(
        "/users/{}/organizations", account_id, read=reading.each(Organization.from_json)
    )


def search(
    text: str = "", *, page: int = 1, page_size: int = client.PAGE_SIZE
) -> Page[Organization]:
    """A page of organizations, those whose name or id contains the text."""
    return client.page(
        "/organizations",
        read=Organization.from_json,
        query={"q": text or None},
        number=page,
        size=page_size,
    )


def get(organization_id: str) -> Organization:
    """One organization. Raises NotFound."""
    return client.get("/organizations/{}", organization_id, read=Organization.from_json)


def members(
    organization_id: str,
    *,
    role_id: str | None = None,
    page: int = 1,
    page_size: int = client.PAGE_SIZE,
) -> Page[Member]:
    """A page of members, with a role if one is given; none for an unknown organization (measured).

    To find the last admin, ask for a page of two.
    """
    return client.page(
        "/organizations/{}/users",
        organization_id,
        read=Member.from_json,
        query={"organizationRoleId": role_id},
        number=page,
        size=page_size,
    )


def roles() -> tuple[Role, ...]:
    """All organization roles of the tenant, with the names of their scopes."""
    return client.every("/organization-roles", read=Role.from_json)


def scopes() -> tuple[Scope, ...]:
    """All permissions that organization roles of the tenant can bring, with their descriptions."""
    return client.every("/organization-scopes", read=Scope.from_json)


def roles_of_member(organization_id: str, *, account_id: str) -> tuple[Role, ...]:
    """What a member is there. Raises Rejected for somebody who is no member."""
    return client.every(
        "/organizations/{}/users/{}/roles", organization_id, account_id, read=Role.from_json
    )


def scopes_of_member(organization_id: str, *, account_id: str) -> tuple[Scope, ...]:
    """What a member may do there. Raises Rejected for somebody who is no member."""
    return client.get(
        "/organizations/{}/users/{}/scopes",
        organization_id,
        account_id,
        read=reading.each(Scope.from_json),
    )


def add(organization_id: str, *, account_ids: Iterable[str]) -> None:
    """Make people members. Raises NotFound for an unknown person or organization."""
    body = {"userIds": list(account_ids)}
    client.post("/organizations/{}/users", organization_id, body=body, read=reading.nothing)


def remove(organization_id: str, *, account_id: str) -> None:
    """End a membership, the last admin's too: look first. Raises NotFound for a stranger."""
    client.delete("/organizations/{}/users/{}", organization_id, account_id)


def replace_roles(organization_id: str, *, account_id: str, role_ids: Iterable[str]) -> None:
    """Give a member exactly these roles. Raises NotFound, or Invalid for an unknown role."""
    client.put(
        "/organizations/{}/users/{}/roles",
        organization_id,
        account_id,
        body={"organizationRoleIds": list(role_ids)},
        read=reading.nothing,
    )


def _name(data: Any) -> str:
    return reading.text(reading.obj(data), "name")
