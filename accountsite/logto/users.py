"""Accounts: the people of the tenant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from accountsite.logto import client, identities, reading
from accountsite.logto.client import Page
from accountsite.logto.identities import EnterpriseIdentity, Identity

UNCHANGED: Final[Any] = object()  # stands for an argument that was not given; None clears


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address, as OpenID Connect Core 1.0 section 5.1.1 divides it."""

    formatted: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Logto's `address`."""
        answer = reading.obj(data)
        return cls(**{mine: reading.text_or_none(answer, its) for mine, its in _ADDRESS.items()})

    def to_json(self) -> dict[str, str]:
        """What is set, under Logto's names."""
        return {its: value for mine, its in _ADDRESS.items() if (value := getattr(self, mine))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The standard claims of OpenID Connect Core 1.0 section 5.1 that Logto keeps.

    Logto checks none of them: a birthdate or website can be any text (measured).
    """

    family_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    nickname: str | None = None
    preferred_username: str | None = None
    profile: str | None = None
    website: str | None = None
    gender: str | None = None
    birthdate: str | None = None
    zoneinfo: str | None = None
    locale: str | None = None
    address: Address = Address()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Logto's `profile`."""
        answer = reading.obj(data)
        texts = {mine: reading.text_or_none(answer, its) for mine, its in _PROFILE.items()}
        address = Address.from_json(reading.part_or_empty(answer, "address"))
        return cls(address=address, **texts)

    def to_json(self) -> dict[str, Any]:
        """What is set, under Logto's names, which the tenant's profile fields use too."""
        texts = {its: value for mine, its in _PROFILE.items() if (value := getattr(self, mine))}
        address = self.address.to_json()
        return {**texts, **({"address": address} if address else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person's account.

    `primary_phone` is digits without a plus. `has_password` is None where Logto leaves it
    out (members of an organization). `enterprise_identities` is empty unless asked for.
    """

    id: str
    username: str | None
    primary_email: str | None
    primary_phone: str | None
    name: str | None
    avatar: str | None
    profile: Profile
    custom_data: dict[str, Any] = field(repr=False)
    identities: tuple[Identity, ...]
    enterprise_identities: tuple[EnterpriseIdentity, ...]
    is_suspended: bool
    has_password: bool | None
    application_id: str | None
    created_at: datetime
    updated_at: datetime
    last_sign_in_at: datetime | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """A user as the Management API and webhooks give it. A password's digest is not read."""
        answer = reading.obj(data)
        return cls(
            id=reading.text(answer, "id"),
            username=reading.text_or_none(answer, "username"),
            primary_email=reading.text_or_none(answer, "primaryEmail"),
            primary_phone=reading.text_or_none(answer, "primaryPhone"),
            name=reading.text_or_none(answer, "name"),
            avatar=reading.text_or_none(answer, "avatar"),
            profile=Profile.from_json(reading.part_or_empty(answer, "profile")),
            custom_data=reading.values(answer, "customData"),
            identities=identities.of_json(reading.part_or_empty(answer, "identities")),
            enterprise_identities=reading.items(
                answer, "ssoIdentities", EnterpriseIdentity.from_json
            ),
            is_suspended=reading.flag(answer, "isSuspended"),
            has_password=reading.flag_or_none(answer, "hasPassword"),
            application_id=reading.text_or_none(answer, "applicationId"),
            created_at=reading.moment(answer, "createdAt"),
            updated_at=reading.moment(answer, "updatedAt"),
            last_sign_in_at=reading.moment_or_none(answer, "lastSignInAt"),
        )


class Field(StrEnum):
    """What Logto can search by."""

    ID = "id"
    EMAIL = "primaryEmail"
    PHONE = "primaryPhone"
    USERNAME = "username"
    NAME = "name"


class Mode(StrEnum):
    """How a search compares, always without regard to case."""

    CONTAINS = "contains"
    STARTS = "starts"
    EXACT = "exact"


def get(account_id: str, *, with_enterprise: bool = False) -> User:
    """One person, with their enterprise identities if asked.

    Raises NotFound if the tenant has no such person (any more).
    """
    query = {"includeSsoIdentities": True} if with_enterprise else None
    return client.get("/users/{}", account_id, read=User.from_json, query=query)


def search(  # noqa: PLR0913 - each narrows the list in its own way
    text: str = "",
    *,
    by: Field | None = None,
    mode: Mode = Mode.CONTAINS,
    page: int = 1,
    page_size: int = client.PAGE_SIZE,
    without_role: str | None = None,
    without_organization: str | None = None,
) -> Page[User]:
    """A page of people, newest first; all of them without a text.

    The text is looked for in one field, or in all of them; what it contains means itself, never a
    wildcard. Logto can leave out holders of a role or members of an organization, not both.
    """
    query = [*_search(text, by, mode)] if text else []
    if without_role:
        query.append(("excludeRoleId", without_role))
    if without_organization:
        query.append(("excludeOrganizationId", without_organization))
    return client.page("/users", read=User.from_json, query=query, number=page, size=page_size)


def with_any(by: Field, values: Iterable[str], *, ignoring_case: bool = False) -> tuple[User, ...]:
    """The people with one of these values in this field, e.g. of a list of ids.

    Raises ValueError for more than 100 values.
    """
    wanted = [(f"search.{by}", value) for value in values]
    if not wanted:
        return ()
    if len(wanted) > client.MAX_PAGE_SIZE:
        raise ValueError("more values than one page can answer")
    query = [*wanted, (f"mode.{by}", "exact")]
    if not ignoring_case:
        query.append(("isCaseSensitive", "true"))
    return client.page("/users", read=User.from_json, query=query, size=client.MAX_PAGE_SIZE).items


def create(  # noqa: PLR0913 - what an account can begin with
    *,
    username: str | None = None,
    primary_email: str | None = None,
    primary_phone: str | None = None,
    password: str | None = None,
    name: str | None = None,
    avatar: str | None = None,
    profile: Mapping[str, Any] | None = None,
    custom_data: Mapping[str, Any] | None = None,
) -> User:
    """A new account. Neither identifiers nor password are checked against the tenant's policies.

    Raises UsernameTaken, EmailTaken, PhoneTaken, ValueTooLong and Invalid.
    """
    body = {
        "username": username,
        "primaryEmail": primary_email,
        "primaryPhone": primary_phone,
        "password": password,
        "name": name,
        "avatar": avatar,
        "profile": dict(profile) if profile else None,
        "customData": dict(custom_data) if custom_data else None,
    }
    # Unlike PATCH, this refuses null and "" (measured).
    given = {key: value for key, value in body.items() if value}
    return client.post("/users", body=given, read=User.from_json)


def update(  # noqa: PLR0913 - one for each field
    account_id: str,
    *,
    name: str | None = UNCHANGED,
    avatar: str | None = UNCHANGED,
    username: str | None = UNCHANGED,
    primary_email: str | None = UNCHANGED,
    primary_phone: str | None = UNCHANGED,
) -> User:
    """Change what is given; None clears it. A phone number is digits only.

    Logto checks neither ownership of an address, nor its blocklist, nor that a way to sign in
    remains. Raises UsernameTaken, EmailTaken, PhoneTaken, ValueTooLong, Invalid, NotFound,
    and ValueError if nothing is given.
    """
    body = {
        "name": name,
        "avatar": avatar,
        "username": username,
        "primaryEmail": primary_email,
        "primaryPhone": primary_phone,
    }
    given = {key: value for key, value in body.items() if value is not UNCHANGED}
    if not given:
        raise ValueError("nothing to change")
    return client.patch("/users/{}", account_id, body=given, read=User.from_json)


def update_profile(account_id: str, profile: Mapping[str, Any]) -> Profile:
    """Merge these values, under Logto's names, into the profile; "" clears one. Gives all of it.

    `address` is replaced whole. Raises Invalid and NotFound.
    """
    return client.patch(
        "/users/{}/profile", account_id, body={"profile": dict(profile)}, read=Profile.from_json
    )


def custom_data(account_id: str) -> dict[str, Any]:
    """What the tenant's applications keep with the person. Raises NotFound."""
    return client.get("/users/{}/custom-data", account_id, read=_custom_data)


def update_custom_data(account_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Merge these keys into the custom data, one level deep, and give all of it.

    Raises NotFound.
    """
    return client.patch(
        "/users/{}/custom-data", account_id, body={"customData": dict(data)}, read=_custom_data
    )


def replace_custom_data(account_id: str, data: Mapping[str, Any]) -> User:
    """Put this in place of all custom data: the only way to remove a key. Hold a lock.

    Raises NotFound.
    """
    return client.patch(
        "/users/{}", account_id, body={"customData": dict(data)}, read=User.from_json
    )


def suspend(account_id: str) -> User:
    """Keep the person out. Their sessions and opaque tokens end at once, JWTs at their expiry.

    Raises NotFound.
    """
    return _set_suspended(account_id, is_suspended=True)


def lift_suspension(account_id: str) -> User:
    """Let the person sign in again; no session or token comes back. Raises NotFound."""
    return _set_suspended(account_id, is_suspended=False)


def delete(account_id: str) -> None:
    """Delete the account; its sessions end first. Uploaded avatars stay where they are.

    Raises NotFound.
    """
    client.delete("/users/{}", account_id)


def subject_token(account_id: str, *, context: Mapping[str, Any] | None = None) -> str:
    """A token to exchange for one of this person: to act as them. Audit every use.

    Raises NotFound.
    """
    body = {"userId": account_id, "context": dict(context or {})}
    read = reading.inside("subjectToken", reading.str_)
    return client.post("/subject-tokens", body=body, read=read)


def _set_suspended(account_id: str, *, is_suspended: bool) -> User:
    return client.patch(
        "/users/{}/is-suspended",
        account_id,
        body={"isSuspended": is_suspended},
        read=User.from_json,
    )


def _search(text: str, by: Field | None, mode: Mode) -> Iterable[tuple[str, str]]:
    """Logto's query: without a dot it means all fields. A NUL byte would be a 500 (measured)."""
    suffix = f".{by}" if by else ""
    text = text.replace("\0", "")
    if mode is Mode.EXACT:
        yield f"search{suffix}", text
        yield f"mode{suffix}", "exact"
        return
    literal = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    yield f"search{suffix}", f"{'%' if mode is Mode.CONTAINS else ''}{literal}%"


def _custom_data(data: Any) -> dict[str, Any]:
    return dict(reading.obj(data))


_ADDRESS = {
    "formatted": "formatted",
    "street_address": "streetAddress",
    "locality": "locality",
    "region": "region",
    "postal_code": "postalCode",
    "country": "country",
}
_PROFILE = {
    "family_name": "familyName",
    "given_name": "givenName",
    "middle_name": "middleName",
    "nickname": "nickname",
    "preferred_username": "preferredUsername",
    "profile": "profile",
    "website": "website",
    "gender": "gender",
    "birthdate": "birthdate",
    "zoneinfo": "zoneinfo",
    "locale": "locale",
}
PROFILE_NAMES = (*_PROFILE.values(), "address")  # Logto's names of all that a profile holds
