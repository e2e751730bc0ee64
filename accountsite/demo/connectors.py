"""Connectors: to providers of social accounts, and to mail and text services."""

from accountsite.demo import state
from accountsite.demo.api import errors

MOCK = "mock-social-connector"

# The factories that keep something in the sign-in session (setSession in their source), which the
# Management API does not have.
NEED_A_SESSION = (
    *("amazon", "apple", "gitlab", "huggingface", "line", "linkedin", "oauth", "oidc"),
    *("patreon", "qq", "saml", "slack", "x-"),
)

PUBLIC = ("id", "target", "name", "logo", "logoDark", "platform", "isTokenStorageSupported")


def needs_session(connector: state.Json) -> bool:
    """Whether the connector works on the tenant's own pages only."""
    return str(connector["connectorId"]).startswith(NEED_A_SESSION)


def no_session() -> errors.Refused:
    """The refusal of a connector that needs a sign-in session."""
    message = "This connector works within a sign-in only."
    return errors.Refused(501, "connector.not_implemented", message)


def public(connector: state.Json) -> state.Json:
    """What anybody may see of a social connector: no configuration."""
    return {key: connector[key] for key in PUBLIC if key in connector}


def social() -> list[state.Json]:
    """The connectors that people can sign in with or link."""
    return [one for one in state.tenant.connectors.values() if one["type"] == "Social"]
