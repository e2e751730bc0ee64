"""/users: people, their profile and custom data, and whether they are suspended."""

from collections.abc import Callable
from typing import Any

from accountsite.demo import state
from accountsite.demo.api import errors, guard, paging, search
from accountsite.demo.api.calls import Answer, Call
from accountsite.demo.oidc import lifecycle

NAME_LIMIT = 128  # characters in the database, but also UTF-16 units for whoever reads it back
AVATAR_LIMIT = 2048

USERNAME = guard.text(pattern=r"[A-Za-z_]\w*")
EMAIL = guard.text(pattern=r"\S+@\S+\.\S+")
PHONE = guard.text(pattern=r"\d+")

CLAIMS = (
    "familyName",
    "givenName",
    "middleName",
    "nickname",
    "preferredUsername",
    "profile",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
)
ADDRESS_PARTS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")

_some_text = guard.optional(guard.text())
PROFILE = guard.obj(
    dict.fromkeys(CLAIMS, _some_text)
    | {"address": guard.optional(guard.obj(dict.fromkeys(ADDRESS_PARTS, _some_text)))}
)


def _clearable(check: guard.Check) -> guard.Check:
    """What PATCH takes for a field that may go: a value, null or an empty string."""
    return guard.optional(lambda value, path: None if value in (None, "") else check(value, path))


CHANGES = guard.obj(
    {
        "username": _clearable(USERNAME),
        "primaryEmail": _clearable(EMAIL),
        "primaryPhone": _clearable(PHONE),
        "name": _clearable(guard.text()),
        "avatar": _clearable(guard.url()),
        "customData": guard.optional(guard.free_object()),
        "profile": guard.optional(PROFILE),
    }
)
ALGORITHMS = ("Argon2i", "Argon2id", "Argon2d", "SHA1", "SHA256", "MD5", "Bcrypt", "Legacy")
NEW_USER = guard.obj(
    {
        "username": guard.optional(USERNAME),
        "primaryEmail": guard.optional(EMAIL),
        "primaryPhone": guard.optional(PHONE),
        "password": guard.optional(guard.text(minimum=1)),
        "passwordDigest": guard.optional(guard.text()),
        "passwordAlgorithm": guard.optional(guard.one_of(*ALGORITHMS)),
        "name": guard.optional(guard.text()),
        "avatar": guard.optional(guard.nullable(guard.either(guard.url(), guard.literal("")))),
        "customData": guard.optional(guard.free_object()),
        "profile": guard.optional(PROFILE),
    }
)
SUSPENSION = guard.obj({"isSuspended": guard.boolean()})
NEW_PROFILE = guard.obj({"profile": PROFILE})
NEW_CUSTOM_DATA = guard.obj({"customData": guard.free_object()})

TAKEN = {
    "username": "user.username_already_in_use",
    "primaryEmail": "user.email_already_in_use",
    "primaryPhone": "user.phone_already_in_use",
}


def find(user_id: str) -> state.User:
    """The user with this id.

    Raises errors.Refused, 404 `entity.not_found`.
    """
    try:
        return state.tenant.users[user_id]
    except KeyError:
        raise errors.not_found() from None


def shown(user: state.User) -> state.Json:
    """The user as every call shows them.

    A name of more than 128 UTF-16 units breaks the answer, as it does in Logto (measured: saved,
    then 500 wherever the user would be shown).
    """
    check_readable(user)
    return user.shown()


def check_readable(user: state.User) -> None:
    """Raises errors.Refused, 500, for a user whose name Logto could not read back."""
    name = user.record["name"]
    if name is not None and guard.utf16_length(name) > NAME_LIMIT:
        raise errors.broken()


def listing(call: Call) -> Answer:
    """Users, newest first, as the search in the query wants them."""
    found = list(filter(search.wanted(call.query), reversed(state.tenant.users.values())))
    number, size = paging.asked(call)
    rows = [shown(user) for user in found[(number - 1) * size : number * size]]
    return paging.answer(call, rows, len(found))


def create(call: Call) -> state.Json:
    """A new user. No password policy is applied."""
    fields = call.body(NEW_USER)
    password = _password(fields)
    fields = {key: value if value != "" else None for key, value in fields.items()}
    refuse_taken(fields, but=None)
    refuse_long(fields)
    user = state.tenant.new_user(**fields)
    user.password = password
    return shown(user)


