"""Rules of the tenant that the Account API keeps and the Management API does not."""

from accountsite.demo import password_policy, state
from accountsite.demo.api import errors


def refuse_password(user: state.User, password: str) -> None:
    """Raises errors.Refused, 422: `password.rejected` with every issue, or `user.same_password`."""
    policy = password_policy.Policy.from_json(state.tenant.sign_in_experience["passwordPolicy"])
    issues = policy.issues(password, password_policy.words_of(user.record))
    if issues:
        message = "The tenant's rules do not take this password."
        raise errors.Refused(422, "password.rejected", message, data=issues)
    if user.knows(password):
        raise errors.Refused(422, "user.same_password", "This is the password already.")


def refuse_username(username: str) -> None:
    """Raises errors.Refused, 422 `user.username_…`, for the first rule that is broken."""
    policy = state.tenant.sign_in_experience["usernamePolicy"]
    allowed = policy["allowedChars"]
    for code, is_broken in (
        ("too_short", len(username) < policy["minLength"]),
        ("too_long", len(username) > policy["maxLength"]),
        ("uppercase_not_allowed", not allowed["uppercase"] and any(map(str.isupper, username))),
        ("lowercase_not_allowed", not allowed["lowercase"] and any(map(str.islower, username))),
        ("numbers_not_allowed", not allowed["numbers"] and any(map(str.isdigit, username))),
        ("underscore_not_allowed", not allowed["underscore"] and "_" in username),
    ):
        if is_broken:
            raise errors.Refused(422, f"user.username_{code}", "The rules do not take this name.")


def refuse_email(address: str) -> None:
    """Raises errors.Refused, 422 `session.email_blocklist.…`. No list of disposable ones is kept."""
    policy = state.tenant.sign_in_experience["emailBlocklistPolicy"]
    blocked, allowed = policy.get("customBlocklist", ()), policy.get("customAllowlist", ())
    if policy.get("blockSubaddressing") and "+" in address.rpartition("@")[0]:
        raise _blocked("email_subaddressing_not_allowed")
    if (allowed and not _is_listed(address, allowed)) or _is_listed(address, blocked):
        raise _blocked("email_not_allowed")


def refuse_last_identifier(user: state.User, **changes: object) -> None:
    """Raises errors.Refused, 400, if with these changes of the record no way to sign in is left."""
    record = user.record | changes
    names = ("username", "primaryEmail", "primaryPhone", "identities")
    if not any(record[name] for name in names) and not user.sso_identities:
        code = "user.last_sign_in_method_required"
        raise errors.Refused(400, code, "Keep one way to sign in.")


def _is_listed(address: str, items: list[str]) -> bool:
    """Whether the address, or its domain written with an @, is among these."""
    folded = address.lower()
    domain = f"@{folded.rpartition('@')[2]}"
    return any(item.lower() in (folded, domain) for item in items)


def _blocked(kind: str) -> errors.Refused:
    message = "The tenant does not take this address."
    return errors.Refused(422, f"session.email_blocklist.{kind}", message)
