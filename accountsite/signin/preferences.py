"""How a person likes the site: language, time zone, theme.

Language and time zone are part of their Logto profile, and are copied into the session at
sign-in. The theme belongs to the browser. Language and theme also stand in cookies, so that the
pages before sign-in and after sign-out look and speak the same.
"""

import zoneinfo
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accountsite.links import visits

KEY = "preferences"
THEMES = ("system", "light", "dark")
THEME_COOKIE = f"{settings.COOKIE_PREFIX}theme"
COOKIE_AGE = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What is set; an empty string leaves the choice to the browser."""

    language: str = ""
    time_zone: str = ""
    theme: str = "system"


def get(request: HttpRequest) -> Preferences:
    """The preferences that hold for this request: before the person's own, those of their visit."""
    visit = visits.of(request)
    language = next(filter(None, map(supported, visit.ui_locales.split())), "")
    wishes = {"language": language, "theme": visit.theme}
    return replace(own(request), **{name: wish for name, wish in wishes.items() if wish})


def own(request: HttpRequest) -> Preferences:
    """What the person chose themself, whatever the app asks for from which they came."""
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    from_cookies = Preferences(language=supported(language), theme=_known(theme))
    kept: dict[str, Any] = request.session.get(KEY, {})
    return replace(from_cookies, **kept)


def set(request: HttpRequest, **changes: str) -> Preferences:  # noqa: A001 - read as preferences.set
    """Change some of them, for this session and, by cookie, for this browser."""
    changed = replace(own(request), **changes)
    visits.end(request, *changes)
    request.session[KEY] = asdict(changed)
    request.preferences_changed = True  # type: ignore[attr-defined]
    return changed


def write_cookies(request: HttpRequest, response: HttpResponse) -> None:
    """Remember a change in the browser; the middleware calls this with each response."""
    if not getattr(request, "preferences_changed", False):
        return
    now = own(request)
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, now.language), (THEME_COOKIE, now.theme)):
        response.set_cookie(
            name,
            value,
            max_age=COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def from_profile(locale: str | None, zone: str | None) -> dict[str, str]:
    """What a Logto profile asks for, as far as this site can follow.

    Where it asks for nothing, what this browser was told before goes on.
    """
    wishes = {"language": supported(locale or ""), "time_zone": known_zone(zone or "")}
    return {name: wish for name, wish in wishes.items() if wish}


def supported(locale: str) -> str:
    """The site's language for a locale such as ko, ko-KR or ko_KR; empty if there is none."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in dict(settings.LANGUAGES) else ""


def known_zone(zone: str) -> str:
    """The time zone's name if there is such a zone, else empty."""
    return zone if zone in zoneinfo.available_timezones() else ""


def _known(theme: str) -> str:
    return theme if theme in THEMES else "system"
