"""Whose site this is: what a page shows of the tenant."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from accountsite.appearance import stylesheet
from accountsite.appearance.colours import Colour
from accountsite.logto import errors, tenant

logger = logging.getLogger(__name__)

OURS = Colour.parse("#1f6b57")
OURS_IN_THE_DARK = Colour.parse("#5cc3a4")
UNKNOWN = "brand:unknown"
PAUSE_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The tenant's looks and links. Without any, the site's own plain ones.

    Logto knows no name of a tenant, so that one comes from the operator.
    """

    name: str = ""
    logo: str | None = None
    dark_logo: str | None = None
    favicon: str | None = None
    dark_favicon: str | None = None
    terms_url: str | None = None
    privacy_url: str | None = None
    support_url: str | None = None
    support_email: str | None = None
    light: Colour = OURS
    dark: Colour = OURS_IN_THE_DARK

    @property
    def stylesheet(self) -> str:
        """The address of the stylesheet in this brand's colours."""
        return stylesheet.address(self.light, self.dark)


def current() -> Brand:
    """The tenant's brand as last heard of, or ours while Logto has never answered.

    Once Logto failed to answer, pages do not wait for it again for some seconds: the page that says
    so comes at once.
    """
    known = tenant.cached()
    if known is None and not cache.get(UNKNOWN):
        try:
            known = tenant.current()
        except errors.LogtoError as error:
            logger.warning("pages go without the tenant's brand: %s", error)
            cache.set(UNKNOWN, 1, PAUSE_SECONDS)
    return of(known) if known else Brand(name=settings.ACCOUNTSITE_NAME)


def of(known: tenant.Tenant) -> Brand:
    """What the tenant's sign-in experience says of its brand."""
    experience = known.sign_in_experience
    looks = experience.brand
    light = _colour(looks.primary_color)
    return Brand(
        name=settings.ACCOUNTSITE_NAME,
        logo=web_address(looks.logo_url),
        dark_logo=web_address(looks.dark_logo_url),
        favicon=web_address(looks.favicon_url),
        dark_favicon=web_address(looks.dark_favicon_url),
        terms_url=web_address(experience.terms_of_use_url),
        privacy_url=web_address(experience.privacy_policy_url),
        support_url=web_address(experience.support_website_url),
        support_email=experience.support_email,
        light=light,
        dark=_colour(looks.dark_primary_color) if looks.is_dark_mode_enabled else light,
    )


def web_address(text: str | None) -> str | None:
    """Only what a browser can follow safely: a tenant can hold any text here."""
    try:
        is_safe = bool(text) and urlsplit(text).scheme in {"http", "https"}
    except ValueError:  # such as a bracket that is not closed
        is_safe = False
    return text if is_safe else None


def _colour(text: str) -> Colour:
    try:
        return Colour.parse(text)
    except ValueError:
        return OURS
