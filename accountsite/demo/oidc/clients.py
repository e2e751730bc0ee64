"""The tenant's applications, as authlib asks about clients."""

import hmac

from authlib.oauth2.rfc6749 import ClientMixin, list_to_scope, scope_to_list

from accountsite.demo import state
from accountsite.demo.oidc import keys
from accountsite.demo.state import Json

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
SCOPES = (
    "openid",
    "offline_access",
    "profile",
    "email",
    "phone",
    "address",
    "custom_data",
    "identities",
    "roles",
    "urn:logto:scope:organizations",
    "urn:logto:scope:organization_roles",
    "urn:logto:scope:sessions",
    "urn:logto:scope:trusted_devices",
)
PUBLIC_TYPES = {"Native", "SPA"}


class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """One application of the tenant."""

    id_token_signed_response_alg = keys.ALGORITHM

    def __init__(self, application: Json) -> None:
        self.application = application
        self.client_id: str = application["id"]
        self.metadata: Json = application["oidcClientMetadata"]
        self.is_third_party: bool = application["isThirdParty"]
        self.is_machine: bool = application["type"] == "MachineToMachine"
        self.is_public: bool = application["type"] in PUBLIC_TYPES

    @property
    def client_metadata(self) -> Json:
        """What authlib reads by the names of dynamic registration."""
        return {"post_logout_redirect_uris": self.metadata["postLogoutRedirectUris"]}

    @property
    def knows_sessions(self) -> bool:
        """Whether its ID tokens carry `sid`: only where it takes back-channel logouts by it."""
        return bool(
            self.metadata.get("backchannelLogoutUri")
            and self.metadata.get("backchannelLogoutSessionRequired")
        )

    @property
    def lacks_redirect_uri(self) -> bool:
        """Whether people are to sign in to it and nothing is registered to bring them back to."""
        signs_in = not (
            self.is_machine or self.application["customClientMetadata"].get("isDeviceFlow")
        )
        return signs_in and not self.metadata["redirectUris"]

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        """The scopes that the tenant knows; others are dropped without a word, as Logto does."""
        allowed = [name for name in scope_to_list(scope or "") or [] if name in SCOPES]
        return str(list_to_scope(allowed) or "")

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        registered: list[str] = self.metadata["redirectUris"]
        return redirect_uri in registered

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is one of the application's secrets that has not expired."""
        now = state.now()
        return any(
            hmac.compare_digest(row["value"].encode(), client_secret.encode())
            for row in state.tenant.application_secrets.get(self.client_id, ())
            if row["expiresAt"] is None or row["expiresAt"] > now
        )

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == self.is_public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and not self.is_machine

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the application's type, or for token exchange its own switch, allows it."""
        if grant_type == TOKEN_EXCHANGE:
            return bool(self.application["customClientMetadata"].get("allowTokenExchange"))
        return self.is_machine == (grant_type == "client_credentials")


def find(client_id: str) -> Client | None:
    """The application with this id."""
    application = state.tenant.applications.get(client_id)
    return Client(application) if application else None
