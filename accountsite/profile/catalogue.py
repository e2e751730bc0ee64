"""Which rows the profile has, what each asks for, and where Logto keeps it.

The tenant decides. Its account center lists the fields and their order, says for each area
whether people may see and change it, and its custom profile fields describe them. Where the
account center is off, or lists nothing, every standard field is there, and every custom one.

What is kept where, as Logto's own pages do it: a field named like a claim of OpenID Connect is
that claim, in `profile`; an address or a full name always is, whatever its own name; every other
is custom data under its name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy

from accountsite.logto import profile_fields
from accountsite.logto.account_center import Access, Control
from accountsite.logto.profile_fields import ProfileField, Type
from accountsite.logto.tenant import Tenant
from accountsite.profile import dates, texts


class Store(StrEnum):
    """Where Logto keeps the values of a row."""

    NAME = "name"
    PROFILE = "profile"
    ADDRESS = "address"
    CUSTOM_DATA = "customData"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One value of a row. Lengths are in UTF-16 units, as Logto counts."""

    key: str
    kind: Type
    label: str
    description: str = ""
    required: bool = False
    placeholder: str = ""
    min_length: int | None = None
    max_length: int = texts.TEXT_LENGTH
    min_value: float | None = None
    max_value: float | None = None
    pattern: str = ""
    """A date's spelling, or a regular expression."""
    options: tuple[tuple[str, str], ...] = ()
    is_checked_at_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the profile: something to see, and perhaps to change."""

    name: str
    label: str
    store: Store
    access: Access
    parts: tuple[Part, ...]
    description: str = ""
    is_composed: bool = False
    is_required: bool = False
    """Of a picture; a row of values says it for each part."""

    def field_name(self, part: Part) -> str:
        """What the part is called in the row's form."""
        return part.key if self.is_composed else "value"


NAMES = ("givenName", "middleName", "familyName")
ADDRESS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
STANDARD = (
    *NAMES, "nickname", "preferredUsername", "gender", "birthdate", "website", "profile", "address",
)  # fmt: skip
"""What a profile has without the tenant's word, in this order."""

# Name and picture come first, whatever is listed; `locale` and `zoneinfo` are the language and
# the time zone among the preferences.
ELSEWHERE = frozenset({"name", "avatar", "locale", "zoneinfo"})
ROW_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")  # it stands in an address
BUILT_IN = {
    "birthdate": Type.DATE,
    "gender": Type.SELECT,
    "website": Type.URL,
    "profile": Type.URL,
}
LABELS = {
    "name": gettext_lazy("Name"),
    "avatar": gettext_lazy("Picture"),
    "fullname": gettext_lazy("Full name"),
    "givenName": gettext_lazy("Given name"),
    "middleName": gettext_lazy("Middle name"),
    "familyName": gettext_lazy("Family name"),
    "nickname": gettext_lazy("Nickname"),
    "preferredUsername": gettext_lazy("Preferred username"),
    "gender": gettext_lazy("Gender"),
    "birthdate": gettext_lazy("Date of birth"),
    "website": gettext_lazy("Website"),
    "profile": gettext_lazy("Profile page"),
    "address": gettext_lazy("Address"),
    "formatted": gettext_lazy("Full address"),
    "streetAddress": gettext_lazy("Street address"),
    "locality": gettext_lazy("City"),
    "region": gettext_lazy("State, province or region"),
    "postalCode": gettext_lazy("Postal code"),
    "country": gettext_lazy("Country"),
}
CONTROLS = {
    Store.NAME: Control.NAME,
    Store.PROFILE: Control.PROFILE,
    Store.ADDRESS: Control.PROFILE,
    Store.CUSTOM_DATA: Control.CUSTOM_DATA,
}
GENDERS = {  # Logto's own three
    "female": gettext_lazy("Female"),
    "male": gettext_lazy("Male"),
    "prefer_not_to_say": gettext_lazy("Prefer not to say"),
}

type Fields = Mapping[str, ProfileField]
type Described = ProfileField | profile_fields.Part


def rows(tenant: Tenant) -> tuple[Row, ...]:
    """The rows that people may see, in the tenant's order: the name, then the fields.

    The picture is no row of values; `picture` has its own.
    """
    fields = {field.name: field for field in tenant.profile_fields}
    center = tenant.account_center
    listed = center.profile_fields if center.is_enabled else ()
    names = [name for name in listed or _all(fields) if name not in ELSEWHERE]
    found = (_row(name, fields.get(name), tenant) for name in ["name", *dict.fromkeys(names)])
    return tuple(row for row in found if row and row.access is not Access.OFF)


