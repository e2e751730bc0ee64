"""The time zones that a person can choose from, as they know them: by city."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources

from babel import Locale
from babel.core import get_global
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

REGIONS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic Ocean"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific Ocean"),
}

# The locale data knows these places by a name that the time zone database has changed since.
FORMER_NAMES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Pohnpei": "Pacific/Ponape",
}

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]


def choices(*, also: str = "") -> list[Group]:
    """Every place of the time zone database, by region: its name there, city and offset now.

    `also` names a zone that must be among them, such as an old alias that is stored already.
    """
    groups = _groups(translation.get_language() or "en", timezone.now().strftime("%Y-%m-%d %H"))
    others = [("UTC", "UTC")]
    if also and also != "UTC" and not any(also == name for _, zones in groups for name, _ in zones):
        others.append((also, label(also)))
    return [*groups, (gettext("Other"), others)]


def label(name: str) -> str:
    """A zone as its place and its offset from UTC now: "Seoul (UTC+09:00)".

    An unknown zone is its own label.
    """
    return _label(name, translation.get_language() or "en", timezone.now())


@lru_cache(maxsize=8)
def _groups(language: str, hour: str) -> list[Group]:
    """Read some 420 files, so this is done once an hour: offsets change by the hour at most."""
    now = datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
    by_region: dict[str, list[Choice]] = {}
    for name in _places():
        by_region.setdefault(name.split("/")[0], []).append((name, _label(name, language, now)))
    return [
        (str(REGIONS[region]), sorted(zones, key=lambda choice: choice[1].casefold()))
        for region, zones in sorted(by_region.items(), key=lambda item: str(REGIONS[item[0]]))
    ]


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    """One zone for each place, without aliases: the third column of the database's own table."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    known = zoneinfo.available_timezones()
    return tuple(line[2] for line in lines if line[2] in known)


def _label(name: str, language: str, now: datetime) -> str:
    try:
        zone = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return name
    return f"{_city(name, language)} ({_offset(now.astimezone(zone).utcoffset())})"


def _city(name: str, language: str) -> str:
    known = FORMER_NAMES.get(name) or get_global("zone_aliases").get(name, name)
    cities = Locale.parse(language, sep="-").time_zones
    city: str | None = cities.get(known, {}).get("city")
    return city or name.rpartition("/")[2].replace("_", " ")


def _offset(offset: timedelta | None) -> str:
    minutes = int((offset or timedelta()).total_seconds() // 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
