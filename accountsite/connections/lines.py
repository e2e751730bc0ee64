"""What the page says of each provider, and of who the person is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.appearance import brand
from accountsite.connections import keys, offers
from accountsite.connections.offers import Missing
from accountsite.logto.account_center import Access, Control
from accountsite.logto.connectors import Connector, EnterpriseConnector
from accountsite.logto.identities import EnterpriseIdentity, Identity
from accountsite.logto.secrets import TokenSet
from accountsite.logto.tenant import Tenant

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A provider's logo; `dark` is the one for dark pages, or empty."""

    light: str
    dark: str

    @classmethod
    def of(cls, light: str | None, dark: str | None) -> Self | None:
        """What of it a page may show, if anything."""
        shown = _picture(light), _picture(dark)
        if not any(shown):
            return None
        return cls(light=shown[0] or shown[1], dark=shown[1] if shown[0] else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Access to the account there that Logto keeps. No token is in it."""

    id: str
    scopes: tuple[str, ...]
    ends_at: datetime | None
    renews: bool
    is_over: bool

    @classmethod
    def of(cls, tokens: TokenSet | None) -> Self | None:
        """The same of what Logto tells."""
        if tokens is None:
            return None
        renews, ends_at = tokens.has_refresh_token, tokens.expires_at
        is_over = ends_at is not None and ends_at <= timezone.now() and not renews
        return cls(
            id=tokens.id, scopes=tokens.scopes, ends_at=ends_at, renews=renews, is_over=is_over
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A provider. `label` is who the person is there, empty if they are not connected.

    `note` is something to know, and `reason` why it can't be connected.
    """

    key: str
    provider: str
    logo: Logo | None
    label: str = ""
    email: str = ""
    avatar: str | None = None
    kept: Kept | None = None
    note: str = ""
    reason: str = ""
    is_enterprise: bool = False
    is_read_only: bool = False
    can_connect: bool = False

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"row-{'enterprise-' if self.is_enterprise else ''}{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines that stand together; a crowd of them is shown on demand."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> tuple[Line, ...]:
        """Those that are shown at once."""
        return self.lines[:MOST_AT_ONCE]

    @property
    def rest(self) -> tuple[Line, ...]:
        """Those behind “more”."""
        return self.lines[MOST_AT_ONCE:]


def name_of(target: str, every: Iterable[Connector]) -> str:
    """What a provider is called in the active language, also one that browsers can't use."""
    language = translation.get_language() or "en"
    names = (each.name(language) for each in every if each.target == target)
    return next(names, target)


def connected(
    identities: Iterable[Identity],
    every: tuple[Connector, ...],
    usable: Mapping[str, Connector],
    known: Tenant,
    kept: Mapping[str, TokenSet | None],
) -> tuple[Line, ...]:
    """The social accounts that are connected, by the names of their providers."""
    access = known.access(Control.SOCIAL)
    lines = []
    for identity in identities:
        target = identity.target
        connector = usable.get(target) or next((e for e in every if e.target == target), None)
        offer = offers.of(usable[target], known) if target in usable else None
        can_connect = offer is not None and offer.missing is None
        lines.append(
            Line(
                key=keys.of(target),
                provider=name_of(target, every),
                logo=Logo.of(connector.logo, connector.dark_logo) if connector else None,
                label=identity.label,
                email=_other(identity.email, identity.label),
                avatar=identity.avatar,
                kept=Kept.of(kept.get(target)),
                note=_note(target, usable, known),
                is_read_only=access is not Access.EDIT,
                can_connect=can_connect,
            )
        )
    return tuple(sorted(lines, key=_by_name))


def unconnected(
    usable: Mapping[str, Connector], taken: set[str], known: Tenant
) -> tuple[Line, ...]:
    """The other providers, by their names; what can't be connected comes last, with the reason."""
    language = translation.get_language() or "en"
    lines = []
    for target, connector in usable.items():
        if target in taken:
            continue
        missing = offers.of(connector, known).missing
        lines.append(
            Line(
                key=keys.of(target),
                provider=connector.name(language),
                logo=Logo.of(connector.logo, connector.dark_logo),
                reason=offers.for_person(missing) if missing else "",
                is_read_only=missing is Missing.CONTROL,
                can_connect=missing is None,
            )
        )
    return tuple(sorted(lines, key=lambda line: (not line.can_connect, _by_name(line))))


def enterprise(
    identities: Iterable[EnterpriseIdentity],
    every: Iterable[EnterpriseConnector],
    kept: Mapping[str, TokenSet | None],
) -> tuple[Line, ...]:
    """The identities of the person's organization."""
    by_id = {connector.id: connector for connector in every}
    return tuple(_enterprise_lines(identities, by_id, kept))


def _enterprise_lines(
    identities: Iterable[EnterpriseIdentity],
    by_id: Mapping[str, EnterpriseConnector],
    kept: Mapping[str, TokenSet | None],
) -> Iterator[Line]:
    for identity in identities:
        connector = by_id.get(identity.connector_id)
        yield Line(
            key=keys.of(identity.id),
            provider=connector.name if connector else identity.issuer,
            logo=Logo.of(connector.logo, connector.dark_logo) if connector else None,
            label=identity.label,
            email=_other(identity.email, identity.label),
            kept=Kept.of(kept.get(identity.connector_id)),
            note=identity.issuer if connector else "",
            is_enterprise=True,
            is_read_only=True,
        )


def _note(target: str, usable: Mapping[str, Connector], known: Tenant) -> str:
    if target not in usable:
        return _("This service does not offer it any more. You can’t sign in with it.")
    if target not in known.sign_in_experience.social_targets:
        return _("This service does not offer it for signing in.")
    return ""


def _other(text: str | None, shown: str) -> str:
    return text if text and text != shown else ""


def _by_name(line: Line) -> tuple[str, str]:
    return line.provider.casefold(), line.key


def _picture(address: str | None) -> str:
    """An address of a picture that a page may show: of the web, or the picture itself."""
    if address and address.startswith("data:image/"):
        return address
    return brand.web_address(address) or ""
