"""Phone numbers: written as people do in their country, kept as Logto does, in digits."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from accountsite.logto.users import User

MOST_CHARACTERS = 40
TYPED = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+", re.ASCII)
ANY_COUNTRY = "GB"  # as an example for a language of the whole world
COSTLY = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}  # nobody's own, and a fraud


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory that has phone numbers, by its ISO 3166-1 code."""

    code: str
    name: str
    calling_code: int

    @property
    def label(self) -> str:
        """What stands in a list, such as `South Korea (+82)`."""
        return f"{self.name} (+{self.calling_code})"


def countries() -> tuple[Country, ...]:
    """All of them, by their names in the active language."""
    return _countries(translation.get_language() or "en")


def clean(text: str, country: str) -> str:
    """The number in digits with the country's calling code, as Logto keeps it.

    With a plus it is a number of any country. Raises ValidationError for what can't be one.
    """
    text = text.strip().removeprefix("\u202a").removesuffix("\u202c").strip()  # phones copy these
    try:
        number = phonenumbers.parse(text, country) if _is_typed_by_hand(text) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(
            _("Enter a phone number, such as %(example)s, or one with + and the country’s code."),
            params={"example": example(country)},
            code="invalid",
        )
    if phonenumbers.number_type(number) in COSTLY:
        raise ValidationError(_("Codes can’t be sent to this kind of number."), code="costly")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def example(country: str) -> str:
    """A mobile number as people of this country write one; nobody has it."""
    found = phonenumbers.example_number_for_type(
        country, PhoneNumberType.MOBILE
    ) or phonenumbers.example_number(country)
    return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL) if found else "+"


def is_known(country: str) -> bool:
    """Whether there are phone numbers of this country."""
    return country in phonenumbers.SUPPORTED_REGIONS


def country_of(user: User) -> str:
    """The country to begin with: of their number, else of their address, else of their language."""
    profile = user.profile
    locale = profile.locale or translation.get_language() or ""
    guesses = (
        of_number(user.primary_phone or ""),
        _named(profile.address.country or ""),
        _of_locale(locale),
    )
    return next(filter(is_known, guesses), ANY_COUNTRY)


def of_number(digits: str) -> str:
    """The country of a number as Logto keeps it; empty if it has none, or there is no number."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or ""


def _is_typed_by_hand(text: str) -> bool:
    """Whether it is digits with the usual marks between; the library also reads words and links."""
    return len(text) <= MOST_CHARACTERS and TYPED.fullmatch(text) is not None


def _named(country: str) -> str:
    """The code of a country that somebody named, by its code or in words."""
    wanted = country.strip().casefold()
    if wanted.upper() in phonenumbers.SUPPORTED_REGIONS:
        return wanted.upper()
    languages = dict.fromkeys((translation.get_language() or "en", "en"))
    every = (each for language in languages for each in _countries(language))
    return next((each.code for each in every if each.name.casefold() == wanted), "")


def _of_locale(tag: str) -> str:
    """The country in `ko-KR`; for a bare `ko` the one where it is spoken most. English has none."""
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return ""
    if locale.territory or locale.language == "en":
        return locale.territory or ""
    likely: str = get_global("likely_subtags").get(locale.language, "")
    return likely.rpartition("_")[2]


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[Country, ...]:
    names = Locale.parse(translation.to_locale(language)).territories
    found = (
        Country(
            code=code,
            name=str(names.get(code, code)),
            calling_code=phonenumbers.country_code_for_region(code),
        )
        for code in phonenumbers.SUPPORTED_REGIONS
    )
    return tuple(sorted(found, key=lambda country: _sorting(country.name)))


def _sorting(name: str) -> str:
    """Accents don't count: Åland stands among the As. Hangul stays in its own order."""
    return unicodedata.normalize("NFKD", name).casefold().encode("ascii", "ignore").decode() or name
