"""What the tenant's settings let people do here."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accountsite.connections import offers
from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources
from accountsite.logto import connectors, discovery, errors, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.connectors import Kind
from accountsite.logto.sign_in_experience import Factor
from accountsite.logto.tenant import Tenant
from accountsite.passkeys import diagnosis


def settings_of_tenant(sources: Sources) -> Iterator[Finding]:
    """They can be read, and are what this site knows."""
    sources.get(tenant.refresh)
    yield findings.ok(_("The tenant’s settings can be read."))


def account_center(sources: Sources) -> Iterator[Finding]:
    """It is on: without it, people's own access tokens are good for nothing."""
    if sources.get(tenant.refresh).account_center.is_enabled:
        yield findings.ok(_("The account center is on."))
        return
    yield findings.warning(
        _(
            "The account center is off: everything can be changed, but no passkeys added, and some"
            " accounts not connected."
        ),
        _("Switch it on in the Console, under Sign-in & account > Account center."),
    )


def fields(sources: Sources) -> Iterator[Finding]:
    """What people see and may change, as the account center says."""
    known = sources.get(tenant.refresh)
    access = {control: known.access(control) for control in Control}
    if Access.EDIT not in access.values():
        yield findings.warning(
            _("People can change nothing here: no field of the account center is on Edit."),
            _("Put those on Edit in the Console that people may change themselves."),
        )
        return
    off = [control.value for control, kind in access.items() if kind is Access.OFF]
    shown = [control.value for control, kind in access.items() if kind is Access.READ_ONLY]
    told = [
        _("not shown: %(names)s") % {"names": ", ".join(off)} if off else "",
        _("shown only: %(names)s") % {"names": ", ".join(shown)} if shown else "",
    ]
    limits = "; ".join(filter(None, told))
    if limits:
        yield findings.ok(
            _("People can change the fields of the account center, but for some (%(limits)s).")
            % {"limits": limits}
        )
    else:
        yield findings.ok(_("People can change every field of the account center."))


def deletion_link(sources: Sources) -> Iterator[Finding]:
    """Logto's own account pages lead to this site's page for deleting an account."""
    center = sources.get(tenant.refresh).account_center
    wanted = f"{settings.SITE_URL}{reverse('deletion:deletion')}"
    if not center.is_enabled:
        yield findings.ok(
            _("While the account center is off, it leads nobody to delete an account.")
        )
        return
    if center.delete_account_url != wanted:
        yield findings.warning(
            _("Logto’s own account pages don’t lead here to delete an account."),
            _("Let `manage.py provision` set the account center’s `deleteAccountUrl`."),
        )
        return
    yield findings.ok(_("Logto’s own account pages lead here to delete an account."))


def factors(sources: Sources) -> Iterator[Finding]:
    """Second steps that the tenant has can be set up, and don't lock anybody out."""
    known = sources.get(tenant.refresh)
    mfa = known.sign_in_experience.mfa
    if not mfa.factors:
        if mfa.is_mandatory:
            yield findings.error(
                _("A second step is a must, but there is none to choose."),
                _("Switch on a factor in the Console, under Multi-factor auth."),
            )
        else:
            yield findings.ok(_("The tenant has no second step of signing in."))
        return
    names = {"names": ", ".join(mfa.factors)}
    if set(mfa.factors) == {Factor.BACKUP_CODE}:
        yield findings.warning(
            _("Backup codes are the only second step, and can’t be used alone."),
            _("Switch on another factor in the Console, under Multi-factor auth."),
        )
    elif mfa.is_mandatory and known.access(Control.MFA) is not Access.EDIT:
        yield findings.warning(
            _("A second step is a must, but people can’t set it up or replace it here."),
            _("Put the field `mfa` of the account center on Edit."),
        )
    else:
        yield findings.ok(_("People can set up: %(names)s.") % names)


def passkeys(sources: Sources) -> Iterator[Finding]:
    """Browsers and Logto let passkeys be added on this site."""
    known = sources.get(tenant.refresh)
    match diagnosis.of_tenant(known):
        case None:
            yield _browsers_view()
        case diagnosis.Missing.FACTOR:
            yield findings.ok(_("The tenant does not use passkeys."))
        case diagnosis.Missing.CONTROL:
            yield findings.ok(_("The tenant does not let people add passkeys themselves."))
        case diagnosis.Missing.ACCOUNT_CENTER:
            yield findings.skipped(_("Nobody can add passkeys while the account center is off."))
        case missing:
            says = _("People can’t add passkeys on this site.")
            yield findings.warning(says, diagnosis.for_operator(missing))


def messages(sources: Sources) -> Iterator[Finding]:
    """Codes can be sent to what people may enter."""
    known = sources.get(tenant.refresh)
    kinds = {connector.kind for connector in sources.get(connectors.every)}
    missing = [
        name
        for kind, control, name in (
            (Kind.EMAIL, Control.EMAIL, _("email")),
            (Kind.SMS, Control.PHONE, _("SMS")),
        )
        if kind not in kinds and known.access(control) is Access.EDIT
    ]
    if missing:
        yield findings.warning(
            _("No codes can be sent by %(kinds)s, so nobody can set such an address.")
            % {"kinds": ", ".join(missing)},
            _(
                "Add a connector for it in the Console, or put the field of the account center on"
                " ReadOnly."
            ),
        )
        return
    yield findings.ok(_("Codes can be sent to the addresses that people may enter."))


def social(sources: Sources) -> Iterator[Finding]:
    """Each connector: whether and how it can be linked, and what its provider must allow."""
    known = sources.get(tenant.refresh)
    if known.access(Control.SOCIAL) is not Access.EDIT:
        yield findings.ok(_("The tenant does not let people connect accounts themselves."))
        return
    # The report is about the tenant as it is now: what was just read is what it finds in the cache.
    reports = offers.report()
    if not reports:
        yield findings.ok(_("The tenant has no social connectors."))
    for report in reports:
        yield _of_connector(report, known)


def _of_connector(report: offers.Report, known: Tenant) -> Finding:
    name = report.connector.name("en")
    callback = {"address": report.callback_url}
    if report.todo:
        return findings.warning(_("It can’t be connected here."), report.todo, about=name)
    if report.connector.target not in known.sign_in_experience.social_targets:
        return findings.warning(
            _("People can connect it, but not sign in with it."),
            _("Add it in the Console, under Sign-in & account > Sign-up and sign-in."),
            about=name,
        )
    if report.way is offers.Way.ACCOUNT:
        return findings.ok(
            _("Connected by the Account API; its provider must allow %(address)s.") % callback,
            about=name,
        )
    return findings.ok(
        _("Connected by the Management API; its provider must allow %(address)s.") % callback,
        about=name,
    )


def _browsers_view() -> Finding:
    """Browsers ask the host of the passkeys which other origins may use them."""
    if settings.SITE_URL == settings.LOGTO_ENDPOINT:
        return findings.ok(_("People can add passkeys on this site."))
    address = f"{settings.LOGTO_ENDPOINT}/.well-known/webauthn"
    try:
        is_listed = settings.SITE_URL in discovery.related_origins()
    except errors.LogtoError:
        is_listed = False
    if is_listed:
        return findings.ok(_("People can add passkeys on this site."))
    return findings.warning(
        _("Browsers can’t see at %(address)s that this site may use passkeys.")
        % {"address": address},
        _("Let the proxy before Logto pass that path on to it."),
    )
