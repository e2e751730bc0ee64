"""/my-account/identities: accounts at providers, and the tokens that were stored of them."""

from accountsite.demo import state
from accountsite.demo.account import access, policies, records
from accountsite.demo.account.access import Person
from accountsite.demo.api import errors, guard, identities
from accountsite.demo.api.calls import Call

RECORD = guard.obj({"newIdentifierVerificationRecordId": guard.text()})
SCOPE = "email profile"


def link(call: Call, person: Person) -> None:
    """Bind the account of a record; 400 where another one of its provider is bound."""
    _link(call, person, replaces=False)


def replace(call: Call, person: Person) -> None:
    """Bind the account of a record, in place of another one of its provider."""
    _link(call, person, replaces=True)


def unlink(call: Call, person: Person, target: str) -> None:
    """Unbind, if another way to sign in stays."""
    person.must_edit("social")
    person.must_hold("identities", status=400)
    person.must_be_at_home()
    person.must_prove_if_they_can()
    user = person.user
    identities.find(user, target)
    left = {key: value for key, value in user.record["identities"].items() if key != target}
    policies.refuse_last_identifier(user, identities=left)
    user.record["identities"] = left
    user.token_sets.pop(target, None)
    access.changed(call, user)


def access_token(call: Call, person: Person, target: str) -> state.Json:
    """The provider's token that was stored when the account was linked."""
    person.must_hold("identities", status=403, code="auth.forbidden")
    token_set = person.user.token_sets.get(target)
    if token_set is None:
        code = "secrets.third_party_token_set.token_not_found"
        raise errors.Refused(404, code, "No token of that provider is stored.")
    return {
        "access_token": f"demo-{token_set['id']}",
        "scope": token_set["metadata"]["scope"],
        "token_type": token_set["metadata"]["tokenType"],
    }


def enterprise_access_token(call: Call, person: Person, connector_id: str) -> state.Json:
    """The same of an enterprise connector: none of the tenant's stores tokens."""
    return access_token(call, person, connector_id)


def _link(call: Call, person: Person, *, replaces: bool) -> None:
    record_id = call.body(RECORD)["newIdentifierVerificationRecordId"]
    person.must_edit("social")
    person.must_hold("identities")
    person.must_be_at_home()
    person.must_prove_if_they_can()
    data = records.find_verified(record_id, records.SOCIAL).data
    user, connector, account = person.user, data["connector"], data["account"]
    target = connector["target"]
    identities.refuse_taken(user, target, account["id"])
    if not replaces and target in user.record["identities"]:
        message = "An account of this provider is linked already."
        raise errors.Refused(400, "user.identity_already_in_use", message)
    identities.bind(user, target, {"userId": account["id"], "details": account})
    if connector["enableTokenStorage"]:
        user.token_sets[target] = _token_set(user, connector, account["id"])
    access.changed(call, user)


def _token_set(user: state.User, connector: state.Json, identity_id: str) -> state.Json:
    stored_at = state.now()
    return {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "userId": user.id,
        "type": "federated_token_set",
        "metadata": {"scope": SCOPE, "tokenType": "Bearer", "hasRefreshToken": False},
        "createdAt": stored_at,
        "updatedAt": stored_at,
        "connectorId": connector["id"],
        "identityId": identity_id,
        "target": connector["target"],
    }
