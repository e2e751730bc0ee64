"""Social and enterprise identities: the accounts elsewhere that a person signs in with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accountsite.logto import client, reading, secrets
from accountsite.logto.reading import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A social account bound to this one, e.g. Google. A person has one for each target.

    Of the provider's `details` only what names the person is kept: the rest may hold the
    provider's tokens (measured).
    """

    target: str
    subject: str
    name: str | None
    email: str | None
    phone: str | None
    avatar: str | None

    @classmethod
    def from_json(cls, target: str, data: Any) -> Self:
        """One value of Logto's `identities` object, under its key."""
        answer = reading.obj(data)
        details = reading.part_or_empty(answer, "details")
        return cls(
            target=target,
            subject=reading.text(answer, "userId"),
            name=reading.loose_text(details, "name"),
            email=reading.loose_text(details, "email"),
            phone=reading.loose_text(details, "phone"),
            avatar=reading.loose_text(details, "avatar"),
        )

    @property
    def label(self) -> str:
        """What the person knows it by; the provider's id where there is nothing better."""
        return self.name or self.email or self.phone or self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseIdentity:
    """An identity of the person's employer. No API of Logto binds or unbinds one."""

    id: str
    connector_id: str
    issuer: str
    subject: str
    name: str | None
    email: str | None
    created_at: datetime

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `ssoIdentities`."""
        answer = reading.obj(data)
        detail = reading.part_or_empty(answer, "detail")
        return cls(
            id=reading.text(answer, "id"),
            connector_id=reading.text(answer, "ssoConnectorId"),
            issuer=reading.text(answer, "issuer"),
            subject=reading.text(answer, "identityId"),
            name=reading.loose_text(detail, "name"),
            email=reading.loose_text(detail, "email"),
            created_at=reading.moment(answer, "createdAt"),
        )

    @property
    def label(self) -> str:
        """What the person knows it by."""
        return self.name or self.email or self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An identity with the third-party tokens that Logto keeps for it, if any."""

    identity: Identity
    stored_tokens: secrets.TokenSet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedEnterprise:
    """An enterprise identity with the tokens that Logto keeps for it, if any."""

    identity: EnterpriseIdentity
    stored_tokens: secrets.TokenSet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Everything that a person is known by elsewhere."""

    social: tuple[Linked, ...]
    enterprise: tuple[LinkedEnterprise, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `all-identities`."""
        answer = reading.obj(data)
        return cls(
            social=reading.items(answer, "socialIdentities", _linked),
            enterprise=reading.items(answer, "ssoIdentities", _linked_enterprise),
        )


def of_json(data: Any) -> tuple[Identity, ...]:
    """Logto's `identities` object, whose keys are targets."""
    known = reading.obj(data)
    return tuple(Identity.from_json(target, known[target]) for target in known)


def of_user(account_id: str, *, with_stored_tokens: bool = False) -> All:
    """All identities of a person, social and enterprise.

    Raises NotFound for an unknown person.
    """
    # The parameter counts by its presence: `false` would include the tokens too (measured).
    query = {"includeTokenSecret": True} if with_stored_tokens else None
    return client.get("/users/{}/all-identities", account_id, read=All.from_json, query=query)


def get(account_id: str, *, target: str, with_stored_tokens: bool = False) -> Linked:
    """One social identity.

    Raises IdentityNotFound, and NotFound for an unknown person.
    """
    query = {"includeTokenSecret": True} if with_stored_tokens else None
    return client.get(
        "/users/{}/identities/{}",
        account_id,
        target,
        read=lambda data: _linked({**reading.obj(data), "target": target}),
        query=query,
    )


def get_enterprise(
    account_id: str, *, connector_id: str, with_stored_tokens: bool = False
) -> LinkedEnterprise:
    """One enterprise identity.

    Raises IdentityNotFound.
    """
    query = {"includeTokenSecret": True} if with_stored_tokens else None
    return client.get(
        "/users/{}/sso-identities/{}",
        account_id,
        connector_id,
        read=_linked_enterprise,
        query=query,
    )


def link(account_id: str, *, connector_id: str, data: Mapping[str, Any]) -> tuple[Identity, ...]:
    """Bind the social account that the person has just proved to be theirs. Gives all of them.

    `data` is the query of the provider's callback, with `redirectUri` as it was sent there (some
    providers insist). An identity that the person had of this target is overwritten without a word:
    ask first. Raises IdentityInUse, ProviderFailed when the provider or the person there
    said no, ConnectorUnsuitable, and NotFound for an unknown connector or person.
    """
    return client.post(
        "/users/{}/identities",
        account_id,
        body={"connectorId": connector_id, "connectorData": dict(data)},
        read=of_json,
    )


def put(
    account_id: str, *, target: str, subject: str, details: Mapping[str, Any] | None = None
) -> tuple[Identity, ...]:
    """Bind or replace an identity that the caller knows to be theirs; nothing is checked.

    Logto takes targets that no connector has, and an empty subject (measured); we refuse the
    latter. Raises IdentityInUse, and ValueError for an empty subject.
    """
    if not subject:
        raise ValueError("an identity without a subject could never sign in")
    body = {"userId": subject, **({"details": dict(details)} if details is not None else {})}
    return client.put("/users/{}/identities/{}", account_id, target, body=body, read=of_json)


def delete(account_id: str, *, target: str) -> None:
    """Unbind a social account. Logto removes the last way to sign in, too: look first.

    Raises IdentityNotFound.
    """
    client.delete("/users/{}/identities/{}", account_id, target)


def _linked(data: Json) -> Linked:
    answer = reading.obj(data)
    target = reading.text(answer, "target")
    return Linked(
        identity=Identity.from_json(target, answer.get("identity")),
        stored_tokens=secrets.TokenSet.from_json_or_none(answer.get("tokenSecret")),
    )


def _linked_enterprise(data: Json) -> LinkedEnterprise:
    answer = reading.obj(data)
    return LinkedEnterprise(
        identity=EnterpriseIdentity.from_json(answer.get("ssoIdentity")),
        stored_tokens=secrets.TokenSet.from_json_or_none(answer.get("tokenSecret")),
    )