def picture(tenant: Tenant) -> Row:
    """The row of the picture, which has no parts: it is a file, not a value."""
    field = next((each for each in tenant.profile_fields if each.name == "avatar"), None)
    return Row(
        name="avatar",
        label=_label("avatar", field),
        description=(field and field.description) or "",
        store=Store.NAME,
        access=tenant.access(Control.AVATAR),
        parts=(),
        is_required=bool(field and field.is_required),
    )


def _all(fields: Fields) -> Iterable[str]:
    """Every standard field, then every custom one that is not the same thing described anew."""
    by_type = {field.type: field.name for field in fields.values()}
    address = by_type.get(Type.ADDRESS, "address")
    names = [address if name == "address" else name for name in STANDARD]
    if full_name := by_type.get(Type.FULL_NAME):
        names = [full_name, *(name for name in names if name not in NAMES)]
    return dict.fromkeys([*names, *fields])


def _row(name: str, field: ProfileField | None, tenant: Tenant) -> Row | None:
    """None for a name that nobody describes any more, or with nothing in it."""
    if not ROW_NAME.fullmatch(name) or (field is None and name not in LABELS):
        return None
    store, keys = _place(name, field)
    parts = tuple(_parts(keys, field) if keys else [_part(name, field)])
    if not parts:
        return None
    return Row(
        name=name,
        label=_label(name, field),
        description=(field and field.description) or "",
        store=store,
        access=tenant.access(CONTROLS[store]),
        parts=parts,
        is_composed=bool(keys),
    )


def _place(name: str, field: ProfileField | None) -> tuple[Store, tuple[str, ...]]:
    """Where a field is kept, and the parts that it can have if it has parts."""
    if name == "name":
        return Store.NAME, ()
    if name == "address" or (field and field.type is Type.ADDRESS):
        return Store.ADDRESS, ADDRESS
    if (name == "fullname" and field is None) or (field and field.type is Type.FULL_NAME):
        return Store.PROFILE, NAMES
    return (Store.PROFILE if name in STANDARD else Store.CUSTOM_DATA), ()


def _parts(keys: tuple[str, ...], field: ProfileField | None) -> Iterator[Part]:
    if field is None or not field.config.parts:
        for key in keys:
            if key == "formatted":
                continue  # all the others in one piece
            yield Part(key=key, kind=Type.TEXT, label=str(LABELS[key]))
        return
    for part in field.parts:
        if part.name in keys:
            yield _described(part.name, part)


def _part(name: str, field: ProfileField | None) -> Part:
    if field is not None:
        return _described(name, field)
    kind = BUILT_IN.get(name, Type.TEXT)
    return Part(
        key=name,
        kind=kind,
        label=str(LABELS[name]),
        max_length=texts.NAME_LENGTH if name == "name" else texts.TEXT_LENGTH,
        pattern=dates.ISO if kind is Type.DATE else "",
        options=_options((value, value) for value in GENDERS) if name == "gender" else (),
    )


def _described(name: str, field: Described) -> Part:
    """A part as the tenant describes it. What can hold no other parts is a text."""
    config = field.config
    kind = field.type
    if name == "name" or kind in {Type.ADDRESS, Type.FULL_NAME}:
        kind = Type.TEXT
    is_own_format = config.format == "custom"
    longest = texts.NAME_LENGTH if name == "name" else texts.TEXT_LENGTH
    return Part(
        key=name,
        kind=kind,
        label=_label(name, field),
        description=field.description or "",
        required=field.is_required,
        placeholder=config.placeholder or "",
        min_length=config.min_length,
        max_length=min(config.max_length or longest, longest),
        min_value=config.min_value,
        max_value=config.max_value,
        pattern=(config.custom_format if is_own_format else config.format) or "",
        options=_options((option.value, option.label) for option in config.options),
        is_checked_at_first=config.default_value == "true",
    )


def _label(name: str, field: Described | None) -> str:
    """The tenant's word for it, which has one language, else ours. A bare name is no word."""
    given = field.label if field else None
    return given if given and given != name else str(LABELS.get(name, name))


def _options(options: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What can be chosen. The empty value means "nothing chosen" and is not among it."""
    return tuple(
        (value, str(GENDERS.get(value, value)) if label == value else label)
        for value, label in options
        if value
    )
