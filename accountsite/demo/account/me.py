"""/my-account: a person's own record, and what they may write into it; their password."""

from accountsite.demo import state
from accountsite.demo.account import access, policies
from accountsite.demo.account.access import Person
from accountsite.demo.api import errors, guard, users
from accountsite.demo.api.calls import Call

CHANGES = guard.obj(
    {
        "name": guard.optional(guard.nullable(guard.text())),
        "avatar": guard.optional(guard.nullable(guard.url())),
        "username": guard.optional(guard.nullable(users.USERNAME)),
        "customData": guard.optional(guard.free_object()),
    }
)
PASSWORD = guard.obj({"password": guard.text(minimum=1)})

# Which scope a key of the answer needs, and which area of the account center must show it.
SCOPES = {
    "primaryEmail": "email",
    "primaryPhone": "phone",
    "customData": "custom_data",
    "identities": "identities",
} | dict.fromkeys(
    (
        *("username", "name", "avatar", "lastSignInAt", "createdAt", "updatedAt", "profile"),
        *("applicationId", "cimdClientId", "isSuspended", "hasPassword"),
    ),
    "profile",
)
AREAS = {
    "username": "username",
    "primaryEmail": "email",
    "primaryPhone": "phone",
    "name": "name",
    "avatar": "avatar",
    "customData": "customData",
    "identities": "social",
    "profile": "profile",
    "hasPassword": "password",
}


def get(call: Call, person: Person) -> state.Json:
    """As much of the account as scopes and account center let through."""
    return _shown(person)


def update(call: Call, person: Person) -> state.Json:
    """Change what is sent. `customData` is replaced whole (measured); a username needs a proof."""
    changes = call.body(CHANGES)
    person.must_edit(*(AREAS[key] for key in changes))
    person.must_hold("profile", status=400)
    if "customData" in changes:
        person.must_hold("custom_data", status=400)
    person.must_be_at_home()
    if not changes:
        raise errors.nothing_to_change()
    if "username" in changes:
        person.must_prove()
        _refuse_username(person.user, changes["username"])
    users.refuse_long(changes)
    person.user.record.update(changes)
    access.changed(call, person.user)
    return _shown(person)


def merge_profile(call: Call, person: Person) -> state.Json:
    """Merge one level deep: claims stay that are not sent, `address` is one claim."""
    changes = call.body(users.PROFILE)
    person.must_edit("profile")
    person.must_hold("profile", status=400)
    if "address" in changes:
        person.must_hold("address", status=400)
    person.must_be_at_home()
    person.user.record["profile"] = person.user.record["profile"] | changes
    access.changed(call, person.user)
    return _profile(person)


def set_password(call: Call, person: Person) -> None:
    """Set a password that the tenant's policy takes. Sessions stay."""
    password = call.body(PASSWORD)["password"]
    person.must_be_at_home()
    person.must_prove_if_they_can()
    person.must_edit("password")
    policies.refuse_password(person.user, password)
    person.user.password = state.hash_password(password)
    person.user.password_is_expired = False
    access.changed(call, person.user)


def _refuse_username(user: state.User, username: str | None) -> None:
    if username is None:
        policies.refuse_last_identifier(user, username=None)
    else:
        policies.refuse_username(username)
        users.refuse_taken({"username": username}, but=user)


def _shown(person: Person) -> state.Json:
    known = users.shown(person.user) | {"profile": _profile(person)}
    seen = {
        key: value
        for key, value in known.items()
        if key == "id"
        or (SCOPES[key] in person.scopes and (key not in AREAS or access.is_shown(AREAS[key])))
    }
    return seen | {"hasSecurityVerificationMethod": person.can_prove}


def _profile(person: Person) -> state.Json:
    profile = person.user.record["profile"]
    return {key: profile[key] for key in profile if key != "address" or key in person.scopes}
