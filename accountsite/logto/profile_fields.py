"""The profile fields that the tenant asks people for, besides name and avatar."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading, users

# A field with one of these names lives in the profile, any other in the custom data.
PROFILE_NAMES = frozenset(users.PROFILE_NAMES)


class Type(StrEnum):
    """What a field holds."""

    TEXT = "Text"
    NUMBER = "Number"
    DATE = "Date"
    CHECKBOX = "Checkbox"
    SELECT = "Select"
    URL = "Url"
    REGEX = "Regex"
    ADDRESS = "Address"
    FULL_NAME = "Fullname"


class Place(StrEnum):
    """Where a field's value is kept with the person."""

    PROFILE = "profile"
    CUSTOM_DATA = "customData"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a Select."""

    value: str
    label: str

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `options`; without a label the value is shown."""
        answer = reading.obj(data)
        value = reading.text(answer, "value")
        return cls(value=value, label=reading.text_or_none(answer, "label") or value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of an Address or Fullname, in the tenant's order. Kept in the profile."""

    name: str
    type: Type
    label: str | None
    description: str | None
    is_enabled: bool
    is_required: bool
    config: "Config"

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `config.parts`."""
        answer = reading.obj(data)
        return cls(
            name=reading.text(answer, "name"),
            type=reading.choice(answer, "type", Type, default=Type.TEXT),
            label=reading.text_or_none(answer, "label"),
            description=reading.text_or_none(answer, "description"),
            is_enabled=reading.flag(answer, "enabled"),
            is_required=reading.flag(answer, "required"),
            config=Config.from_json(reading.part_or_empty(answer, "config")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A field's limits and looks; what does not apply to its type is None or empty.

    `format` is a date format such as `yyyy-MM-dd` (or `custom`: then `custom_format` says it), or
    for Regex the JavaScript expression. `default_value` is "true" or "false", of a Checkbox.
    """

    placeholder: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    format: str | None = None
    custom_format: str | None = None
    default_value: str | None = None
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """`config` of a field or part."""
        answer = reading.obj(data)
        return cls(
            placeholder=reading.text_or_none(answer, "placeholder"),
            min_length=reading.whole_or_none(answer, "minLength"),
            max_length=reading.whole_or_none(answer, "maxLength"),
            min_value=reading.number_or_none(answer, "minValue"),
            max_value=reading.number_or_none(answer, "maxValue"),
            format=reading.text_or_none(answer, "format"),
            custom_format=reading.text_or_none(answer, "customFormat"),
            default_value=reading.text_or_none(answer, "defaultValue"),
            options=reading.items(answer, "options", Option.from_json),
            parts=reading.items(answer, "parts", Part.from_json),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileField:
    """A field that the tenant defined. `order` is that of the sign-in pages, from 1."""

    name: str
    type: Type
    label: str
    description: str | None
    is_required: bool
    config: Config
    order: int

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of Logto's custom profile fields. A type we don't know is asked for as text."""
        answer = reading.obj(data)
        name = reading.text(answer, "name")
        return cls(
            name=name,
            type=reading.choice(answer, "type", Type, default=Type.TEXT),
            label=reading.text_or_none(answer, "label") or name,
            description=reading.text_or_none(answer, "description"),
            is_required=reading.flag(answer, "required"),
            config=Config.from_json(reading.part_or_empty(answer, "config")),
            order=reading.whole(answer, "sieOrder", default=0),
        )

    @property
    def place(self) -> Place:
        """Logto's rule: by the name, and a full name is spread over the profile."""
        is_standard = self.name in PROFILE_NAMES or self.type is Type.FULL_NAME
        return Place.PROFILE if is_standard else Place.CUSTOM_DATA

    @property
    def parts(self) -> tuple[Part, ...]:
        """The lines of an Address or Fullname that the tenant wants."""
        return tuple(part for part in self.config.parts if part.is_enabled)


def every() -> tuple[ProfileField, ...]:
    """All fields, in their order; pages use `tenant.current`."""
    return client.get("/custom-profile-fields", read=of_json)


def of_json(data: Any) -> tuple[ProfileField, ...]:
    """The answer of `custom-profile-fields`, in the fields' order."""
    fields = reading.each(ProfileField.from_json)(data)
    return tuple(sorted(fields, key=lambda field: field.order))
