"""What the overview of the second steps says: one row for each thing that is, or could be, set up.

Passkeys have pages of their own, in a section that a site may not have: where there is no such
page, there is no link.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import user_agents
from accountsite.appearance.templatetags import appearance
from accountsite.factors.protection import FEW_CODES, Protection
from accountsite.logto.account_center import Access
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something to do with a row."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A factor. `warning` is what its owner should see to; `note` is anything else to know."""

    id: str
    label: str
    text: str
    is_set_up: bool
    added_at: datetime | None = None
    last_used_at: datetime | None = None
    note: str = ""
    warning: str = ""
    links: tuple[Link, ...] = ()


def of(known: Protection) -> tuple[Row, ...]:
    """All rows, in the order of the page."""
    rows = (
        *_switch(known),
        *_authenticator(known),
        *_passkeys(known),
        *_addresses(known),
        *_backup_codes(known),
    )
    return tuple(rows)


def policy(known: Protection) -> str:
    """What the tenant wants, in a sentence."""
    if known.is_mandatory:
        return _("This service asks everybody for a second step at sign-in.")
    if known.tenant.sign_in_experience.mfa.factors:
        return _(
            "With a second step, a stolen password alone opens nothing. It is up to you to use one."
        )
    return _("This service does not ask for a second step at sign-in.")


def _switch(known: Protection) -> Iterator[Row]:
    if not known.has_switch:
        return
    yield Row(
        id="row-two-step",
        label=_("At sign-in"),
        text=_("You are asked for a second step") if known.is_on else _("Off"),
        is_set_up=known.is_on,
        warning=""
        if known.is_on
        else _("Your password alone opens your account, whatever is set up below."),
        links=_links(known, (_("Change"), "security:two_step")),
    )


def _authenticator(known: Protection) -> Iterator[Row]:
    bound = known.authenticator
    is_offered = known.offers(Factor.TOTP)
    if bound is not None:
        links = (
            (_("Replace"), "security:authenticator"),
            (_("Remove"), "security:authenticator_removal"),
        )
        yield Row(
            id="row-authenticator",
            label=_("Authenticator app"),
            text=_("Set up"),
            is_set_up=True,
            added_at=bound.created_at,
            last_used_at=bound.last_used_at,
            note=_unused(known, Factor.TOTP),
            links=_links(known, *(links if is_offered else links[1:])),
        )
    elif is_offered:
        yield Row(
            id="row-authenticator",
            label=_("Authenticator app"),
            text=_("Not set up"),
            is_set_up=False,
            note=_("An app on your phone shows a new code every half minute."),
            links=_links(known, (_("Add"), "security:authenticator")),
        )


def _passkeys(known: Protection) -> Iterator[Row]:
    for bound in known.of(Factor.WEBAUTHN):
        links = ((_("Rename"), "passkeys:rename"), (_("Remove"), "passkeys:remove"))
        yield Row(
            id=f"row-passkey-{bound.id}",
            label=_("Passkey"),
            text=_name(bound),
            is_set_up=True,
            added_at=bound.created_at,
            last_used_at=bound.last_used_at,
            note=_unused(known, Factor.WEBAUTHN),
            links=_links(known, *links, argument=bound.id),
        )
    add = _links(known, (_("Add"), "passkeys:add"))
    experience = known.tenant.sign_in_experience
    if add and (known.offers(Factor.WEBAUTHN) or experience.is_passkey_sign_in_enabled):
        has_some = bool(known.of(Factor.WEBAUTHN))
        yield Row(
            id="row-passkey",
            label=_("Another passkey") if has_some else _("Passkey"),
            text="" if has_some else _("Not set up"),
            is_set_up=False,
            note=_("Your fingerprint, your face or a security key instead of a code."),
            links=add,
        )


def _addresses(known: Protection) -> Iterator[Row]:
    """Codes by mail and text message, which need only an address."""
    for factor, label, name in (
        (Factor.EMAIL_CODE, _("Code by email"), "email"),
        (Factor.PHONE_CODE, _("Code by text message"), "phone"),
    ):
        if not known.offers(factor):
            continue
        address = known.address(factor) or ""
        if address and factor is Factor.PHONE_CODE:
            address = appearance.phone(address)
        note = "" if address else _("Add an address first, under your sign-in methods.")
        add = _links(known, (_("Add"), "identifiers:address"), argument=name)
        yield Row(
            id=f"row-{name}-code",
            label=label,
            text=address or _("Not set up"),
            is_set_up=bool(address),
            note=note,
            links=() if address else add,
        )


def _backup_codes(known: Protection) -> Iterator[Row]:
    bound = known.backup_codes
    if bound is None and not known.offers(Factor.BACKUP_CODE):
        return
    if bound is None:
        can_add = bool(known.made())
        yield Row(
            id="row-backup-codes",
            label=_("Backup codes"),
            text=_("None"),
            is_set_up=False,
            note=_("For the day when your device is lost or broken.")
            if can_add
            else _("You can make some as soon as you have an authenticator app or a passkey."),
            warning=_("Without them you are locked out when you lose your device.")
            if can_add
            else "",
            links=_links(known, (_("Add"), "security:backup_codes")) if can_add else (),
        )
        return
    links = (
        (_("Make new ones"), "security:backup_codes"),
        (_("Remove"), "security:backup_codes_removal"),
    )
    can_renew = known.made() and known.offers(Factor.BACKUP_CODE)
    left = known.codes_left
    yield Row(
        id="row-backup-codes",
        label=_("Backup codes"),
        text=ngettext("%(count)d left", "%(count)d left", left) % {"count": left},
        is_set_up=True,
        added_at=bound.created_at,
        last_used_at=bound.last_used_at,
        warning=_codes_warning(known, left),
        links=_links(known, *(links if can_renew else links[1:])),
    )


def _codes_warning(known: Protection, left: int) -> str:
    if not known.made():
        return _(
            "Nothing else is set up, so one of these is used up at each sign-in. "
            "Remove them, or add an authenticator app."
        )
    if left <= FEW_CODES:
        return _("Few are left. Make new ones before you need them.")
    return ""


def _name(bound: Bound) -> str:
    """What its owner calls it, else where it was made."""
    if bound.name:
        return bound.name
    return user_agents.describe(bound.agent) if bound.agent else _("Without a name")


def _unused(known: Protection, factor: Factor) -> str:
    return "" if known.offers(factor) else _("This service does not ask for it any more.")


def _links(
    known: Protection, *links: tuple[str, str], argument: str | None = None
) -> tuple[Link, ...]:
    """Those whose pages there are, where the tenant lets people change something."""
    if known.access is not Access.EDIT:
        return ()
    return tuple(
        Link(label=label, url=url) for label, name in links if (url := _url(name, argument))
    )


def _url(name: str, argument: str | None) -> str:
    try:
        return reverse(name, args=[argument] if argument is not None else [])
    except NoReverseMatch:
        return ""
