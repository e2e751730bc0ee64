"""How well an account is protected: its password, and what is asked for beside it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accountsite import sections
from accountsite.factors.protection import FEW_CODES, Protection
from accountsite.logto import mfa, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor
from accountsite.logto.tenant import Tenant
from accountsite.overview.standings import Standing, Step

type Found = tuple[Tenant, tuple[Bound, ...], mfa.Settings]


def read(account_id: str) -> Found:
    """What the standing needs beside the person, at once. Raises NotFound and Unavailable."""
    return parallel.gather(
        tenant.current,
        lambda: mfa.of_user(account_id),
        lambda: mfa.settings(account_id),
    )


def standing(user: users.User, found: Found) -> Standing:
    """What is asked for at sign-in; of what the tenant lets people do about it, the first is told."""
    known, bound, settings = found
    protection = Protection(user=user, tenant=known, bound=bound, settings=settings)
    return Standing(
        section=sections.named("security"), text=_text(protection), step=_step(protection)
    )


def _text(known: Protection) -> str:
    if known.user.has_password:
        return (
            _("Your password, and a second step.")
            if known.is_on
            else _("Your password alone opens your account.")
        )
    return _("No password, but a second step.") if known.is_on else _("No password.")


def _step(known: Protection) -> Step | None:
    """Backup codes come first where there is something to stand in for: it is easily lost."""
    if known.access is Access.EDIT:
        if known.made() and known.offers(Factor.BACKUP_CODE) and known.codes_left <= FEW_CODES:
            return _make_codes()
        if not known.asked() and known.offers(Factor.TOTP):
            return _add_an_app()
    if not known.user.has_password and known.tenant.access(Control.PASSWORD) is Access.EDIT:
        return _set_a_password()
    return None


def _make_codes() -> Step:
    return Step(
        title=_("Make backup codes"),
        reason=_("They let you in on the day when your device is lost or broken."),
        label=_("Make backup codes"),
        url=reverse("security:backup_codes"),
    )


def _add_an_app() -> Step:
    return Step(
        title=_("Add a second step"),
        reason=_("A stolen password alone then opens nothing."),
        label=_("Add an authenticator app"),
        url=reverse("security:authenticator"),
    )


def _set_a_password() -> Step:
    return Step(
        title=_("Set a password"),
        reason=_("You can then sign in without waiting for a code."),
        label=_("Set a password"),
        url=reverse("security:password"),
    )
