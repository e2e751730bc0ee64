"""Values between Logto, the form and the page.

`Raw` is what Logto holds for a row: JSON under Logto's own names.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from django.utils import formats, translation
from django.utils.translation import gettext as _

from accountsite.logto import users
from accountsite.logto.profile_fields import Type
from accountsite.profile import dates
from accountsite.profile.catalogue import Part, Row, Store

type Raw = dict[str, Any]


def held(user: users.User, row: Row) -> Raw:
    """What Logto holds for the row now; of an address also the parts that are not asked for."""
    match row.store:
        case Store.NAME:
            found: Mapping[str, Any] = {"name": user.name}
        case Store.PROFILE:
            found = user.profile.to_json()
        case Store.ADDRESS:
            return dict(user.profile.address.to_json())
        case Store.CUSTOM_DATA:
            found = user.custom_data
    return {part.key: found[part.key] for part in row.parts if not _is_nothing(found.get(part.key))}


def fingerprint(raw: Raw) -> str:
    """Tells whether the values are still those that a page showed, without repeating them."""
    known = {key: value for key, value in raw.items() if not _is_nothing(value)}
    canonical = json.dumps(known, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def is_foreign(raw: Raw) -> bool:
    """Whether another app keeps something there that no form field can hold."""
    return any(isinstance(value, (dict, list)) for value in raw.values())


def typed(part: Part, raw: Any) -> Any:
    """The value as a form field starts with it: a date where it is one, else text or a flag."""
    if part.kind is Type.CHECKBOX:
        return part.is_checked_at_first if _is_nothing(raw) else raw in (True, "true")
    if _is_nothing(raw) or isinstance(raw, (dict, list)):
        return ""
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    return _day(part, text) or text


def stored(row: Row, now: Raw, cleaned: Mapping[str, Any]) -> Raw:
    """The form's values as Logto is to hold them; "" clears, as a merge can't remove a key."""
    given = {part.key: _stored(part, row, cleaned[row.field_name(part)]) for part in row.parts}
    if row.store is not Store.ADDRESS:
        return given
    # Logto replaces an address whole, so what is not asked for goes along. An address in one
    # piece is made of the parts then, as Logto's own pages do it, unless it is all there ever was.
    lines = [value for value in given.values() if value]
    has_parts = lines or any(key in now for key in given)
    whole = {**now, **({"formatted": ", ".join(lines)} if has_parts else {}), **given}
    return {key: value for key, value in whole.items() if value}


def text(row: Row, raw: Raw) -> str:
    """What a page shows, in the person's language; empty where nothing is set."""
    shown = {part.key: _shown(part, raw.get(part.key)) for part in row.parts}
    if row.store is not Store.ADDRESS:
        return " ".join(value for value in shown.values() if value)
    return "\n".join(filter(None, shown.values())) or str(raw.get("formatted", ""))


def _stored(part: Part, row: Row, value: Any) -> Any:
    """Custom data takes any JSON; the claims of a profile are text."""
    if isinstance(value, date):
        return dates.write(value, part.pattern)
    if row.store is Store.CUSTOM_DATA:
        return _number(value) if isinstance(value, Decimal) else value if value is not None else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _shown(part: Part, raw: Any) -> str:
    value = typed(part, raw)
    if part.kind is Type.CHECKBOX:
        return "" if _is_nothing(raw) else _("Yes") if value else _("No")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if part.kind is Type.SELECT:
        return dict(part.options).get(value, str(value))
    if part.kind is Type.NUMBER:
        return _localized(value)
    return _country(value) if part.key == "country" else str(value)


def _day(part: Part, text: str) -> date | None:
    """The date in the text, also where another app wrote it the standard way."""
    if part.kind is not Type.DATE or not dates.is_understood(part.pattern):
        return None
    return dates.read(text, part.pattern) or dates.read(text, dates.ISO)


def _localized(number: str) -> str:
    try:
        return formats.number_format(Decimal(number)) if number else ""
    except InvalidOperation:
        return number


def _country(name: str) -> str:
    """A country's name in the person's language where its ISO 3166 code is stored."""
    locale = Locale.parse(translation.get_language() or "en", sep="-")
    is_code = len(name) == 2 and name.isupper()  # noqa: PLR2004 - the standard's length
    return str(locale.territories.get(name, name)) if is_code else name


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", {})
