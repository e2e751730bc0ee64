"""Connectors: what the tenant sends messages and signs people in through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading

# Their providers' answers are checked against what the connector put in its own session, which
# the Management API does not have: they are linked through the Account API. From the source of
# each (`setSession`); the documentation names four of them.
SESSION_KEEPING = frozenset(
    {
        "amazon-universal",
        "apple-universal",
        "gitlab-universal",
        "huggingface-universal",
        "line-universal",
        "linkedin-universal",
        "oauth2",
        "oidc",
        "patreon-universal",
        "qq-universal",
        "saml",
        "slack-universal",
        "x-universal",
    }
)

# Those that were looked at and keep none. Of one in neither list nobody knows.
SESSIONLESS = frozenset(
    {
        "alipay-web",
        "azuread-universal",
        "dingtalk-web",
        "discord-universal",
        "facebook-universal",
        "feishu-web",
        "github-universal",
        "google-universal",
        "kakao-universal",
        "kook-universal",
        "mock-social-connector",
        "naver-universal",
        "wechat-web",
        "wecom-universal",
        "xiaomi-universal",
    }
)


class Kind(StrEnum):
    """What a connector is for."""

    EMAIL = "Email"
    SMS = "Sms"
    SOCIAL = "Social"
    OTHER = ""


class Platform(StrEnum):
    """Where a social connector works. Native ones are of no use in a browser."""

    WEB = "Web"
    UNIVERSAL = "Universal"
    NATIVE = "Native"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A connector of the tenant, without its settings, which hold secrets.

    `factory` is what it was made from, e.g. `github-universal`; `names` are by language tag.
    """

    id: str
    factory: str
    kind: Kind
    target: str
    platform: Platform | None
    names: Mapping[str, str]
    logo: str
    dark_logo: str | None
    keeps_tokens: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's connectors; what the tenant named itself wins over the factory's."""
        answer = reading.obj(data)
        own = reading.part_or_empty(answer, "metadata")
        names = reading.part_or_empty(own, "name") or reading.part_or_empty(answer, "name")
        is_placed = answer.get("platform") is not None
        return cls(
            id=reading.text(answer, "id"),
            factory=reading.text(answer, "connectorId"),
            kind=reading.choice(answer, "type", Kind, default=Kind.OTHER),
            target=reading.text(answer, "target"),
            platform=(
                reading.choice(answer, "platform", Platform, default=Platform.UNIVERSAL)
                if is_placed
                else None
            ),
            names={tag: name for tag, name in names.items() if isinstance(name, str)},
            logo=reading.text_or_none(own, "logo") or reading.text(answer, "logo"),
            dark_logo=reading.text_or_none(own, "logoDark")
            or reading.text_or_none(answer, "logoDark"),
            keeps_tokens=reading.flag(answer, "enableTokenStorage", default=False),
        )

    @property
    def keeps_session_state(self) -> bool:
        """Whether only the Account API can link it."""
        return self.factory in SESSION_KEEPING

    @property
    def gains_by_account_api(self) -> bool:
        """Whether the Account API links it better where either could.

        It alone has Logto keep the provider's tokens, and serves factories that nobody looked at.
        """
        return self.keeps_tokens or self.factory not in SESSIONLESS

    def name(self, language: str) -> str:
        """Its name in a language, in English, in any, or at least its target."""
        short = language.partition("-")[0]
        found = (self.names.get(tag) for tag in (language, short, "en", *self.names))
        return next((name for name in found if name), self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseConnector:
    """A connector to an employer's identity provider, without its settings."""

    id: str
    name: str
    provider: str
    logo: str | None
    dark_logo: str | None
    domains: tuple[str, ...]
    keeps_tokens: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's SSO connectors."""
        answer = reading.obj(data)
        own = reading.part_or_empty(answer, "branding")
        return cls(
            id=reading.text(answer, "id"),
            name=reading.text_or_none(own, "displayName") or reading.text(answer, "connectorName"),
            provider=reading.text(answer, "providerName"),
            logo=reading.text_or_none(own, "logo") or reading.text_or_none(answer, "providerLogo"),
            dark_logo=reading.text_or_none(own, "darkLogo")
            or reading.text_or_none(answer, "providerLogoDark"),
            domains=reading.texts(answer, "domains"),
            keeps_tokens=reading.flag(answer, "enableTokenStorage", default=False),
        )


def every() -> tuple[Connector, ...]:
    """All connectors of all kinds."""
    return client.get("/connectors", read=reading.each(Connector.from_json))


def social() -> tuple[Connector, ...]:
    """The social connectors that a browser can use, see `for_browsers`."""
    return for_browsers(every())


def for_browsers(known: Iterable[Connector]) -> tuple[Connector, ...]:
    """One social connector for each target that a browser can use, the Web one where there are two."""
    best: dict[str, Connector] = {}
    for connector in known:
        if connector.kind is not Kind.SOCIAL or connector.platform is Platform.NATIVE:
            continue
        if connector.target not in best or connector.platform is Platform.WEB:
            best[connector.target] = connector
    return tuple(best.values())


def get(connector_id: str) -> Connector:
    """One connector. Raises NotFound."""
    return client.get("/connectors/{}", connector_id, read=Connector.from_json)


def enterprise() -> tuple[EnterpriseConnector, ...]:
    """All enterprise connectors."""
    return client.every("/sso-connectors", read=EnterpriseConnector.from_json)


def authorization_uri(connector_id: str, *, state: str, redirect_uri: str) -> str:
    """Where to send the person to sign in at the provider.

    Logto looks at neither state nor redirect URI: keep both with the person's session and compare
    when they come back. Raises ConnectorUnsuitable for a connector that keeps session
    state or is not social, and NotFound.
    """
    return client.post(
        "/connectors/{}/authorization-uri",
        connector_id,
        body={"state": state, "redirectUri": redirect_uri},
        read=reading.inside("redirectTo", reading.str_),
    )
