"""What the tenant lets people see and change of their own account."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from accountsite.logto import client, reading
from accountsite.logto.reading import Json

UNCHANGED: Final[Any] = object()  # stands for an argument that was not given; None clears


class Access(StrEnum):
    """What a person may do with a field."""

    OFF = "Off"
    READ_ONLY = "ReadOnly"
    EDIT = "Edit"


class Control(StrEnum):
    """A field of the account center."""

    NAME = "name"
    AVATAR = "avatar"
    PROFILE = "profile"
    EMAIL = "email"
    PHONE = "phone"
    PASSWORD = "password"  # noqa: S105 - the name of a field
    USERNAME = "username"
    SOCIAL = "social"
    CUSTOM_DATA = "customData"
    MFA = "mfa"
    PASSKEY = "passkey"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCenter:
    """The tenant's account center.

    `profile_fields` are names in the order to show them, None where no choice was made.
    """

    is_enabled: bool
    controls: Mapping[Control, Access]
    profile_fields: tuple[str, ...] | None
    webauthn_related_origins: tuple[str, ...]
    delete_account_url: str | None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `account-center`."""
        answer = reading.obj(data)
        fields = reading.part_or_empty(answer, "fields")
        has_choice = answer.get("profileFields") is not None
        return cls(
            is_enabled=reading.flag(answer, "enabled"),
            controls={control: _access(fields, control) for control in Control}
            | {Control.PASSKEY: _passkey_access(fields)},
            profile_fields=reading.items(answer, "profileFields", _name) if has_choice else None,
            webauthn_related_origins=reading.texts(answer, "webauthnRelatedOrigins"),
            delete_account_url=reading.text_or_none(answer, "deleteAccountUrl"),
        )

    def access(self, control: Control) -> Access:
        """What people may do with it. All may be edited where the account center is off."""
        return self.controls[control] if self.is_enabled else Access.EDIT


def get() -> AccountCenter:
    """The account center as it is now; pages use `tenant.current`."""
    return client.get("/account-center", read=AccountCenter.from_json)


def update(
    *,
    webauthn_related_origins: tuple[str, ...] = UNCHANGED,
    delete_account_url: str | None = UNCHANGED,
) -> AccountCenter:
    """Set what is given; the origins replace all others, None clears the URL. Raises Invalid."""
    body: dict[str, Any] = {}
    if webauthn_related_origins is not UNCHANGED:
        body["webauthnRelatedOrigins"] = list(webauthn_related_origins)
    if delete_account_url is not UNCHANGED:
        body["deleteAccountUrl"] = delete_account_url
    return client.patch("/account-center", body=body, read=AccountCenter.from_json)


def _access(fields: Json, control: Control) -> Access:
    return reading.choice(fields, control.value, Access, default=Access.OFF)


def _passkey_access(fields: Json) -> Access:
    """Where nothing is said of passkeys, they are factors like others."""
    return _access(fields, Control.PASSKEY if Control.PASSKEY in fields else Control.MFA)


def _name(data: Any) -> str:
    return reading.text(reading.obj(data), "name")
