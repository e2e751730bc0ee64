"""/organization-invitations: asking people by mail to join an organization."""

from accountsite.demo import state
from accountsite.demo.api import errors, guard, organizations, users
from accountsite.demo.api.calls import Answer, Call, created

_message = guard.obj(
    {
        "code": guard.optional(guard.text()),
        "link": guard.optional(guard.text()),
        "locale": guard.optional(guard.text()),
        "uiLocales": guard.optional(guard.text()),
    }
)
NEW_INVITATION = guard.obj(
    {
        "inviterId": guard.optional(guard.nullable(guard.text())),
        "invitee": users.EMAIL,
        "organizationId": guard.text(minimum=1, maximum=21),
        "expiresAt": guard.number(),
        "organizationRoleIds": guard.optional(guard.array(guard.text())),
        "messagePayload": guard.either(_message, guard.boolean()),
    }
)
STATUS = guard.obj(
    {
        "acceptedUserId": guard.optional(guard.nullable(guard.text())),
        "status": guard.one_of("Accepted", "Revoked"),
    }
)


def listing(call: Call) -> list[state.Json]:
    """Invitations, newest first, narrowed by organization, inviter, or invitee in any case."""
    filters = {key: call.query.get(key) for key in ("organizationId", "inviterId")}
    invitee = call.query.get("invitee", "").lower()
    return [
        shown(invitation)
        for invitation in reversed(state.tenant.invitations.values())
        if all(value in (None, invitation[key]) for key, value in filters.items())
        and invitee in ("", invitation["invitee"].lower())
    ]


def create(call: Call) -> Answer:
    """Invite an address; the mail goes out unless `messagePayload` is false."""
    asked = call.body(NEW_INVITATION)
    if asked["expiresAt"] <= state.now():
        raise errors.bad_request("The invitation would have expired already.")
    if asked["organizationId"] not in state.tenant.organizations:
        raise errors.dangling()
    role_ids = asked.get("organizationRoleIds", [])
    if any(role_id not in state.tenant.organization_roles for role_id in role_ids):
        raise errors.dangling()
    _refuse_repeated(asked)
    invitation = state.tenant.new_invitation(
        organization_id=asked["organizationId"],
        invitee=asked["invitee"],
        inviter_id=asked.get("inviterId"),
        role_ids=role_ids,
        expires_at=asked["expiresAt"],
    )
    if isinstance(asked["messagePayload"], dict):
        _send(invitation, asked["messagePayload"])
    return created(shown(invitation))


def get(call: Call, invitation_id: str) -> state.Json:
    """One invitation."""
    return shown(find(invitation_id))


def delete(call: Call, invitation_id: str) -> None:
    """Remove an invitation."""
    if state.tenant.invitations.pop(invitation_id, None) is None:
        raise errors.not_found()


def update_status(call: Call, invitation_id: str) -> state.Json:
    """Accept for a user with that address, who joins with the roles; or revoke."""
    asked = call.body(STATUS)
    invitation = find(invitation_id)
    if shown(invitation)["status"] != "Pending":
        message = "Only a pending invitation can be answered."
        raise errors.Refused(422, "request.invalid_input", message)
    if asked["status"] == "Accepted":
        _join(invitation, asked.get("acceptedUserId"))
    invitation["status"] = asked["status"]
    invitation["updatedAt"] = state.now()
    call.happened = {"organizationId": invitation["organizationId"]}
    if invitation["acceptedUserId"]:
        call.happened["addedUserIds"] = [invitation["acceptedUserId"]]
    return shown(invitation)


def send_message(call: Call, invitation_id: str) -> None:
    """Send the mail again."""
    payload = call.body(_message)
    _send(find(invitation_id), payload)


def shown(invitation: state.Json) -> state.Json:
    """The invitation as it is now: one that nobody answered in time has expired."""
    roles = [
        {"id": role["id"], "name": role["name"]}
        for role_id in invitation["role_ids"]
        if (role := state.tenant.organization_roles.get(role_id))
    ]
    row = {key: value for key, value in invitation.items() if key != "role_ids"}
    if row["status"] == "Pending" and row["expiresAt"] <= state.now():
        row["status"] = "Expired"
    return row | {"organizationRoles": roles}


def find(invitation_id: str) -> state.Json:
    """The invitation with this id.

    Raises errors.Refused, 404 `entity.not_exists_with_id`.
    """
    try:
        return state.tenant.invitations[invitation_id]
    except KeyError:
        raise errors.no_such("organization invitation", invitation_id) from None


def _join(invitation: state.Json, user_id: str | None) -> None:
    if user_id is None:
        message = "Say who accepts."
        raise errors.Refused(422, "request.invalid_input", message)
    user = users.find(user_id)
    email = user.record["primaryEmail"] or ""
    if email.lower() != invitation["invitee"].lower():
        message = "The invitation is for another address."
        raise errors.Refused(422, "request.invalid_input", message)
    members = state.tenant.members[invitation["organizationId"]]
    present = members.setdefault(user_id, [])
    present += [role_id for role_id in invitation["role_ids"] if role_id not in present]
    invitation["acceptedUserId"] = user_id


def _refuse_repeated(asked: state.Json) -> None:
    same = ("organizationId", "invitee")
    for invitation in state.tenant.invitations.values():
        is_same = all(invitation[key] == asked[key] for key in same)
        if is_same and shown(invitation)["status"] == "Pending":
            code = "organization_invitation.existing_pending_invitation"
            raise errors.Refused(422, code, "There is an invitation that waits already.")
    user = state.tenant.find_user(asked["invitee"])
    if user is not None and user.id in state.tenant.members[asked["organizationId"]]:
        code = "organization_invitation.already_member"
        raise errors.Refused(422, code, "This person is a member already.")


def _send(invitation: state.Json, payload: state.Json) -> None:
    name = organizations.find(invitation["organizationId"])["name"]
    text = f"You are invited to join {name}. {payload.get('link', '')}".strip()
    code = payload.get("code")
    state.tenant.send(invitation["invitee"], subject=f"Join {name}", text=text, code=code)
