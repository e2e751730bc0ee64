"""The sections of the site, and what every template is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accountsite.appearance import brand
from accountsite.logto import tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.tenant import Tenant
from accountsite.signin import preferences

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the site with a line in the navigation. Its first page is named like it.

    `covers` are packages without a line of their own, whose pages stand under this one. `setting`
    names the setting by which an operator switches it off, `control` that by which the tenant does.
    """

    slug: str
    title: "_StrPromise"
    icon: str
    covers: tuple[str, ...] = ()
    setting: str = ""
    control: Control | None = None

    @property
    def is_on(self) -> bool:
        """Whether the operator offers it."""
        return not self.setting or bool(getattr(settings, self.setting))

    def is_shown(self, known: Tenant | None) -> bool:
        """Whether the tenant lets people see it, too; None is a tenant not heard of yet."""
        is_off = known and self.control and known.access(self.control) is Access.OFF
        return self.is_on and not is_off

    @property
    def url(self) -> str:
        """The path of its first page."""
        return _first_page(self.slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A section as the navigation shows it on one page."""

    section: Section
    is_current: bool


SECTIONS = (
    Section(slug="overview", title=_("Overview"), icon="home"),
    Section(slug="profile", title=_("Profile"), icon="person"),
    Section(slug="identifiers", title=_("Sign-in methods"), icon="key"),
    Section(slug="security", title=_("Security"), icon="shield", covers=("passkeys",)),
    Section(slug="connections", title=_("Connections"), icon="link"),
    Section(slug="devices", title=_("Devices"), icon="devices", control=Control.SESSION),
    Section(slug="grants", title=_("Apps"), icon="apps", control=Control.SESSION),
    Section(slug="tokens", title=_("Access tokens"), icon="token", setting="TOKENS"),
    Section(slug="organizations", title=_("Organizations"), icon="organization"),
    Section(slug="activity", title=_("Activity"), icon="activity"),
    Section(slug="privacy", title=_("My data"), icon="data", covers=("exports", "deletion")),
)


def named(slug: str) -> Section:
    """The section of this name."""
    return next(section for section in SECTIONS if section.slug == slug)


def context(request: HttpRequest) -> dict[str, Any]:
    """The names that `base.html` needs, on pages of errors too, where there may be no session."""
    return {
        "account": getattr(request, "account", None),
        "sections": tuple(_items(request)),
        "brand": SimpleLazyObject(brand.current),
        "theme": _theme(request),
    }


@cache
def _first_page(slug: str) -> str:
    return reverse(f"{slug}:{slug}")


def _items(request: HttpRequest) -> Iterator[Item]:
    match = request.resolver_match
    here = match.namespaces[0] if match and match.namespaces else ""
    known = tenant.cached()
    for section in SECTIONS:
        if section.is_shown(known):
            yield Item(section=section, is_current=here in (section.slug, *section.covers))


def _theme(request: HttpRequest) -> str:
    """What the person chose, unless the session could not even be opened."""
    return preferences.get(request).theme if hasattr(request, "account") else "system"
