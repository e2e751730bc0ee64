"""Applications of the tenant, this site's own among them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading, roles


class Type(StrEnum):
    """What kind of client an application is."""

    NATIVE = "Native"
    SPA = "SPA"
    TRADITIONAL = "Traditional"
    MACHINE_TO_MACHINE = "MachineToMachine"
    PROTECTED = "Protected"
    SAML = "SAML"
    OTHER = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application, without its secrets."""

    id: str
    name: str
    description: str | None
    type: Type
    is_third_party: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    requires_backchannel_session: bool
    always_issues_refresh_token: bool
    allows_token_exchange: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's applications."""
        answer = reading.obj(data)
        oidc = reading.part_or_empty(answer, "oidcClientMetadata")
        custom = reading.part_or_empty(answer, "customClientMetadata")
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text(answer, "name"),
            description=reading.text_or_none(answer, "description"),
            type=reading.choice(answer, "type", Type, default=Type.OTHER),
            is_third_party=reading.flag(answer, "isThirdParty", default=False),
            redirect_uris=reading.texts(oidc, "redirectUris"),
            post_logout_redirect_uris=reading.texts(oidc, "postLogoutRedirectUris"),
            backchannel_logout_uri=reading.text_or_none(oidc, "backchannelLogoutUri"),
            requires_backchannel_session=reading.flag(
                oidc, "backchannelLogoutSessionRequired", default=False
            ),
            always_issues_refresh_token=reading.flag(
                custom, "alwaysIssueRefreshToken", default=False
            ),
            allows_token_exchange=reading.flag(custom, "allowTokenExchange", default=False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret of an application, by its name."""

    name: str
    value: str = field(repr=False)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of an application's secrets."""
        answer = reading.obj(data)
        return cls(name=reading.text(answer, "name"), value=reading.text(answer, "value"))


def every(*, types: Iterable[Type] = ()) -> tuple[Application, ...]:
    """All applications, of some types if given."""
    query = [("types", type_.value) for type_ in types]
    return client.every("/applications", read=Application.from_json, query=query)


def get(application_id: str) -> Application:
    """One application. Raises NotFound."""
    return client.get("/applications/{}", application_id, read=Application.from_json)


def create_web(
    *,
    name: str,
    redirect_uris: Iterable[str],
    post_logout_redirect_uris: Iterable[str],
    backchannel_logout_uri: str,
    description: str | None = None,
) -> Application:
    """A new Traditional application, whose ID tokens carry `sid`. Raises Invalid."""
    body = {
        "name": name,
        "description": description,
        "type": Type.TRADITIONAL.value,
        "oidcClientMetadata": _oidc(
            redirect_uris, post_logout_redirect_uris, backchannel_logout_uri
        ),
        "customClientMetadata": {"alwaysIssueRefreshToken": True},
    }
    return client.post("/applications", body=body, read=Application.from_json)


def update_addresses(
    application_id: str,
    *,
    redirect_uris: Iterable[str],
    post_logout_redirect_uris: Iterable[str],
    backchannel_logout_uri: str,
) -> Application:
    """Replace all its addresses, and have its ID tokens carry `sid`. Raises NotFound and Invalid."""
    oidc = _oidc(redirect_uris, post_logout_redirect_uris, backchannel_logout_uri)
    return client.patch(
        "/applications/{}",
        application_id,
        body={"oidcClientMetadata": oidc},
        read=Application.from_json,
    )


def delete(application_id: str) -> None:
    """Remove an application and end its grants. Raises NotFound."""
    client.delete("/applications/{}", application_id)


def secrets(application_id: str) -> tuple[Secret, ...]:
    """All its secrets, in clear, for whoever sets the site up. Raises NotFound."""
    read = reading.each(Secret.from_json)
    return client.get("/applications/{}/secrets", application_id, read=read)


def roles_of(application_id: str) -> tuple[roles.Role, ...]:
    """What a machine-to-machine application may do. Raises NotFound."""
    return client.every("/applications/{}/roles", application_id, read=roles.Role.from_json)


def _oidc(redirects: Iterable[str], post_logout: Iterable[str], backchannel: str) -> dict[str, Any]:
    return {
        "redirectUris": list(redirects),
        "postLogoutRedirectUris": list(post_logout),
        "backchannelLogoutUri": backchannel,
        # Without it ID tokens have no `sid`, and no session is known as this one (measured).
        "backchannelLogoutSessionRequired": True,
    }
