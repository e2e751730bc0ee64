"""Every kind of change that admins make to an account."""

from typing import Any

from accountsite.audit.actions import Action
from tests.cluster.beginnings import add_somebody, help_with
from tests.cluster.circumstances import (
    app,
    belongs,
    both,
    factor,
    has,
    has_another_device,
    has_authenticator,
    has_club_to_join,
    has_github,
    has_item,
    has_token,
    lets_in,
    role,
    session,
    tenant_role,
)
from tests.cluster.kinds import FACTORS, USER, Kind

PERSON = "/admin/directory/user/{id}/change/"


def by_admin(slug: str, action: Action, call: tuple[str, str], **rest: Any) -> Kind:
    """What an admin does to somebody; fields of its form are in `fields`."""
    return Kind(
        name=f"{action.value}, admin, {slug}",
        action=action,
        call=call,
        begin=help_with(slug, **rest.pop("fields", {})),
        page=rest.pop("page", PERSON),
        is_by_admin=True,
        **rest,
    )


BY_ADMINS = (
    Kind(
        name="account.created, admin, add",
        action=Action.ACCOUNT_CREATED,
        account="",
        begin=add_somebody,
        call=("POST", "/api/users$"),
        page="/admin/directory/user/?q=made-{email}",
        becomes="Made {number}",
        is_by_admin=True,
    ),
    by_admin("reset-password", Action.PASSWORD_RESET, ("PATCH", "/api/users/{id}/password")),
    by_admin(
        "sign-out",
        Action.SESSIONS_ENDED,
        ("DELETE", "/api/users/{id}/sessions/"),
        arrange=has_another_device,
    ),
    by_admin(
        "end-session",
        Action.SESSION_ENDED,
        ("DELETE", "/api/users/{id}/sessions/"),
        arrange=both(has_another_device, has_item(session)),
    ),
    by_admin("unlock", Action.ACCOUNT_UNLOCKED, ("POST", "/api/sentinel-activities/delete")),
    by_admin("invite", Action.ACCOUNT_INVITED, ("POST", "/api/one-time-tokens$")),
    by_admin(
        "edit",
        Action.PROFILE_CHANGED,
        ("PATCH", USER),
        fields={"name": "New name {number}"},
        was="Old name {number}",
        becomes="New name {number}",
    ),
    by_admin(
        "profile",
        Action.PROFILE_CHANGED,
        ("PATCH", "/api/users/{id}/profile"),
        fields={"nickname": "Nick {number}"},
        becomes="Nick {number}",
    ),
    by_admin(
        "email",
        Action.EMAIL_CHANGED,
        ("PATCH", USER),
        fields={"email": "new-{email}"},
        becomes="new-{email}",
    ),
    by_admin("phone", Action.PHONE_CHANGED, ("PATCH", USER), fields={"phone": "+{other_phone}"}),
    by_admin("username", Action.USERNAME_REMOVED, ("PATCH", USER), fields={"username": ""}),
    by_admin(
        "roles",
        Action.ROLES_CHANGED,
        ("PUT", "/api/users/{id}/roles"),
        fields={"roles": tenant_role},
    ),
    by_admin(
        "join",
        Action.ORGANIZATIONS_CHANGED,
        ("POST", "/api/organizations/.*/users$"),
        arrange=has_club_to_join,
        fields={"organization": lambda someone: someone.kept["club"]},
        becomes="Club {number}",
    ),
    by_admin(
        "leave",
        Action.ORGANIZATIONS_CHANGED,
        ("DELETE", "/api/organizations/.*/users/{id}"),
        arrange=has_item(belongs),
        was="Club {number}",
        can_repeat=False,
    ),
    by_admin(
        "organization-roles",
        Action.ORGANIZATIONS_CHANGED,
        ("PUT", "/api/organizations/.*/users/{id}/roles"),
        arrange=has_item(belongs),
        fields={"roles": lambda someone: [role(someone, "admin")]},
    ),
    by_admin(
        "custom-data",
        Action.CUSTOM_DATA_CHANGED,
        ("PATCH", "/api/users/{id}(/custom-data)?$"),
        fields={"document": '{"berth": "Berth {number}"}'},
        becomes="Berth {number}",
    ),
    by_admin(
        "unlink",
        Action.CONNECTION_REMOVED,
        ("DELETE", "/api/users/{id}/identities/"),
        arrange=both(has_github, has_item(lambda someone: "github")),
        was="old-{number}",
    ),
    by_admin(
        "remove-factor",
        Action.AUTHENTICATOR_REMOVED,
        ("DELETE", FACTORS),
        arrange=both(has_authenticator, has_item(factor)),
    ),
    by_admin(
        "revoke-token",
        Action.TOKEN_REMOVED,
        ("POST", "/api/users/{id}/personal-access-tokens/delete"),
        arrange=both(has_token, has_item(lambda someone: "Old printer")),
        was="Old printer",
    ),
    by_admin(
        "revoke-app",
        Action.APP_REVOKED,
        ("DELETE", "/api/users/{id}/grants/"),
        arrange=both(lets_in(is_third_party=True), has_item(app)),
        was="Prints {number}",
    ),
    by_admin(
        "suspend",
        Action.ACCOUNT_SUSPENDED,
        ("PATCH", "/api/users/{id}/is-suspended"),
        was="/{id}/suspend/",
        becomes="/{id}/lift/",
    ),
    by_admin(
        "lift",
        Action.ACCOUNT_RESTORED,
        ("PATCH", "/api/users/{id}/is-suspended"),
        arrange=has("PATCH", "is-suspended", isSuspended=True),
        was="/{id}/lift/",
        becomes="/{id}/suspend/",
    ),
    by_admin(
        "delete",
        Action.ACCOUNT_DELETED,
        ("DELETE", USER),
        fields={"typed": "{email}"},
        page="/admin/directory/user/",
        was="Old name {number}",
        can_repeat=False,
    ),
)
