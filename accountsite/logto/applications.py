"""Applications of the tenant, this site's own among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """An application, without its secrets.

    The last three are Logto's own objects, as they are: a change replaces each of them whole.
    `custom_data` is there for whoever wants to keep something with the application.
    """

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
    created_at: datetime
    oidc_metadata: Mapping[str, Any] = field(repr=False)
    client_metadata: Mapping[str, Any] = field(repr=False)
    custom_data: Mapping[str, Any] = field(repr=False)

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
            created_at=reading.moment(answer, "createdAt"),
            oidc_metadata=dict(oidc),
            client_metadata=dict(custom),
            custom_data=reading.values(answer, "customData"),
        )

    @property
    def gets_tokens(self) -> bool:
        """Whether the token endpoint serves it.

        An application that people could sign in to needs a redirect URI for that, whatever it asks
        for: without one, all its requests are 400 `oidc.invalid_redirect_uri` (measured).
        """
        has_no_sign_in = self.type is Type.MACHINE_TO_MACHINE or self.client_metadata.get(
            "isDeviceFlow"
        )
        return bool(self.redirect_uris or has_no_sign_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret of an application, by its name. One without `expires_at` is good for ever."""

    name: str
    value: str = field(repr=False)
    expires_at: datetime | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of an application's secrets."""
        answer = reading.obj(data)
        return cls(
            name=reading.text(answer, "name"),
            value=reading.text(answer, "value"),
            expires_at=reading.moment_or_none(answer, "expiresAt"),
        )


def every(*, types: Iterable[Type] = ()) -> tuple[Application, ...]:
    """All applications, of some types if given."""
    query = [("types", type_.value) for type_ in types]
    return client.every("/applications", read=Application.from_json, query=query)


def get(application_id: str) -> Application:
    """One application. Raises NotFound."""
    return client.get("/applications/{}", application_id, read=Application.from_json)


def create_web(  # noqa: PLR0913 - one for each part
    *,
    name: str,
    redirect_uris: Iterable[str],
    post_logout_redirect_uris: Iterable[str],
    backchannel_logout_uri: str,
    description: str | None = None,
    custom_data: Mapping[str, Any] | None = None,
) -> Application:
    """A new Traditional application, whose ID tokens carry `sid`. Raises Invalid."""
    body = {
        "name": name,
        "description": description,
        "type": Type.TRADITIONAL.value,
        "oidcClientMetadata": {
            "redirectUris": list(redirect_uris),
            "postLogoutRedirectUris": list(post_logout_redirect_uris),
            "backchannelLogoutUri": backchannel_logout_uri,
            # Without it ID tokens have no `sid`, and no session is known as this one (measured).
            "backchannelLogoutSessionRequired": True,
        },
        "customClientMetadata": {"alwaysIssueRefreshToken": True},
        "customData": dict(custom_data or {}),
    }
    return client.post("/applications", body=body, read=Application.from_json)


def create_native(
    *,
    name: str,
    redirect_uris: Iterable[str],
    description: str | None = None,
    allows_token_exchange: bool = False,
    custom_data: Mapping[str, Any] | None = None,
) -> Application:
    """A new Native application, which needs no secret. Raises Invalid.

    Without a redirect URI it gets no tokens at all, see `gets_tokens`.
    """
    body = {
        "name": name,
        "description": description,
        "type": Type.NATIVE.value,
        "oidcClientMetadata": {"redirectUris": list(redirect_uris), "postLogoutRedirectUris": []},
        "customClientMetadata": {"allowTokenExchange": allows_token_exchange},
        "customData": dict(custom_data or {}),
    }
    return client.post("/applications", body=body, read=Application.from_json)


def update(
    application_id: str,
    *,
    oidc_metadata: Mapping[str, Any] | None = None,
    client_metadata: Mapping[str, Any] | None = None,
    custom_data: Mapping[str, Any] | None = None,
) -> Application:
    """Put these in place of what Logto has under the same names; each is replaced whole (measured).

    Raises NotFound and Invalid.
    """
    body = {
        "oidcClientMetadata": oidc_metadata,
        "customClientMetadata": client_metadata,
        "customData": custom_data,
    }
    return client.patch(
        "/applications/{}",
        application_id,
        body={key: dict(value) for key, value in body.items() if value is not None},
        read=Application.from_json,
    )


def delete(application_id: str) -> None:
    """Remove an application and end its grants. Raises NotFound."""
    client.delete("/applications/{}", application_id)


def secrets(application_id: str) -> tuple[Secret, ...]:
    """All its secrets, in clear, for whoever sets the site up. Raises NotFound."""
    read = reading.each(Secret.from_json)
    return client.get("/applications/{}/secrets", application_id, read=read)


def create_secret(application_id: str, *, name: str) -> Secret:
    """One more secret, good for ever. Raises NotFound, and Conflict if the name is taken."""
    return client.post(
        "/applications/{}/secrets", application_id, body={"name": name}, read=Secret.from_json
    )


def roles_of(application_id: str) -> tuple[roles.Role, ...]:
    """What a machine-to-machine application may do. Raises NotFound."""
    return client.every("/applications/{}/roles", application_id, read=roles.Role.from_json)
