"""Invitations to organizations. They are addressed to an email, not to an account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading
from accountsite.logto.organizations import Role


class Status(StrEnum):
    """What became of it. Logto calls one expired as soon as its time is over; others are over too."""

    PENDING = "Pending"
    ACCEPTED = "Accepted"
    EXPIRED = "Expired"
    REVOKED = "Revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, and the roles that come with it."""

    id: str
    organization_id: str
    invitee: str
    inviter_id: str | None
    status: Status
    roles: tuple[Role, ...]
    created_at: datetime
    expires_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's invitations."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            organization_id=reading.text(answer, "organizationId"),
            invitee=reading.text(answer, "invitee"),
            inviter_id=reading.text_or_none(answer, "inviterId"),
            status=reading.choice(answer, "status", Status, default=Status.REVOKED),
            roles=reading.items(answer, "organizationRoles", Role.from_json),
            created_at=reading.moment(answer, "createdAt"),
            expires_at=reading.moment(answer, "expiresAt"),
        )


def search(
    *, invitee: str | None = None, organization_id: str | None = None, inviter_id: str | None = None
) -> tuple[Invitation, ...]:
    """The invitations to an address in any case, to an organization, or by a person: all of them."""
    query = {"invitee": invitee, "organizationId": organization_id, "inviterId": inviter_id}
    read = reading.each(Invitation.from_json)
    return client.get("/organization-invitations", read=read, query=query)


def get(invitation_id: str) -> Invitation:
    """One invitation. Raises NotFound."""
    return client.get("/organization-invitations/{}", invitation_id, read=Invitation.from_json)


def create(
    organization_id: str,
    *,
    invitee: str,
    expires_at: datetime,
    role_ids: Iterable[str] = (),
    inviter_id: str | None = None,
) -> Invitation:
    """Invite an address, without a mail: see `send`.

    Raises Conflict while another invitation of theirs is pending, and Invalid, also for a member.
    """
    body = {
        "organizationId": organization_id,
        "invitee": invitee,
        "expiresAt": reading.milliseconds(expires_at),
        "organizationRoleIds": list(role_ids),
        "inviterId": inviter_id,
        "messagePayload": False,
    }
    return client.post("/organization-invitations", body=body, read=Invitation.from_json)


def send(invitation_id: str, *, link: str, extra: Mapping[str, str] | None = None) -> None:
    """Mail the invitation, through the connector's own template. Raises NotFound."""
    body = {"link": link, **(extra or {})}
    client.post(
        "/organization-invitations/{}/message", invitation_id, body=body, read=reading.nothing
    )


def accept(invitation_id: str, *, account_id: str) -> Invitation:
    """Make the person a member. Raises Invalid if the address is not theirs, or it is too late."""
    return _set_status(invitation_id, {"status": "Accepted", "acceptedUserId": account_id})


def revoke(invitation_id: str) -> Invitation:
    """End a pending invitation: what declining it does, too. Raises Invalid if it is not pending."""
    return _set_status(invitation_id, {"status": "Revoked"})


def delete(invitation_id: str) -> None:
    """Remove it without a trace. Raises NotFound."""
    client.delete("/organization-invitations/{}", invitation_id)


def _set_status(invitation_id: str, body: Mapping[str, str]) -> Invitation:
    return client.put(
        "/organization-invitations/{}/status",
        invitation_id,
        body=dict(body),
        read=Invitation.from_json,
    )