def get(call: Call, user_id: str) -> state.Json:
    """One user; with their enterprise identities if `includeSsoIdentities=true`."""
    user = find(user_id)
    extra = {"ssoIdentities": user.sso_identities} if call.flag("includeSsoIdentities") else {}
    return shown(user) | extra


def update(call: Call, user_id: str) -> state.Json:
    """Change what is sent; `customData` and `profile` are replaced whole."""
    changes = call.body(CHANGES)
    user = find(user_id)
    if not changes:
        raise errors.nothing_to_change()
    refuse_taken(changes, but=user)
    refuse_long(changes)
    user.record.update(changes)
    user.touch()
    return shown(user)


def delete(call: Call, user_id: str) -> None:
    """Remove a user, with everything of theirs."""
    user = find(user_id)
    lifecycle.forget_user(user_id)
    call.happened = dict(user.record)
    state.tenant.remove_user(user_id)


def suspend(call: Call, user_id: str) -> state.Json:
    """Suspend, which ends sessions and tokens at once, or lift it, which revives none."""
    change = call.body(SUSPENSION)
    user = find(user_id)
    user.record.update(change)
    user.touch()
    if user.is_suspended:
        lifecycle.end_user(user_id)
    return shown(user)


def custom_data(call: Call, user_id: str) -> state.Json:
    """The bare custom data."""
    return find(user_id).record["customData"]  # type: ignore[no-any-return]


def merge_custom_data(call: Call, user_id: str) -> state.Json:
    """Merge one level deep: keys stay that are not sent."""
    return _merge(call, user_id, "customData", NEW_CUSTOM_DATA)


def merge_profile(call: Call, user_id: str) -> state.Json:
    """Merge one level deep: claims stay that are not sent, `address` is one claim."""
    return _merge(call, user_id, "profile", NEW_PROFILE)


def _merge(call: Call, user_id: str, field: str, check: guard.Check) -> state.Json:
    sent = call.body(check)[field]
    user = find(user_id)
    merged: state.Json = user.record[field] | sent
    user.record[field] = merged
    user.touch()
    return merged


def refuse_taken(fields: state.Json, *, but: state.User | None) -> None:
    """Raises errors.Refused, 422, if another user has one of these identifiers."""
    for field, code in TAKEN.items():
        value = fields.get(field)
        if value is None:
            continue
        same = _comparison(field)
        for user in state.tenant.users.values():
            theirs = user.record[field]
            if theirs is not None and user is not but and same(theirs) == same(value):
                raise errors.Refused(422, code, "Somebody else has this already.")


def _comparison(field: str) -> Callable[[str], str]:
    """Emails never differ by case alone; usernames do, unless the tenant's policy says else."""
    policy = state.tenant.sign_in_experience.get("usernamePolicy", {})
    folds = field == "primaryEmail" or (
        field == "username" and not policy.get("caseSensitive", True)
    )
    return str.lower if folds else str


def refuse_long(fields: state.Json) -> None:
    """Raises errors.Refused, 422 `entity.value_too_long`, for what no column could hold."""
    for field, limit in (
        ("username", NAME_LIMIT),
        ("primaryEmail", NAME_LIMIT),
        ("primaryPhone", NAME_LIMIT),
        ("name", NAME_LIMIT),
        ("avatar", AVATAR_LIMIT),
    ):
        value: Any = fields.get(field)
        if value is not None and len(value) > limit:
            raise errors.too_long(limit)


def _password(fields: state.Json) -> str | None:
    """Take the password out of the fields of a new user, hashed."""
    plain = fields.pop("password", None)
    digest = fields.pop("passwordDigest", None)
    algorithm = fields.pop("passwordAlgorithm", None)
    if plain is not None and digest is not None:
        message = "Send the password or its digest, not both."
        raise errors.Refused(400, "user.password_and_digest", message)
    if digest is not None and algorithm is None:
        message = "Say how the digest was made."
        raise errors.Refused(400, "user.password_algorithm_required", message)
    if plain is not None:
        return state.hash_password(plain)
    return None if digest is None else f"{algorithm.lower()}:{digest}"
