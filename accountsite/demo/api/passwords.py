"""/users/:userId/password: set, verify, expire; and the policy, which only check-password applies."""

from accountsite.demo import password_policy, state
from accountsite.demo.api import errors, guard, users
from accountsite.demo.api.calls import Answer, Call

PASSWORD = guard.obj({"password": guard.text(minimum=1)})
EXPIRATION = guard.obj({"isExpired": guard.boolean()})
CANDIDATE = guard.obj({"password": guard.text(), "userId": guard.optional(guard.text())})


def update(call: Call, user_id: str) -> state.Json:
    """Set a password: no policy, no difference from the old one, sessions stay."""
    password = call.body(PASSWORD)["password"]
    user = users.find(user_id)
    user.password = state.hash_password(password)
    user.password_is_expired = False
    user.touch()
    return users.shown(user)


def verify(call: Call, user_id: str) -> None:
    """Whether it is the password. Nobody is locked out, whatever the number of tries."""
    password = call.body(PASSWORD)["password"]
    if not users.find(user_id).knows(password):
        message = "This is not the password."
        raise errors.Refused(422, "session.invalid_credentials", message)


def has_password(call: Call, user_id: str) -> state.Json:
    """Whether there is a password."""
    return {"hasPassword": users.find(user_id).password is not None}


def expire(call: Call, user_id: str) -> state.Json:
    """Have a new password asked for at the next sign-in; only where the tenant expires passwords."""
    is_expired = call.body(EXPIRATION)["isExpired"]
    user = users.find(user_id)
    if not state.tenant.sign_in_experience["passwordExpiration"].get("enabled"):
        code = "sign_in_experiences.password_expiration_not_enabled"
        raise errors.Refused(400, code, "Passwords of this tenant do not expire.")
    user.password_is_expired = is_expired
    return users.shown(user)


def check(call: Call) -> Answer | state.Json:
    """Whether the policy takes a password; 400 with every issue if not."""
    asked = call.body(CANDIDATE)
    policy = password_policy.Policy.from_json(state.tenant.sign_in_experience["passwordPolicy"])
    person: tuple[str, ...] = ()
    if "userId" in asked:
        person = password_policy.words_of(users.find(asked["userId"]).record)
    elif policy.rejects_user_info:
        message = "Say whose password it is to be."
        raise errors.bad_request(message, data={"message": message})
    issues = policy.issues(asked["password"], person)
    return Answer({"result": False, "issues": issues}, status=400) if issues else {"result": True}
