"""/connectors: what they are, and where a social one sends a person."""

from accountsite.demo import connectors, providers, state
from accountsite.demo.api import errors, guard
from accountsite.demo.api.calls import Call

DESTINATION = guard.obj({"state": guard.text(), "redirectUri": guard.text()})


def listing(call: Call) -> list[state.Json]:
    """Every connector, configuration and all; those of a `target` if one is asked for."""
    target = call.query.get("target")
    every = state.tenant.connectors.values()
    return [connector for connector in every if target in (None, connector["target"])]


def get(call: Call, connector_id: str) -> state.Json:
    """One connector."""
    return find(connector_id)


def authorization_uri(call: Call, connector_id: str) -> state.Json:
    """Where the person goes to say who they are; state and redirect URI are passed on as sent."""
    asked = call.body(DESTINATION)
    if not asked["state"] or not asked["redirectUri"]:
        message = "Send a state and a redirect URI."
        raise errors.Refused(400, "session.insufficient_info", message)
    connector = find(connector_id)
    if connector["type"] != "Social":
        message = "Nobody signs in with this kind of connector."
        raise errors.Refused(400, "connector.unexpected_type", message)
    if connectors.needs_session(connector):
        raise connectors.no_session()
    address = providers.authorization_uri(
        connector["target"], state=asked["state"], redirect_uri=asked["redirectUri"]
    )
    return {"redirectTo": address}


def enterprise(call: Call) -> list[state.Json]:
    """Connectors to enterprise providers."""
    return list(state.tenant.sso_connectors.values())


def enterprise_one(call: Call, connector_id: str) -> state.Json:
    """One connector to an enterprise provider."""
    if connector_id not in state.tenant.sso_connectors:
        raise errors.no_such("sso_connectors", connector_id)
    return state.tenant.sso_connectors[connector_id]


def find(connector_id: str) -> state.Json:
    """The connector with this id.

    Raises errors.Refused, 404 `entity.not_found`.
    """
    try:
        return state.tenant.connectors[connector_id]
    except KeyError:
        raise errors.not_found() from None
