"""Roles of the tenant, which people hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from accountsite.logto import client, reading, users
from accountsite.logto.client import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role. Those for machine-to-machine applications cannot be given to people."""

    id: str
    name: str
    description: str
    is_for_people: bool
    is_default: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's roles."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text(answer, "description"),
            is_for_people=reading.text(answer, "type") == "User",
            is_default=reading.flag(answer, "isDefault", default=False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A permission of an API, that a role brings."""

    id: str
    name: str
    description: str | None
    resource: str

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of a role's scopes, with the name of the API resource it belongs to."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text_or_none(answer, "description"),
            resource=reading.text(reading.part(answer, "resource"), "name"),
        )


def of_user(account_id: str) -> tuple[Role, ...]:
    """The roles that a person holds. Raises NotFound for an unknown person."""
    return client.every("/users/{}/roles", account_id, read=Role.from_json)


def every(*, with_those_for_machines: bool = False) -> tuple[Role, ...]:
    """All roles that people can hold; names are unique among these and those for machines."""
    query = None if with_those_for_machines else {"type": "User"}
    return client.every("/roles", read=Role.from_json, query=query)


def get(role_id: str) -> Role:
    """One role. Raises NotFound."""
    return client.get("/roles/{}", role_id, read=Role.from_json)


def scopes(role_id: str) -> tuple[Scope, ...]:
    """What a role allows. Raises NotFound."""
    return client.every("/roles/{}/scopes", role_id, read=Scope.from_json)


def holders(role_id: str, *, page: int = 1, page_size: int = client.PAGE_SIZE) -> Page[users.User]:
    """The people who hold a role. Raises NotFound."""
    return client.page(
        "/roles/{}/users", role_id, read=users.User.from_json, number=page, size=page_size
    )


def create(*, name: str, description: str) -> Role:
    """A new role for people, without permissions. Raises Conflict if the name is taken."""
    body = {"name": name, "description": description, "type": "User"}
    return client.post("/roles", body=body, read=Role.from_json)


def delete(role_id: str) -> None:
    """Delete a role; whoever held it loses it. Raises NotFound."""
    client.delete("/roles/{}", role_id)


def assign(account_id: str, *, role_ids: Iterable[str]) -> None:
    """Give a person more roles; those they hold already are no error.

    Raises RoleNotForPeople, and NotFound for an unknown role or person.
    """
    body = {"roleIds": list(role_ids)}
    client.post("/users/{}/roles", account_id, body=body, read=reading.nothing)


def replace(account_id: str, *, role_ids: Iterable[str]) -> None:
    """Give a person exactly these roles. Raises as `assign` does."""
    body = {"roleIds": list(role_ids)}
    client.put("/users/{}/roles", account_id, body=body, read=reading.nothing)


def remove(account_id: str, *, role_id: str) -> None:
    """Take a role from a person. Raises NotFound if they do not hold it."""
    client.delete("/users/{}/roles/{}", account_id, role_id)
