"""/users/:userId/identities: accounts at social and enterprise providers, and their stored tokens."""

import json
from typing import Any

from accountsite.demo import connectors, providers, state
from accountsite.demo.api import errors, guard, users
from accountsite.demo.api.calls import Answer, Call

IDENTITY = guard.obj({"userId": guard.text(), "details": guard.optional(guard.free_object())})
LINK = guard.obj({"connectorId": guard.text(), "connectorData": guard.free_object()})

DETAILS = ("id", "name", "email", "avatar")


def put(call: Call, user_id: str, target: str) -> Answer:
    """Write an identity as it is sent: 201 the first time, 200 when it overwrites."""
    identity = call.body(IDENTITY)
    user = users.find(user_id)
    refuse_taken(user, target, identity["userId"])
    is_new = target not in user.record["identities"]
    bind(user, target, identity)
    return Answer(user.record["identities"], status=201 if is_new else 200)


def link(call: Call, user_id: str) -> state.Json:
    """Let a connector read what its provider sent to the callback, and bind that account.

    An identity of that target is overwritten (measured).
    """
    asked = call.body(LINK)
    user = users.find(user_id)
    connector = state.tenant.connectors.get(asked["connectorId"])
    if connector is None:
        raise errors.not_found()
    if connector["type"] != "Social":
        message = f"{connector['id']} is no social connector."
        raise errors.Refused(422, "session.invalid_connector_id", message)
    if connectors.needs_session(connector):
        raise connectors.no_session()
    account = read_callback(connector, asked["connectorData"])
    refuse_taken(user, connector["target"], account["id"])
    bind(user, connector["target"], {"userId": account["id"], "details": account})
    return user.record["identities"]  # type: ignore[no-any-return]


def get(call: Call, user_id: str, target: str) -> state.Json:
    """One identity; with its stored token set, if it has one and `includeTokenSecret` is asked."""
    user = users.find(user_id)
    return {"identity": find(user, target)} | _token_set(call, user, target)


def delete(call: Call, user_id: str, target: str) -> state.Json:
    """Unbind, also the last way to sign in. Answers the user."""
    user = users.find(user_id)
    find(user, target)
    del user.record["identities"][target]
    user.token_sets.pop(target, None)
    user.touch()
    return users.shown(user)


def everything(call: Call, user_id: str) -> state.Json:
    """Social and enterprise identities together."""
    user = users.find(user_id)
    social = [
        {"identity": identity, "target": target} | _token_set(call, user, target)
        for target, identity in sorted(user.record["identities"].items())
    ]
    enterprise = [
        {"ssoIdentity": row, "ssoConnectorId": row["ssoConnectorId"]} for row in user.sso_identities
    ]
    return {"socialIdentities": social, "ssoIdentities": enterprise}


def enterprise(call: Call, user_id: str, sso_connector_id: str) -> state.Json:
    """One enterprise identity."""
    for row in users.find(user_id).sso_identities:
        if row["ssoConnectorId"] == sso_connector_id:
            return {"ssoIdentity": row}
    code = "user.enterprise_sso_identity_not_exists"
    raise errors.Refused(404, code, "This user has no identity there.")


def delete_secret(call: Call, secret_id: str) -> None:
    """Forget a stored token set."""
    for user in state.tenant.users.values():
        for target, token_set in user.token_sets.items():
            if token_set["id"] == secret_id:
                del user.token_sets[target]
                return
    raise errors.not_found()


def refuse_taken(user: state.User, target: str, subject: str) -> None:
    """Raises errors.Refused, 422, if another user has this account of the provider."""
    owner = state.tenant.find_identity(target, subject)
    if owner is not None and owner is not user:
        message = "Another user has this account."
        raise errors.Refused(422, "user.identity_already_in_use", message)


def bind(user: state.User, target: str, identity: state.Json) -> None:
    """Bind an account, in place of another one of that target; its stored tokens go."""
    # A new dict, ordered as Logto's database orders keys: shorter ones first.
    bound = user.record["identities"] | {target: identity}
    user.record["identities"] = dict(sorted(bound.items(), key=lambda one: (len(one[0]), one[0])))
    user.token_sets.pop(target, None)
    user.touch()


def find(user: state.User, target: str) -> Any:
    """The identity of a target. Raises errors.Refused, 404 `user.identity_not_exist`."""
    try:
        return user.record["identities"][target]
    except KeyError:
        message = f"This user has no account at {target}."
        raise errors.Refused(404, "user.identity_not_exist", message) from None


def _token_set(call: Call, user: state.User, target: str) -> state.Json:
    """Logto asks for the parameter's presence, not for what it says (read in its source)."""
    if "includeTokenSecret" in call.query and target in user.token_sets:
        return {"tokenSecret": user.token_sets[target]}
    return {}


def read_callback(connector: state.Json, data: state.Json) -> state.Json:
    """Whose account it is: id, name, email, avatar, as far as known, and rawData.

    Raises errors.Refused, 400, for a denial, a wrong code or unreadable data.
    """
    if connector["connectorId"] == connectors.MOCK:
        return _read_mock_callback(data)
    if "error" in data or not isinstance(data.get("code"), str):
        raise _general(data)
    if connector["target"] == "google" and not isinstance(data.get("redirectUri"), str):
        raise _general(data)
    account = providers.take(data["code"], connector["target"])
    if account is None:
        message = "The provider does not know this code."
        raise errors.Refused(400, "connector.social_auth_code_invalid", message)
    return _details(account) | {"rawData": {"userInfo": _details(account)}}


def _read_mock_callback(data: state.Json) -> state.Json:
    """Logto's connector for tests takes whatever the provider is said to have answered."""
    if not isinstance(data.get("code"), str):
        message = "The connector cannot read this."
        details = {"message": json.dumps(data)}
        raise errors.Refused(400, "connector.invalid_response", message, data=details)
    subject = data.get("userId") or f"mock-{state.new_id()}"
    return _details(data | {"id": subject}) | {"rawData": data}


def _details(account: state.Json) -> state.Json:
    return {key: account[key] for key in DETAILS if account.get(key)}


def _general(data: state.Json) -> errors.Refused:
    message = "The provider did not say who it is."
    return errors.Refused(400, "connector.general", message, data={"message": json.dumps(data)})
